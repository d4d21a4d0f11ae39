import type { ErrorCode, ErrorDetails, Failure } from '../core/errors.ts';
import { storedSentences } from './at-rest/stored-sentences.ts';
import { clusterSentences } from './clusters/cluster-sentences.ts';
import { documentSentences } from './document-sentences.ts';
import { lineSentences } from './line-sentences.ts';
import { megabytes, onOneLine, type Sentence, type SentencesOf, shown } from './sentence.ts';

/** Of schemes where something else than the key is the likely cause. */
const notOpened: ReadonlyMap<string, Sentence> = new Map(
  Object.entries({
    // A file's values are opened by one key: where the others open, it is the right one.
    sops: {
      wrong: 'this value does not open here: it was altered, or its key or one above was renamed by hand',
      todo: 'restore it from version control, or set the value again',
    },
    // Each item is sealed for one place.
    'sealed-secrets': {
      wrong: 'no key at hand opens this value for the name and namespace that stand here',
      todo: 'put back the name, namespace and scope that it was sealed for, or import the key that it was sealed to',
    },
  }),
);

/** Of schemes where one key is not the whole answer. */
const missingKey: ReadonlyMap<string, string> = new Map([
  [
    'sops',
    'import a private key of theirs (where there are key groups, one of each), or name its file with --key',
  ],
  ['sealed-secrets', "import a backup of the controller's key, or name its file with --key"],
]);

