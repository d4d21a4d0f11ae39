import type { ComparedFile } from '../../app/at-rest/compare-files.ts';
import type { ResourceReport } from '../../app/at-rest/encryption-report.ts';
import { keyInWords } from '../../app/at-rest/key-words.ts';
import type { EncryptionPhase, JudgedPhase } from '../../app/at-rest/phase.ts';
import { phaseSentences } from '../../app/at-rest/phase-sentences.ts';
import type { ResourceDifference } from '../../manifest/at-rest/compare.ts';
import type { FactState } from './fact.ts';
import { joined } from './row-words.ts';

const states: { readonly [P in EncryptionPhase]: FactState } = {
  None: 'bad',
  Partial: 'doubtful',
  Active: 'good',
  Unknown: 'unknown',
};

/** Good is only what nothing limits, such as attempts to decrypt that failed. */
export function stateOf({ phase, reasons }: JudgedPhase): FactState {
  return phase === 'Active' && reasons.length > 1 ? 'doubtful' : states[phase];
}

/** `Active · secretbox key1`; what is configured where nothing was seen to write. */
export function resourceText({ judged: { phase, writers }, configured }: ResourceReport): string {
  const seen = writers.map(keyInWords).join(', ');
  if (phase === 'None') return 'None · plaintext';
  return joined(phase, seen === '' && configured !== undefined ? keyInWords(configured.writer) : seen);
}

/** Why a resource has its phase, and what limits that. */
export function phaseLines(resource: string, { phase, reasons }: JudgedPhase): readonly string[] {
  const [why, ...limits] = reasons.map((reason) => phaseSentences[reason]);
  const counting =
    'What was read once counts until the API server restarts, even after all was written anew.';
  return [
    `Encryption at rest of ${resource} is ${phase}: ${why}.`,
    ...limits.map((limit) => `Beware: ${limit}.`),
    ...(phase === 'Partial' ? [counting] : []),
  ];
}

const verdicts: { readonly [V in ComparedFile['verdict']]: string } = {
  runs: 'is what this API server runs',
  differs: 'differs',
  unknown: 'cannot be compared: what runs is not known',
};

export function verdictText({ verdict, isLikely }: ComparedFile): string {
  return verdict === 'differs' && isLikely ? 'differs, with keys of this cluster' : verdicts[verdict];
}

/** The same as a sentence. */
export function verdictLine({ verdict, isLikely, file: { path } }: ComparedFile): string {
  if (verdict !== 'differs') return `${path} ${verdicts[verdict]}.`;
  const keys = isLikely ? ', and names keys of this cluster' : '';
  return `${path} differs from what this API server runs${keys}.`;
}

/** What another file would change, a line a resource. */
export function changeLines(changes: readonly ResourceDifference[]): readonly string[] {
  if (changes.length === 0) return ['Rolled out, it would change neither what writes nor what can be read.'];
  return ['Rolled out, it would change:', ...changes.map(changeLine)];
}

function changeLine({ resource, writer, added, removed, replaced }: ResourceDifference): string {
  const parts = [
    writer.before === writer.after ? '' : `written by ${writer.after} instead of ${writer.before}`,
    added.length === 0 ? '' : `read by ${added.join(', ')} too`,
    removed.length === 0 ? '' : `what ${removed.join(', ')} wrote can no longer be read`,
    replaced.length === 0
      ? ''
      : `${replaced.join(', ')} is another key: what the old one wrote can no longer be read`,
  ];
  return `${resource}: ${parts.filter((part) => part !== '').join('; ')}`;
}
