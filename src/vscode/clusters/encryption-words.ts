import { l10n } from 'vscode';
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
  if (phase === 'None') return joined(phase, l10n.t('plaintext'));
  return joined(phase, seen === '' && configured !== undefined ? keyInWords(configured.writer) : seen);
}

/** Why a resource has its phase, and what limits that. */
export function phaseLines(resource: string, { phase, reasons }: JudgedPhase): readonly string[] {
  const [why, ...limits] = reasons.map((reason) => phaseSentences[reason]);
  const counting = l10n.t(
    'What was read once counts until the API server restarts, even after all was written anew.',
  );
  return [
    l10n.t('Encryption at rest of {0} is {1}: {2}.', resource, phase, why ?? ''),
    ...limits.map((limit) => l10n.t('Beware: {0}.', limit)),
    ...(phase === 'Partial' ? [counting] : []),
  ];
}

/** What comparing a file with what runs gave, to stand beside the file. */
export function verdictText({ verdict, isLikely }: ComparedFile): string {
  if (verdict === 'runs') return l10n.t('is what this API server runs');
  if (verdict === 'unknown') return l10n.t('cannot be compared: what runs is not known');
  return isLikely ? l10n.t('differs, with keys of this cluster') : l10n.t('differs');
}

/** The same as a sentence. */
export function verdictLine({ verdict, isLikely, file: { path } }: ComparedFile): string {
  if (verdict === 'runs') return l10n.t('{0} is what this API server runs.', path);
  if (verdict === 'unknown') return l10n.t('{0} cannot be compared: what runs is not known.', path);
  return isLikely
    ? l10n.t('{0} differs from what this API server runs, and names keys of this cluster.', path)
    : l10n.t('{0} differs from what this API server runs.', path);
}

/** What another file would change, a line a resource. */
export function changeLines(changes: readonly ResourceDifference[]): readonly string[] {
  if (changes.length === 0)
    return [l10n.t('Rolled out, it would change neither what writes nor what can be read.')];
  return [l10n.t('Rolled out, it would change:'), ...changes.map(changeLine)];
}

function changeLine({ resource, writer, added, removed, replaced }: ResourceDifference): string {
  const parts = [
    writer.before === writer.after
      ? ''
      : l10n.t('written by {0} instead of {1}', writer.after, writer.before),
    added.length === 0 ? '' : l10n.t('read by {0} too', added.join(', ')),
    removed.length === 0 ? '' : l10n.t('what {0} wrote can no longer be read', removed.join(', ')),
    replaced.length === 0
      ? ''
      : l10n.t('{0} is another key: what the old one wrote can no longer be read', replaced.join(', ')),
  ];
  const [first = '', ...others] = parts.filter((part) => part !== '');
  const all = others.reduce((before, part) => l10n.t('{0}; {1}', before, part), first);
  return l10n.t('{0}: {1}', resource, all);
}
