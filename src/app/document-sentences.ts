import type { ErrorCode, GpgCause, SopsMacCause } from '../core/errors.ts';
import { type Sentence, type SentencesOf, shown } from './sentence.ts';

/** Nothing opens such a file here, so it cannot simply be encrypted anew. */
const restoreAll =
  'restore the file from version control, or check what `sops decrypt --ignore-mac` gives and encrypt that';

/** SOPS' own tools say `MAC mismatch` to all of these. */
const macSentences: Readonly<Record<SopsMacCause, Sentence>> = {
  'no-mac': {
    wrong: 'this SOPS file has no MAC, so nothing shows whether it was altered',
    todo: restoreAll,
  },
  lastmodified: {
    wrong: 'the MAC of this SOPS file does not open: mac or lastmodified was edited by hand or merged',
    todo: 'restore both from version control, from one version',
  },
  'list-comments': {
    wrong: 'the MAC of this SOPS file covers the comments in its lists, an error of SOPS 3.13.2',
    todo: 'check what `sops decrypt --ignore-mac` gives, and encrypt that with SOPS 3.13.3 or newer, or with Purser',
  },
  'mac-only-encrypted': {
    wrong: 'the MAC of this SOPS file does not match: mac_only_encrypted was added or removed by hand',
    todo: 'put it back as it was, or restore the file from version control',
  },
  documents: {
    wrong:
      'the MAC of this SOPS file does not match: its documents were put into another order, split or joined',
    todo: 'put them back as they were, or restore the file from version control',
  },
  'clear-value': {
    wrong:
      'the MAC of this SOPS file does not match, most likely because a value that is not encrypted was edited by hand, or an encrypted one merged from another version',
    todo: 'restore the file from version control, and set the value with Purser or sops',
  },
  values: {
    wrong:
      'the MAC of this SOPS file does not match: values were added, removed, restored or put into another order by hand',
    todo: restoreAll,
  },
};

/** Follows `gpg did not use the key …`. */
const gpgSentences: Readonly<Record<GpgCause, Sentence>> = {
  cancelled: { wrong: 'its passphrase was not given', todo: 'try again' },
  passphrase: { wrong: 'the passphrase was wrong', todo: 'try again' },
  timeout: { wrong: 'nobody gave its passphrase in time', todo: 'try again' },
  'no-pinentry': {
    wrong: 'it found no way to ask for its passphrase',
    todo: 'install a pinentry, or, in a terminal, set GPG_TTY to the output of `tty`',
  },
  'no-public-key': { wrong: 'it is not in your keyring', todo: 'import it with `gpg --import`' },
  'unusable-public-key': {
    wrong: 'it expired, was revoked, or is not for encryption',
    todo: 'have its owner renew it, import it, or name another key',
  },
  'too-long': { wrong: 'it did not end', todo: 'see whether it asks for something, and try again' },
  'too-much': { wrong: 'what it opens is no data key', todo: 'restore the file from version control' },
  'not-started': { wrong: 'it could not be started', todo: 'check the program' },
  unknown: { wrong: 'it failed', todo: 'try `gpg` with that key in a terminal' },
};

