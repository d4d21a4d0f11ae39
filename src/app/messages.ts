import * as l10n from '@vscode/l10n';
import type { ErrorCode, ErrorDetails, Failure } from '../core/errors.ts';
import { storedSentences } from './at-rest/stored-sentences.ts';
import { clusterSentences } from './clusters/cluster-sentences.ts';
import { documentSentences } from './document-sentences.ts';
import { gitSentences } from './git-sentences.ts';
import { keySentences } from './key-sentences.ts';
import { lineSentences } from './line-sentences.ts';
import { megabytes, onOneLine, type Sentence, type SentencesOf, shown } from './sentence.ts';

const sentences: SentencesOf<ErrorCode> = {
  'policy.invalid': ({ reason }) => ({
    wrong: l10n.t('the policy cannot be followed: {0}', reason),
    todo: l10n.t('correct it'),
  }),
  'policy.none': () => ({
    wrong: l10n.t('nothing says how to encrypt this file'),
    todo: l10n.t(
      'add a rule to .purser.yaml (where there is none, to .sops.yaml), or name --scheme and --key',
    ),
  }),
  'policy.scheme-unavailable': ({ scheme, file }) => ({
    wrong: l10n.t('{0} says to use {1} here, which this version of Purser cannot write yet', file, scheme),
    todo: l10n.t('use the {0} command for it', scheme === 'sops' ? 'sops' : 'kubeseal'),
  }),
  'file.unreadable': ({ reason }) => ({
    wrong: l10n.t('it cannot be read: {0}', reason),
    todo: l10n.t('check the path and its permissions'),
  }),
  'file.too-large': ({ bytes, limit }) => ({
    wrong: l10n.t('it is too large ({0} MB; the limit is {1} MB)', megabytes(bytes), megabytes(limit)),
    todo: l10n.t('split it'),
  }),
  'file.not-text': ({ reason }) => ({
    wrong: l10n.t('it is not a text file: {0}', reason),
    todo: l10n.t('check that it is the right file, saved as UTF-8'),
  }),
  'file.exists': () => ({
    wrong: l10n.t('it exists already'),
    todo: l10n.t('choose another name or remove it first'),
  }),
  'file.unwritable': ({ reason }) => ({
    wrong: l10n.t('it cannot be written: {0}', reason),
    todo: l10n.t('check the folder and its permissions'),
  }),
  'manifest.unparsable': ({ reason }) => ({
    wrong: l10n.t(
      'the document around this value does not parse ({0}), so the value cannot be replaced safely',
      reason,
    ),
    todo: l10n.t('correct the document, or write the value on one line'),
  }),
  'manifest.no-entries': () => ({
    wrong: l10n.t('there is no Secret with values in it'),
    todo: l10n.t('check the file'),
  }),
  'entry.alias': ({ line }) => ({
    wrong: l10n.t('this value is shared by an anchor and an alias (line {0})', line),
    todo: l10n.t('write it out at both places first'),
  }),
  'entry.duplicate': ({ line }) => ({
    wrong: l10n.t('this key stands twice (line {0})', line),
    todo: l10n.t('remove one of the two'),
  }),
  'entry.not-scalar': () => ({
    wrong: l10n.t('this value is a list or a mapping, which a Secret cannot hold'),
    todo: l10n.t('write it as text'),
  }),
  'entry.tagged': ({ tag }) => ({
    wrong: l10n.t('this value has the YAML tag {0}', shown(tag)),
    todo: l10n.t('remove the tag'),
  }),
  'entry.not-base64': () => ({
    wrong: l10n.t('this value under data is not base64'),
    todo: l10n.t('encode it, or move it to stringData'),
  }),
  'entry.not-text': () => ({
    wrong: l10n.t('this value is binary, which stringData cannot hold'),
    todo: l10n.t('move the entry to data'),
  }),
  'value.not-text': ({ key }) =>
    key === undefined
      ? {
          wrong: l10n.t('the value is binary, which cannot stand here as it is'),
          todo: l10n.t('encode it first, for example as base64'),
        }
      : {
          wrong: l10n.t('the value is binary, which stringData cannot hold'),
          todo: l10n.t('set it as data.{0}, with no stringData.{0} beside it', shown(key)),
        },
  'entry.not-encrypted': () => ({
    wrong: l10n.t('there is nothing encrypted here'),
    todo: l10n.t('check the file and the entry'),
  }),
  'entry.not-found': ({ wanted }) => ({
    wrong: l10n.t('there is no entry {0}', shown(wanted)),
    todo: l10n.t('check its spelling: [Kind/namespace/name#]data.KEY in a Secret, in a SOPS file any path'),
  }),
  'entry.none-at-cursor': () => ({
    wrong: l10n.t('no value of a Secret stands at the cursor'),
    todo: l10n.t('put the cursor on one'),
  }),
  'entry.ambiguous': ({ wanted, candidates }) => ({
    wrong: l10n.t('{0} may be {1}', shown(wanted), listed(candidates)),
    todo: l10n.t('write it in full, and give objects different names'),
  }),
  'entry.moved': ({ boundTo, standsAt }) => ({
    wrong: l10n.t('this ciphertext was made for {0} but stands at {1}', shown(boundTo), shown(standsAt)),
    todo: l10n.t('find out who moved it, or set the value again'),
  }),
  'edit.unverified': () => ({
    wrong: l10n.t('the file would not read back as it should after this change, so nothing was written'),
    todo: l10n.t('report this with the shape of the file (not its values)'),
  }),
  'document.changed': () => ({
    wrong: l10n.t('the document changed in the meantime, so nothing was written'),
    todo: l10n.t('try again'),
  }),
  'document.not-editable': ({ reason }) => ({
    wrong: l10n.t('this object cannot be rewritten safely: {0}', reason),
    todo: l10n.t('write it out plainly first, each key once and on a line of its own'),
  }),
  'document.unsaved': () => ({
    wrong: l10n.t('it has changes that are not saved'),
    todo: l10n.t('save or revert them first'),
  }),
  'document.inexact': ({ reason }) => ({
    wrong: l10n.t('the editor would not save what is sealed in it as it is: {0}', reason),
    todo: l10n.t('use purser decrypt'),
  }),
  'workspace.untrusted': () => ({
    wrong: l10n.t('this needs a trusted workspace'),
    todo: l10n.t('trust it first (Workspaces: Manage Workspace Trust)'),
  }),
  ...keySentences,
  ...gitSentences,
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
  return onOneLine(`${where.join('')}${l10n.t('{0}; {1}', wrong, todo)}`);
}

const listedAtMost = 20;

function listed(candidates: readonly string[]): string {
  const [first = '', ...others] = candidates.slice(0, listedAtMost).map(shown);
  const all = others.reduce((before, other) => l10n.t('{0} or {1}', before, other), first);
  const more = candidates.length - listedAtMost;
  return more > 0 ? l10n.t('{0} or one of {1} more', all, more) : all;
}
