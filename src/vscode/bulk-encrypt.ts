import { type Uri, window, workspace } from 'vscode';
import type { NamedValue } from '../app/history/sealed-values.ts';
import { type BulkFile, bulkCandidates, type Refusal, reasonOf } from './bulk-candidates.ts';
import { type BulkChoice, notEncrypted, pickValues } from './bulk-pick.ts';
import { BulkPreparation, type ReadyFile } from './bulk-prepare.ts';
import { count } from './counts.ts';
import { showRefusals } from './pick-some.ts';
import { plainMessage } from './plain-text.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';
import { warnOfPast } from './warn-of-past.ts';

/** How far a command over many files has come. */
interface Outcome {
  values: number;
  files: number;
  verified: boolean;
  cancelled: boolean;
  readonly refusals: Refusal[];
  /** Each once. */
  readonly notes: Set<string>;
  /** By the folder that its files stand in. */
  readonly sealed: Map<string, { readonly uri: Uri; readonly values: NamedValue[] }>;
}

/** Encrypt All Findings: a preview with a checkbox a value, then one go; what fails leaves its file as it was. */
export async function encryptAllFindings(services: Services): Promise<void> {
  const candidates = await withProgress('Looking at what can be encrypted', (signal) =>
    bulkCandidates(services, signal),
  );
  if (candidates.files.length === 0) {
    if (candidates.refusals.length > 0) await showRefusals(notEncrypted, candidates.refusals, false);
    else void window.showInformationMessage('There is nothing to encrypt here.');
    return;
  }
  const choices = await pickValues(candidates);
  if (choices === undefined || choices.length === 0) return;
  const outcome: Outcome = {
    values: 0,
    files: 0,
    verified: true,
    cancelled: false,
    refusals: [],
    notes: new Set(),
    sealed: new Map(),
  };
  // Questions about keys come before anything is written.
  const ready = await withProgress(
    'Getting ready',
    (signal) => prepareAll(choices, outcome, services, signal),
    services.trust,
  );
  await withProgress('Encrypting', (signal) => encryptAll(ready, outcome, signal));
  for (const { uri, values } of outcome.sealed.values()) warnOfPast(uri, values, services);
  await tell(outcome, choices);
}

async function prepareAll(
  choices: readonly BulkChoice[],
  outcome: Outcome,
  services: Services,
  signal: AbortSignal,
): Promise<readonly ReadyFile[]> {
  const preparing = new BulkPreparation(services, signal);
  const ready: ReadyFile[] = [];
  for (const choice of choices) {
    try {
      ready.push(await preparing.prepare(choice));
    } catch (error) {
      refuse(choice.file, error, outcome);
    }
  }
  return ready;
}

async function encryptAll(ready: readonly ReadyFile[], outcome: Outcome, signal: AbortSignal): Promise<void> {
  for (const { file, write } of ready) {
    try {
      signal.throwIfAborted();
      const { values, verification, notes, sealed } = await write(signal);
      const folder = workspace.getWorkspaceFolder(file.uri)?.uri.toString() ?? '';
      const before = outcome.sealed.get(folder)?.values ?? [];
      outcome.sealed.set(folder, { uri: file.uri, values: [...before, ...sealed] });
      for (const note of notes) outcome.notes.add(note);
      outcome.values += values;
      outcome.files++;
      outcome.verified &&= verification === 'opened';
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        outcome.cancelled = true;
        return;
      }
      refuse(file, error, outcome);
    }
  }
}

function refuse({ uri }: BulkFile, error: unknown, { refusals }: Outcome): void {
  if (error instanceof Error && error.name === 'AbortError') throw error;
  refusals.push({ uri, line: undefined, what: undefined, why: reasonOf(error) });
}

async function tell(outcome: Outcome, choices: readonly BulkChoice[]): Promise<void> {
  const { values, files, verified, cancelled, refusals, notes } = outcome;
  const done = `${count(values, 'value')} in ${count(files, 'file')} ${values === 1 ? 'is' : 'are'} encrypted.`;
  const left = choices.length - files - refusals.length;
  const sentences = [
    done,
    ...(cancelled ? [`Cancelled: ${count(left, 'file')} left as they were.`] : []),
    ...(refusals.length > 0 ? [`${count(refusals.length, 'file')} could not be.`] : []),
    ...(verified ? [] : ['Not opened again to verify: the private key is not at hand.']),
    ...[...notes].map(plainMessage),
  ];
  const show = 'Show Why';
  const buttons = refusals.length > 0 ? [show] : [];
  const chosen = await (refusals.length > 0 || cancelled
    ? window.showWarningMessage(sentences.join(' '), ...buttons)
    : window.showInformationMessage(sentences.join(' ')));
  if (chosen === show) await showRefusals(notEncrypted, refusals, false);
}