const clusterWide = 'seal it cluster-wide (scope in .purser.yaml)';

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
    wrong: `this value stands in a document that is encrypted with ${scheme}, which one value of another scheme would break`,
    todo: `set it with purser set, which keeps to ${scheme}, or decrypt the document first`,
  }),
  'document.not-sealed': ({ scheme }) => ({
    wrong: `policy says to encrypt this document as a whole with ${scheme}, and it is not encrypted yet`,
    todo: 'write the value into it and encrypt it',
  }),
  'rotate.other-scheme': ({ sealed, wanted }) => ({
    wrong: `this is encrypted with ${sealed}, and policy says ${wanted} here`,
    todo: 'decrypt it and encrypt it again, or correct the policy',
  }),
  'certificate.expired': ({ ref, on }) => ({
    wrong: `the certificate of ${shown(ref)} expired on ${on}`,
    todo: "fetch the controller's newest one; where that has expired too, have it make a new sealing key",
  }),
  'sealing.unreachable': ({ host, reason }) => ({
    wrong: `${shown(host)} gives no certificate: ${shown(reason)}`,
    todo: 'check the URL, or ask for the file',
  }),
  'sealing.unplaced': ({ missing }) => ({
    wrong: `this Secret has no ${missing} that it could be sealed for`,
    todo: missing === 'name' ? 'give it one in its metadata' : `state it in its metadata, or ${clusterWide}`,
  }),
  'sealing.empty': () => ({
    wrong: 'this Secret has no values to seal',
    todo: 'add one first',
  }),
  'sealing.unconfirmed': ({ namespace, from }) => ({
    wrong: `this Secret states no namespace; ${shown(from)} puts it into ${shown(namespace)}`,
    todo: 'state that namespace in its metadata if it is the one',
  }),
  'sealing.moves': ({ part, stated, becomes, from, field }) => ({
    wrong: `the ${part} ${shown(stated)} would become ${shown(becomes)} by ${field} in ${shown(from)}, where the controller could not open what is sealed for ${shown(stated)}`,
    todo: `state the ${part} that it ends up with and take ${field} away, or ${clusterWide}`,
  }),
  'sealing.ambiguous': ({ namespaces }) => ({
    wrong: `this Secret ends up in more than one namespace: ${namespaces.map(shown).join(', ')}`,
    todo: `keep one manifest for each of them that states it, or ${clusterWide}`,
  }),
  'key.unsupported': ({ service, name }) => ({
    wrong: `this takes the key ${shown(name)} of ${shown(service)}, which Purser does not use yet`,
    todo: 'use the sops command, or name age or PGP keys too',
  }),
  'gpg.missing': ({ key }) => ({
    wrong: `gpg is not found, and the PGP key ${shown(key)} takes it`,
    todo: 'install GnuPG, or say where it is (purser.gpg.path or SOPS_GPG_EXEC)',
  }),
  'gpg.failed': ({ key, cause }) => {
    const { wrong, todo } = gpgSentences[cause];
    return { wrong: `gpg did not use the key ${shown(key)}: ${wrong}`, todo };
  },
  'sops.unreadable': ({ reason }) => ({
    wrong: `SOPS would not read this file: ${shown(reason)}`,
    todo: 'correct it, or restore it from version control',
  }),
  'sops.clear-value': () => ({
    wrong: "this file's SOPS rule says that this value is encrypted, but it stands in the clear",
    todo: 'take it out, set it anew with Purser or sops, and change the secret if anybody else could read it',
  }),
  'sops.mac-mismatch': ({ cause }) => macSentences[cause],
  'sops.encrypted-already': () => ({
    wrong: 'this file is encrypted with SOPS already, or has a key called sops at its top',
    todo: 'set its values one by one, or rename that key',
  }),
  'sops.nothing-selected': ({ rule }) => ({
    wrong: `the rule ${shown(rule)} matches no value of this file, so nothing would be encrypted`,
    todo: 'correct the rule in .sops.yaml, or the names in the file',
  }),
  'sops.unselected': () => ({
    wrong: "by this file's SOPS rule, what stands here is not encrypted, so the value would be in plaintext",
    todo: 'choose a key that the rule covers, or change the rule and encrypt the file again',
  }),
  'sops.no-rule': () => ({
    wrong: 'no creation rule of a .sops.yaml is for this file',
    todo: 'add one, or correct its path_regex',
  }),
  'sops.format': ({ format }) => ({
    wrong: `by its name, SOPS reads this file as ${format}`,
    todo: 'use sops for it: Purser handles its YAML and JSON',
  }),
  'sops.key-command': ({ variable }) => ({
    wrong: `no key at hand opens this file, and Purser does not run the command in ${variable}`,
    todo: 'put the key that it prints into SOPS_AGE_KEY or a key file',
  }),
  'recipients.untrusted': ({ file, recipients }) => ({
    wrong: `${shown(file)} names recipients that were not accepted: ${recipients.map(shown).join(', ')}`,
    todo: "compare them with their owners', then accept each with --accept-key",
  }),
};
