import * as l10n from '@vscode/l10n';
import type { ErrorCode, GpgCause, SopsMacCause } from '../core/errors.ts';
import { type Sentence, type SentencesOf, shown } from './sentence.ts';

/** Nothing opens such a file here, so it cannot simply be encrypted anew. */
function restoreAll(): string {
  return l10n.t(
    'restore the file from version control, or check what `sops decrypt --ignore-mac` gives and encrypt that',
  );
}

/** SOPS' own tools say `MAC mismatch` to all of these. */
const macSentences: Readonly<Record<SopsMacCause, () => Sentence>> = {
  'no-mac': () => ({
    wrong: l10n.t('this SOPS file has no MAC, so nothing shows whether it was altered'),
    todo: restoreAll(),
  }),
  lastmodified: () => ({
    wrong: l10n.t(
      'the MAC of this SOPS file does not open: mac or lastmodified was edited by hand or merged',
    ),
    todo: l10n.t('restore both from version control, from one version'),
  }),
  'list-comments': () => ({
    wrong: l10n.t('the MAC of this SOPS file covers the comments in its lists, an error of SOPS 3.13.2'),
    todo: l10n.t(
      'check what `sops decrypt --ignore-mac` gives, and encrypt that with SOPS 3.13.3 or newer, or with Purser',
    ),
  }),
  'mac-only-encrypted': () => ({
    wrong: l10n.t(
      'the MAC of this SOPS file does not match: mac_only_encrypted was added or removed by hand',
    ),
    todo: l10n.t('put it back as it was, or restore the file from version control'),
  }),
  documents: () => ({
    wrong: l10n.t(
      'the MAC of this SOPS file does not match: its documents were put into another order, split or joined',
    ),
    todo: l10n.t('put them back as they were, or restore the file from version control'),
  }),
  'clear-value': () => ({
    wrong: l10n.t(
      'the MAC of this SOPS file does not match, most likely because a value that is not encrypted was edited by hand, or an encrypted one merged from another version',
    ),
    todo: l10n.t('restore the file from version control, and set the value with Purser or sops'),
  }),
  values: () => ({
    wrong: l10n.t(
      'the MAC of this SOPS file does not match: values were added, removed, restored or put into another order by hand',
    ),
    todo: restoreAll(),
  }),
};

/** Follows `gpg did not use the key …`. */
const gpgSentences: Readonly<Record<GpgCause, () => Sentence>> = {
  cancelled: () => ({ wrong: l10n.t('its passphrase was not given'), todo: l10n.t('try again') }),
  passphrase: () => ({ wrong: l10n.t('the passphrase was wrong'), todo: l10n.t('try again') }),
  timeout: () => ({ wrong: l10n.t('nobody gave its passphrase in time'), todo: l10n.t('try again') }),
  'no-pinentry': () => ({
    wrong: l10n.t('it found no way to ask for its passphrase'),
    todo: l10n.t('install a pinentry, or, in a terminal, set GPG_TTY to the output of `tty`'),
  }),
  'no-public-key': () => ({
    wrong: l10n.t('it is not in your keyring'),
    todo: l10n.t('import it with `gpg --import`'),
  }),
  'unusable-public-key': () => ({
    wrong: l10n.t('it expired, was revoked, or is not for encryption'),
    todo: l10n.t('have its owner renew it, import it, or name another key'),
  }),
  'too-long': () => ({
    wrong: l10n.t('it did not end'),
    todo: l10n.t('see whether it asks for something, and try again'),
  }),
  'too-much': () => ({
    wrong: l10n.t('what it opens is no data key'),
    todo: l10n.t('restore the file from version control'),
  }),
  'not-started': () => ({ wrong: l10n.t('it could not be started'), todo: l10n.t('check the program') }),
  unknown: () => ({ wrong: l10n.t('it failed'), todo: l10n.t('try `gpg` with that key in a terminal') }),
};

type DocumentCode = Extract<
  ErrorCode,
  | `sops.${string}`
  | `sealing.${string}`
  | `gpg.${string}`
  | `recipients.${string}`
  | `rotate.${string}`
  | 'entry.in-document'
  | 'document.not-sealed'
  | 'key.unsupported'
  | 'certificate.expired'
>;

