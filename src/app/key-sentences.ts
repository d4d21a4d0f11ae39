import * as l10n from '@vscode/l10n';
import type { ErrorCode } from '../core/errors.ts';
import { type Sentence, type SentencesOf, shown } from './sentence.ts';

type KeyCode = Exclude<
  Extract<ErrorCode, `ciphertext.${string}` | `key.${string}` | `open.${string}` | `password.${string}`>,
  'key.unsupported'
>;

/** What is said of keys, and of what they do not open. */
export const keySentences: SentencesOf<KeyCode> = {
  'ciphertext.malformed': ({ scheme, reason }) => ({
    wrong: l10n.t('this {0} ciphertext is damaged: {1}', scheme, reason),
    todo: l10n.t('restore it from version control, or set the value again'),
  }),
  'ciphertext.refused': ({ scheme, reason }) => ({
    wrong: l10n.t('this {0} ciphertext is not safe to open: {1}', scheme, reason),
    todo: l10n.t('have it sealed again with an algorithm that is allowed'),
  }),
  'ciphertext.unsupported': ({ scheme, reason }) => ({
    wrong: l10n.t('this {0} ciphertext is in order, but Purser does not open it: {1}', scheme, reason),
    todo: l10n.t('open it with the program that made it, or set the value again'),
  }),
  'open.failed': ({ scheme }) => notOpened(scheme),
  'key.missing': ({ scheme, hint }) => ({
    wrong:
      hint === undefined
        ? l10n.t('no key at hand opens this {0} ciphertext', scheme)
        : l10n.t('no key at hand opens this {0} ciphertext, which is sealed to {1}', scheme, shown(hint)),
    todo: missingKey(scheme),
  }),
  'key.unusable': ({ ref, reason }) => ({
    wrong: l10n.t('the key {0} cannot be used: {1}', shown(ref), reason),
    todo: l10n.t('name a key of the right kind'),
  }),
  'key.locked': ({ ref, given }) =>
    given
      ? {
          wrong: l10n.t('the passphrase that was typed is not the one of the key {0}', shown(ref)),
          todo: l10n.t('try again with the one it was encrypted with'),
        }
      : {
          wrong: l10n.t('the key {0} is protected by a passphrase, and none was given', shown(ref)),
          todo: l10n.t('try again in the editor or at a terminal, where it is asked for'),
        },
  'key.password-missing': ({ ref }) => ({
    wrong: l10n.t('the key {0} takes a password, and none was given', shown(ref)),
    todo: l10n.t('try again in the editor or at a terminal, where it is asked for'),
  }),
  'key.password-mistyped': ({ ref }) => ({
    wrong: l10n.t('what was typed the second time is another password for the key {0}', shown(ref)),
    todo: l10n.t('type the same one twice'),
  }),
  'password.failed': ({ given }) =>
    given
      ? {
          wrong: l10n.t('the password that was typed does not open this value'),
          todo: l10n.t('try again with the one it was sealed with, and check that it was not altered'),
        }
      : {
          wrong: l10n.t('this value is sealed with a password, and none was given'),
          todo: l10n.t('try again in the editor or at a terminal, where it is asked for'),
        },
  'key.not-found': ({ ref }) => ({
    wrong: l10n.t('there is no key {0}', shown(ref)),
    todo: l10n.t('create or import it, or correct the reference'),
  }),
  'key.none-kept': () => ({
    wrong: l10n.t('no key of your own is kept here'),
    todo: l10n.t('create or import one'),
  }),
  'key.unreadable': ({ ref, reason }) => ({
    wrong: l10n.t('the key {0} cannot be read: {1}', shown(ref), reason),
    todo: l10n.t('check the file and its permissions'),
  }),
  'key.outside-repo': ({ ref }) => ({
    wrong: l10n.t('the key {0} leads out of the repository', shown(ref)),
    todo: l10n.t('keep public keys inside it, and name your own keys local:NAME'),
  }),
  'key.bad-reference': ({ ref, reason }) => ({
    wrong: l10n.t('{0} is no key reference: {1}', shown(ref), reason),
    todo: l10n.t('correct it'),
  }),
  'key.ambiguous': ({ name, kinds }) => ({
    wrong: l10n.t('two different keys are called {0} ({1})', shown(name), kinds),
    todo: l10n.t('rename or remove one of them'),
  }),
  'key.exists': ({ name }) => ({
    wrong: l10n.t('there is a key {0} already', shown(name)),
    todo: l10n.t('choose another name, or forget that key first'),
  }),
  'key.untrusted': ({ ref, fingerprint }) => ({
    wrong: l10n.t('the key {0} ({1}) was never accepted here', shown(ref), fingerprint),
    todo: l10n.t(
      "compare the fingerprint with its owner's, then pin it in .purser.yaml (path#{0}) or pass --accept-key {0}",
      fingerprint,
    ),
  }),
  'key.in-git': ({ ref }) => ({
    wrong: l10n.t(
      'the key {0} opens what it seals, and git tracks it or would: whoever reads the repository could open the values',
      shown(ref),
    ),
    todo: l10n.t(
      'make a new key outside of the repository and name it local:NAME; one that was never committed may be listed in .gitignore instead',
    ),
  }),
  'key.pin-mismatch': ({ ref, pinned, actual }) => ({
    wrong:
      actual === undefined
        ? l10n.t('the key {0} is not a public key, but the policy pins {1}', shown(ref), pinned)
        : l10n.t('the key {0} is {1}, but the policy pins {2}', shown(ref), actual, pinned),
    todo: l10n.t('find out who changed it before you seal anything'),
  }),
};

/** Of some schemes something else than the key is the likely cause. */
function notOpened(scheme: string): Sentence {
  // A file's values are opened by one key: where the others open, it is the right one.
  if (scheme === 'sops')
    return {
      wrong: l10n.t(
        'this value does not open here: it was altered, or its key or one above was renamed by hand',
      ),
      todo: l10n.t('restore it from version control, or set the value again'),
    };
  // Each item is sealed for one place.
  if (scheme === 'sealed-secrets')
    return {
      wrong: l10n.t('no key at hand opens this value for the name and namespace that stand here'),
      todo: l10n.t(
        'put back the name, namespace and scope that it was sealed for, or import the key that it was sealed to',
      ),
    };
  return {
    wrong: l10n.t('none of the keys at hand opens this {0} ciphertext', scheme),
    todo: l10n.t('check that it was not altered, and that the key is the one it was sealed to'),
  };
}

/** Of some schemes one key is not the whole answer. */
function missingKey(scheme: string): string {
  if (scheme === 'sops')
    return l10n.t(
      'import a private key of theirs (where there are key groups, one of each), or name its file with --key',
    );
  if (scheme === 'sealed-secrets')
    return l10n.t("import a backup of the controller's key, or name its file with --key");
  return l10n.t('import that key, or name its file with --key');
}
