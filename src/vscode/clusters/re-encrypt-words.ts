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
import { count } from '../counts.ts';

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

const hows: { readonly [W in ReEncryptionWay]: string } = {
  'storage-version-migration':
    "The cluster's own controller does it: a StorageVersionMigration is made, and followed to its end.",
  replace:
    'Purser has the API server write one after the other, four at a time. Nothing of what is in them is fetched, and nothing of it changes.',
};

/** What the person is asked before anything is written. */
export function questionOf(plan: Planned): Question {
  const { cluster, resource, ways, judged } = plan;
  const isClear = judged.phase === 'None';
  const [what, where] = [shown(resource), shown(cluster)];
  const message = isClear
    ? `Write all ${what} of ${where} in plaintext?`
    : `Re-encrypt all ${what} of ${where}?`;
  const [best = 'replace', ...others] = ways;
  const verb = isClear ? 'Write in Plaintext' : 'Re-encrypt';
  const lines = [
    writerLine(plan),
    `Every object in all namespaces that another key has written, or none, is written anew. ${hows[best]}`,
    'Each write passes the admission webhooks, stands in the audit log, and is work for the API server and etcd.',
  ];
  const buttons = [
    { title: verb, way: best },
    ...others.map((way) => ({ title: `${verb} One by One`, way })),
  ];
  return { message, detail: lines.join('\n\n'), buttons };
}

/** Where writing anew would do nothing. */
export function nothingText({ cluster, resource }: Planned): string {
  return `${shown(cluster)} runs without an encryption configuration: to write ${shown(resource)} anew would encrypt nothing.`;
}

function writerLine({ resource, judged, configured }: Planned): string {
  const { phase, reasons, writers } = judged;
  const why = reasons[0] === undefined ? '' : `: ${phaseSentences[reasons[0]]}`;
  if (phase === 'None')
    return `What is encrypted now will be stored in clear text in etcd${why}. That is right only where encryption is to be switched off.`;
  // What was counted may be from before the configuration was loaded.
  if (configured !== undefined)
    return `${keyInWords(configured)} writes them now, by the configuration that this API server runs.`;
  const [writer, ...others] = writers;
  if (writer === undefined || others.length > 0 || reasons.includes('resources-mixed'))
    return `Which key writes ${shown(resource)} now is not certain${why}. If it is identity, they will be stored in plaintext.`;
  return `${keyInWords(writer)} writes them now, as far as this API server was seen.`;
}

/** What came of it, in one sentence or two. */
export function resultOf(
  { cluster, resource, judged }: Planned,
  { written, gone, failed }: ReEncrypted,
): string {
  const where = `${shown(resource)} of ${shown(cluster)}`;
  const restart =
    judged.phase === 'Partial'
      ? ' Its phase stays Partial until the API server restarts: it counts since then.'
      : '';
  if (written === undefined) return `The cluster has written all ${where} anew.${restart}`;
  const deleted = gone === 0 ? '' : ` ${count(gone, 'object')} had been deleted meanwhile.`;
  const [first] = failed;
  if (first === undefined) return `All ${written} ${where} were written anew.${deleted}${restart}`;
  const all = written + failed.length;
  return `${written} of ${all} ${where} were written anew.${deleted} ${failed.length} could not be, such as ${shown(first.name)}: ${first.reason}`;
}

/** What is so when the person has stopped it. */
export function stoppedText(
  { cluster, resource }: Pick<Planned, 'cluster' | 'resource'>,
  way: ReEncryptionWay,
  progress: ReEncryptionProgress | undefined,
): string {
  const where = `${shown(resource)} of ${shown(cluster)}`;
  if (way === 'storage-version-migration')
    return `Purser no longer waits: the cluster goes on to write ${where} anew.`;
  const { done, all } = progress ?? { done: 0, all: undefined };
  const of = all === undefined ? '' : ` of ${all}`;
  return `Stopped: ${done}${of} ${where} were written anew, the others are as they were.`;
}