/** What is said of formats that seal whole documents. */
export const documentSentences: SentencesOf<DocumentCode> = {
  'entry.in-document': ({ scheme }) => ({
    wrong: l10n.t(
      'this value stands in a document that is encrypted with {0}, which one value of another scheme would break',
      scheme,
    ),
    todo: l10n.t('set it with purser set, which keeps to {0}, or decrypt the document first', scheme),
  }),
  'document.not-sealed': ({ scheme }) => ({
    wrong: l10n.t(
      'policy says to encrypt this document as a whole with {0}, and it is not encrypted yet',
      scheme,
    ),
    todo: l10n.t('write the value into it and encrypt it'),
  }),
  'rotate.other-scheme': ({ sealed, wanted }) => ({
    wrong: l10n.t('this is encrypted with {0}, and policy says {1} here', sealed, wanted),
    todo: l10n.t('decrypt it and encrypt it again, or correct the policy'),
  }),
  'certificate.expired': ({ ref, on }) => ({
    wrong: l10n.t('the certificate of {0} expired on {1}', shown(ref), on),
    todo: l10n.t(
      "fetch the controller's newest one; where that has expired too, have it make a new sealing key",
    ),
  }),
  'sealing.unreachable': ({ host, reason }) => ({
    wrong: l10n.t('{0} gives no certificate: {1}', shown(host), shown(reason)),
    todo: l10n.t('check the URL, or ask for the file'),
  }),
  'sealing.unplaced': ({ missing }) =>
    missing === 'name'
      ? {
          wrong: l10n.t('this Secret has no name that it could be sealed for'),
          todo: l10n.t('give it one in its metadata'),
        }
      : {
          wrong: l10n.t('this Secret has no namespace that it could be sealed for'),
          todo: l10n.t('state it in its metadata, or seal it cluster-wide (scope in .purser.yaml)'),
        },
  'sealing.empty': () => ({
    wrong: l10n.t('this Secret has no values to seal'),
    todo: l10n.t('add one first'),
  }),
  'sealing.unconfirmed': ({ namespace, from }) => ({
    wrong: l10n.t('this Secret states no namespace; {0} puts it into {1}', shown(from), shown(namespace)),
    todo: l10n.t('state that namespace in its metadata if it is the one'),
  }),
  'sealing.moves': ({ part, stated, becomes, from, field }) =>
    part === 'name'
      ? {
          wrong: l10n.t(
            'the name {0} would become {1} by {2} in {3}, where the controller could not open what is sealed for {0}',
            shown(stated),
            shown(becomes),
            field,
            shown(from),
          ),
          todo: l10n.t(
            'state the name that it ends up with and take {0} away, or seal it cluster-wide (scope in .purser.yaml)',
            field,
          ),
        }
      : {
          wrong: l10n.t(
            'the namespace {0} would become {1} by {2} in {3}, where the controller could not open what is sealed for {0}',
            shown(stated),
            shown(becomes),
            field,
            shown(from),
          ),
          todo: l10n.t(
            'state the namespace that it ends up with and take {0} away, or seal it cluster-wide (scope in .purser.yaml)',
            field,
          ),
        },
  'sealing.ambiguous': ({ namespaces }) => ({
    wrong: l10n.t('this Secret ends up in more than one namespace: {0}', namespaces.map(shown).join(', ')),
    todo: l10n.t(
      'keep one manifest for each of them that states it, or seal it cluster-wide (scope in .purser.yaml)',
    ),
  }),
  'key.unsupported': ({ service, name }) => ({
    wrong: l10n.t(
      'this takes the key {0} of {1}, which Purser does not use yet',
      shown(name),
      shown(service),
    ),
    todo: l10n.t('use the sops command, or name age or PGP keys too'),
  }),
  'gpg.missing': ({ key }) => ({
    wrong: l10n.t('gpg is not found, and the PGP key {0} takes it', shown(key)),
    todo: l10n.t('install GnuPG, or say where it is (purser.gpg.path or SOPS_GPG_EXEC)'),
  }),
  'gpg.failed': ({ key, cause }) => {
    const { wrong, todo } = gpgSentences[cause]();
    return { wrong: l10n.t('gpg did not use the key {0}: {1}', shown(key), wrong), todo };
  },
  'sops.unreadable': ({ reason }) => ({
    wrong: l10n.t('SOPS would not read this file: {0}', shown(reason)),
    todo: l10n.t('correct it, or restore it from version control'),
  }),
  'sops.clear-value': () => ({
    wrong: l10n.t("this file's SOPS rule says that this value is encrypted, but it stands in the clear"),
    todo: l10n.t(
      'take it out, set it anew with Purser or sops, and change the secret if anybody else could read it',
    ),
  }),
  'sops.mac-mismatch': ({ cause }) => macSentences[cause](),
  'sops.encrypted-already': () => ({
    wrong: l10n.t('this file is encrypted with SOPS already, or has a key called sops at its top'),
    todo: l10n.t('set its values one by one, or rename that key'),
  }),
  'sops.nothing-selected': ({ rule }) => ({
    wrong: l10n.t('the rule {0} matches no value of this file, so nothing would be encrypted', shown(rule)),
    todo: l10n.t('correct the rule in .sops.yaml, or the names in the file'),
  }),
  'sops.unselected': () => ({
    wrong: l10n.t(
      "by this file's SOPS rule, what stands here is not encrypted, so the value would be in plaintext",
    ),
    todo: l10n.t('choose a key that the rule covers, or change the rule and encrypt the file again'),
  }),
  'sops.no-rule': () => ({
    wrong: l10n.t('no creation rule of a .sops.yaml is for this file'),
    todo: l10n.t('add one, or correct its path_regex'),
  }),
  'sops.format': ({ format }) => ({
    wrong: l10n.t('by its name, SOPS reads this file as {0}', format),
    todo: l10n.t('use sops for it: Purser handles its YAML and JSON'),
  }),
  'sops.key-command': ({ variable }) => ({
    wrong: l10n.t('no key at hand opens this file, and Purser does not run the command in {0}', variable),
    todo: l10n.t('put the key that it prints into SOPS_AGE_KEY or a key file'),
  }),
  'recipients.untrusted': ({ file, recipients }) => ({
    wrong: l10n.t(
      '{0} names recipients that were not accepted: {1}',
      shown(file),
      recipients.map(shown).join(', '),
    ),
    todo: l10n.t("compare them with their owners', then accept each with --accept-key"),
  }),
};
