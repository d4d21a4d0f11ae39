import { l10n } from 'vscode';
import type { KeyId } from '../../app/at-rest/key-uses.ts';
import { keyInWords } from '../../app/at-rest/key-words.ts';
import type { JudgedPhase } from '../../app/at-rest/phase.ts';
import { phaseSentences } from '../../app/at-rest/phase-sentences.ts';
import type {
  ReEncrypted,
  ReEncryptionProgress,
  ReEncryptionWay,
} from '../../app/clusters/cluster-encryption.ts';
import { shown } from '../../app/sentence.ts';

/** What is to be written anew, and what is known of it. */
export interface Planned {
  /** As the person calls it. */
  readonly cluster: string;
  readonly resource: string;
  readonly ways: readonly ReEncryptionWay[];
  readonly judged: JudgedPhase;
  /** What the configuration that runs has write it, where that is in the workspace. */
  readonly configured: KeyId | undefined;
}

interface Question {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly { readonly title: string; readonly way: ReEncryptionWay }[];
}

const hows: { readonly [W in ReEncryptionWay]: () => string } = {
  'storage-version-migration': () =>
    l10n.t(
      "The cluster's own controller does it: a StorageVersionMigration is made, and followed to its end.",
    ),
  replace: () =>
    l10n.t(
      'Purser has the API server write one after the other, four at a time. Nothing of what is in them is fetched, and nothing of it changes.',
    ),
};

/** What the person is asked before anything is written. */
export function questionOf(plan: Planned): Question {
  const { cluster, resource, ways, judged } = plan;
  const isClear = judged.phase === 'None';
  const [what, where] = [shown(resource), shown(cluster)];
  const message = isClear
    ? l10n.t('Write all {0} of {1} in plaintext?', what, where)
    : l10n.t('Re-encrypt all {0} of {1}?', what, where);
  const [best = 'replace', ...others] = ways;
  const every = l10n.t(
    'Every object in all namespaces that another key has written, or none, is written anew.',
  );
  const lines = [
    writerLine(plan),
    `${every} ${hows[best]()}`,
    l10n.t(
      'Each write passes the admission webhooks, stands in the audit log, and is work for the API server and etcd.',
    ),
  ];
  const write = isClear ? l10n.t('Write in Plaintext') : l10n.t('Re-encrypt');
  const oneByOne = isClear ? l10n.t('Write in Plaintext One by One') : l10n.t('Re-encrypt One by One');
  const buttons = [{ title: write, way: best }, ...others.map((way) => ({ title: oneByOne, way }))];
  return { message, detail: lines.join('\n\n'), buttons };
}

/** Where writing anew would do nothing. */
export function nothingText({ cluster, resource }: Planned): string {
  return l10n.t(
    '{0} runs without an encryption configuration: to write {1} anew would encrypt nothing.',
    shown(cluster),
    shown(resource),
  );
}

function writerLine({ resource, judged, configured }: Planned): string {
  const { phase, reasons, writers } = judged;
  const why = reasons[0] === undefined ? undefined : phaseSentences[reasons[0]];
  if (phase === 'None') return clearLine(why);
  // What was counted may be from before the configuration was loaded.
  if (configured !== undefined)
    return l10n.t(
      '{0} writes them now, by the configuration that this API server runs.',
      keyInWords(configured),
    );
  const [writer, ...others] = writers;
  if (writer === undefined || others.length > 0 || reasons.includes('resources-mixed'))
    return uncertainLine(shown(resource), why);
  return l10n.t('{0} writes them now, as far as this API server was seen.', keyInWords(writer));
}

function clearLine(why: string | undefined): string {
  const clear =
    why === undefined
      ? l10n.t('What is encrypted now will be stored in clear text in etcd.')
      : l10n.t('What is encrypted now will be stored in clear text in etcd: {0}.', why);
  return `${clear} ${l10n.t('That is right only where encryption is to be switched off.')}`;
}

function uncertainLine(resource: string, why: string | undefined): string {
  const uncertain =
    why === undefined
      ? l10n.t('Which key writes {0} now is not certain.', resource)
      : l10n.t('Which key writes {0} now is not certain: {1}.', resource, why);
  return `${uncertain} ${l10n.t('If it is identity, they will be stored in plaintext.')}`;
}

/** What came of it, in one sentence or two. */
export function resultOf({ cluster, resource, judged }: Planned, result: ReEncrypted): string {
  const { written, gone, failed } = result;
  const [what, where] = [shown(resource), shown(cluster)];
  const restart = restartText(judged);
  if (written === undefined)
    return sentences(l10n.t('The cluster has written all {0} of {1} anew.', what, where), restart);
  const [first] = failed;
  if (first === undefined) {
    const done = l10n.t('All {0} {1} of {2} were written anew.', written, what, where);
    return sentences(done, deletedText(gone), restart);
  }
  const all = written + failed.length;
  return sentences(
    l10n.t('{0} of {1} {2} of {3} were written anew.', written, all, what, where),
    deletedText(gone),
    l10n.t('{0} could not be, such as {1}: {2}', failed.length, shown(first.name), first.reason),
  );
}

function restartText({ phase }: JudgedPhase): string {
  return phase === 'Partial'
    ? l10n.t('Its phase stays Partial until the API server restarts: it counts since then.')
    : '';
}

function deletedText(gone: number): string {
  if (gone === 0) return '';
  return gone === 1
    ? l10n.t('1 object had been deleted meanwhile.')
    : l10n.t('{0} objects had been deleted meanwhile.', gone);
}

function sentences(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** What is so when the person has stopped it. */
export function stoppedText(
  { cluster, resource }: Pick<Planned, 'cluster' | 'resource'>,
  way: ReEncryptionWay,
  progress: ReEncryptionProgress | undefined,
): string {
  const [what, where] = [shown(resource), shown(cluster)];
  if (way === 'storage-version-migration')
    return l10n.t('Purser no longer waits: the cluster goes on to write {0} of {1} anew.', what, where);
  const { done, all } = progress ?? { done: 0, all: undefined };
  if (all === undefined)
    return l10n.t(
      'Stopped: {0} {1} of {2} were written anew, the others are as they were.',
      done,
      what,
      where,
    );
  return l10n.t(
    'Stopped: {0} of {1} {2} of {3} were written anew, the others are as they were.',
    done,
    all,
    what,
    where,
  );
}