const sentences: SentencesOf<ErrorCode> = {
  'ciphertext.malformed': ({ scheme, reason }) => ({
    wrong: `this ${scheme} ciphertext is damaged: ${reason}`,
    todo: 'restore it from version control, or set the value again',
  }),
  'ciphertext.refused': ({ scheme, reason }) => ({
    wrong: `this ${scheme} ciphertext is not safe to open: ${reason}`,
    todo: 'have it sealed again with an algorithm that is allowed',
  }),
  'open.failed': ({ scheme }) =>
    notOpened.get(scheme) ?? {
      wrong: `none of the keys at hand opens this ${scheme} ciphertext`,
      todo: 'check that it was not altered, and that the key is the one it was sealed to',
    },
  'key.missing': ({ scheme, hint }) => ({
    wrong:
      hint === undefined
        ? `no key at hand opens this ${scheme} ciphertext`
        : `no key at hand opens this ${scheme} ciphertext, which is sealed to ${shown(hint)}`,
    todo: missingKey.get(scheme) ?? 'import that key, or name its file with --key',
  }),
  'key.unusable': ({ ref, reason }) => ({
    wrong: `the key ${shown(ref)} cannot be used: ${reason}`,
    todo: 'name a key of the right kind',
  }),
  'key.locked': ({ ref, given }) =>
    given
      ? {
          wrong: `the passphrase that was typed is not the one of the key ${shown(ref)}`,
          todo: 'try again with the one it was encrypted with',
        }
      : {
          wrong: `the key ${shown(ref)} is protected by a passphrase, and none was given`,
          todo: 'try again in the editor or at a terminal, where it is asked for',
        },
  'password.failed': ({ given }) =>
    given
      ? {
          wrong: 'the password that was typed does not open this value',
          todo: 'try again with the one it was sealed with, and check that it was not altered',
        }
      : {
          wrong: 'this value is sealed with a password, and none was given',
          todo: 'try again in the editor or at a terminal, where it is asked for',
        },
  'key.not-found': ({ ref }) => ({
    wrong: `there is no key ${shown(ref)}`,
    todo: 'create or import it, or correct the reference',
  }),
  'key.unreadable': ({ ref, reason }) => ({
    wrong: `the key ${shown(ref)} cannot be read: ${reason}`,
    todo: 'check the file and its permissions',
  }),
  'key.outside-repo': ({ ref }) => ({
    wrong: `the key ${shown(ref)} leads out of the repository`,
    todo: 'keep public keys inside it, and name your own keys local:NAME',
  }),
  'key.bad-reference': ({ ref, reason }) => ({
    wrong: `${shown(ref)} is no key reference: ${reason}`,
    todo: 'correct it',
  }),
  'key.ambiguous': ({ name, kinds }) => ({
    wrong: `two different keys are called ${shown(name)} (${kinds})`,
    todo: 'rename or remove one of them',
  }),
  'key.exists': ({ name }) => ({
    wrong: `there is a key ${shown(name)} already`,
    todo: 'choose another name, or forget that key first',
  }),
  'key.untrusted': ({ ref, fingerprint }) => ({
    wrong: `the key ${shown(ref)} (${fingerprint}) was never accepted here`,
    todo: `compare the fingerprint with its owner's, then pin it in .purser.yaml (path#${fingerprint}) or pass --accept-key ${fingerprint}`,
  }),
  'key.in-git': ({ ref }) => ({
    wrong: `the key ${shown(ref)} opens what it seals, and git tracks it or would: whoever reads the repository could open the values`,
    todo: 'make a new key outside of the repository and name it local:NAME; one that was never committed may be listed in .gitignore instead',
  }),
  'key.pin-mismatch': ({ ref, pinned, actual }) => ({
    wrong: `the key ${shown(ref)} is ${actual}, but the policy pins ${pinned}`,
    todo: 'find out who changed it before you seal anything',
  }),
  'policy.invalid': ({ reason }) => ({
    wrong: `the policy cannot be followed: ${reason}`,
    todo: 'correct it',
  }),
  'policy.none': () => ({
    wrong: 'nothing says how to encrypt this file',
    todo: 'add a rule to .purser.yaml (where there is none, to .sops.yaml), or name --scheme and --key',
  }),
  'policy.scheme-unavailable': ({ scheme, file }) => ({
    wrong: `${file} says to use ${scheme} here, which this version of Purser cannot write yet`,
    todo: `use the ${scheme === 'sops' ? 'sops' : 'kubeseal'} command for it`,
  }),
  'file.unreadable': ({ reason }) => ({
    wrong: `it cannot be read: ${reason}`,
    todo: 'check the path and its permissions',
  }),
  'file.too-large': ({ bytes, limit }) => ({
    wrong: `it is too large (${megabytes(bytes)} MB; the limit is ${megabytes(limit)} MB)`,
    todo: 'split it',
  }),
  'file.not-text': ({ reason }) => ({
    wrong: `it is not a text file: ${reason}`,
    todo: 'check that it is the right file, saved as UTF-8',
  }),
  'file.exists': () => ({ wrong: 'it exists already', todo: 'choose another name or remove it first' }),
  'file.unwritable': ({ reason }) => ({
    wrong: `it cannot be written: ${reason}`,
    todo: 'check the folder and its permissions',
  }),
  'manifest.unparsable': ({ reason }) => ({
    wrong: `the document around this value does not parse (${reason}), so the value cannot be replaced safely`,
    todo: 'correct the document, or write the value on one line',
  }),
  'manifest.no-entries': () => ({ wrong: 'there is no Secret with values in it', todo: 'check the file' }),
  'entry.alias': ({ line }) => ({
    wrong: `this value is shared by an anchor and an alias (line ${line})`,
    todo: 'write it out at both places first',
  }),
  'entry.duplicate': ({ line }) => ({
    wrong: `this key stands twice (line ${line})`,
    todo: 'remove one of the two',
  }),
  'entry.not-scalar': () => ({
    wrong: 'this value is a list or a mapping, which a Secret cannot hold',
    todo: 'write it as text',
  }),
  'entry.tagged': ({ tag }) => ({
    wrong: `this value has the YAML tag ${shown(tag)}`,
    todo: 'remove the tag',
  }),
  'entry.not-base64': () => ({
    wrong: 'this value under data is not base64',
    todo: 'encode it, or move it to stringData',
  }),
  'entry.not-text': () => ({
    wrong: 'this value is binary, which stringData cannot hold',
    todo: 'move the entry to data',
  }),
  'entry.not-encrypted': () => ({
    wrong: 'there is nothing encrypted here',
    todo: 'check the file and the entry',
  }),
  'entry.not-found': ({ wanted }) => ({
    wrong: `there is no entry ${shown(wanted)}`,
    todo: 'check its spelling: [Kind/namespace/name#]data.KEY in a Secret, in a SOPS file any path',
  }),
  'entry.ambiguous': ({ wanted, candidates }) => ({
    wrong: `${shown(wanted)} may be ${listed(candidates)}`,
    todo: 'write it in full, and give objects different names',
  }),
  'entry.moved': ({ boundTo, standsAt }) => ({
    wrong: `this ciphertext was made for ${shown(boundTo)} but stands at ${shown(standsAt)}`,
    todo: 'find out who moved it, or set the value again',
  }),
  'edit.unverified': () => ({
    wrong: 'the file would not read back as it should after this change, so nothing was written',
    todo: 'report this with the shape of the file (not its values)',
  }),
  'document.changed': () => ({
    wrong: 'the document changed in the meantime, so nothing was written',
    todo: 'try again',
  }),
  'document.not-editable': ({ reason }) => ({
    wrong: `this object cannot be rewritten safely: ${reason}`,
    todo: 'write it out plainly first, each key once and on a line of its own',
  }),
  'document.unsaved': () => ({
    wrong: 'it has changes that are not saved',
    todo: 'save or revert them first',
  }),
  'workspace.untrusted': () => ({
    wrong: 'this needs a trusted workspace',
    todo: 'trust it first (Workspaces: Manage Workspace Trust)',
  }),
  'git.missing': () => ({
    wrong: 'git is not found on the PATH',
    todo: 'install it, or correct the PATH',
  }),
  'git.no-work-tree': () => ({
    wrong: 'this folder is in no work tree of git',
    todo: 'go to one, or run git init',
  }),
  'git.unknown-revision': ({ revision }) => ({
    wrong: `there is no commit ${shown(revision)} in this clone`,
    todo: 'correct its name, or fetch it (in CI: with the whole history, such as fetch-depth: 0)',
  }),
  'git.unrelated-revision': ({ revision }) => ({
    wrong: `this clone has no common ancestor of ${shown(revision)} and HEAD`,
    todo: 'fetch the whole history (git fetch --unshallow; in CI: fetch-depth: 0)',
  }),
  'git.failed': ({ reason }) => ({
    wrong: `git cannot do this: ${shown(reason)}`,
    todo: 'see what git status says',
  }),
  'hook.no-folder': () => ({
    wrong: 'core.hooksPath is empty, so git runs no hook of this repository',
    todo: 'unset it with git config --unset core.hooksPath, or give the hooks a folder there',
  }),
  'hook.shared-folder': ({ folder }) => ({
    wrong: `core.hooksPath is not set for this repository alone, and ${shown(folder)} is outside of it`,
    todo: 'call purser scan --staged in the hook there, or give this repository a folder of its own with git config --local core.hooksPath',
  }),
  'hook.not-shell': () => ({
    wrong: 'this hook belongs to the repository and is no shell script',
    todo: 'call purser scan --staged in it',
  }),
  ...clusterSentences,
  ...documentSentences,
  ...storedSentences,
  ...lineSentences,
  usage: ({ reason }) => ({ wrong: reason, todo: 'see purser --help' }),
};

/** What is wrong and what to do, in one sentence; never a value, a key or a token. */
export function sentenceOf(failure: Failure): string {
  const say = sentences[failure.code] as (details: ErrorDetails[ErrorCode]) => Sentence;
  const { wrong, todo } = say(failure.details);
  const { cluster, entry } = failure.place;
  const where = [cluster, entry].filter((part) => part !== undefined).map((part) => `${shown(part)}: `);
  return onOneLine(`${where.join('')}${wrong}; ${todo}`);
}

const listedAtMost = 20;

function listed(candidates: readonly string[]): string {
  const first = candidates.slice(0, listedAtMost).map(shown).join(' or ');
  const more = candidates.length - listedAtMost;
  return more > 0 ? `${first} or one of ${more} more` : first;
}
