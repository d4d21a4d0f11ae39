import { l10n, type Uri, window, workspace } from 'vscode';
import type { NamedValue } from '../app/history/sealed-values.ts';
import { type BulkFile, bulkCandidates, type Refusal, reasonOf } from './bulk-candidates.ts';
import { type BulkChoice, notEncryptedTitle, pickValues } from './bulk-pick.ts';
import { BulkPreparation, type ReadyFile } from './bulk-prepare.ts';
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
  const candidates = await withProgress(l10n.t('Looking at what can be encrypted'), (signal) =>
    bulkCandidates(services, signal),
  );
  if (candidates.files.length === 0) {
    if (candidates.refusals.length > 0) await showRefusals(notEncryptedTitle(), candidates.refusals, false);
    else void window.showInformationMessage(l10n.t('There is nothing to encrypt here.'));
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
    l10n.t('Getting ready'),
    (signal) => prepareAll(choices, outcome, services, signal),
    services.trust,
  );
  await withProgress(l10n.t('Encrypting'), (signal) => encryptAll(ready, outcome, signal));
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
  const left = choices.length - files - refusals.length;
  const sentences = [
    doneSentence(values, files),
    ...(cancelled ? [cancelledSentence(left)] : []),
    ...(refusals.length > 0 ? [refusedSentence(refusals.length)] : []),
    ...(verified ? [] : [l10n.t('Not opened again to verify: the private key is not at hand.')]),
    ...[...notes].map(plainMessage),
  ];
  const show = l10n.t('Show Why');
  const buttons = refusals.length > 0 ? [show] : [];
  const chosen = await (refusals.length > 0 || cancelled
    ? window.showWarningMessage(sentences.join(' '), ...buttons)
    : window.showInformationMessage(sentences.join(' ')));
  if (chosen === show) await showRefusals(notEncryptedTitle(), refusals, false);
}

/** A single value stands in a single file. */
function doneSentence(values: number, files: number): string {
  if (values === 1) return l10n.t('1 value in 1 file is encrypted.');
  if (files === 1) return l10n.t('{0} values in 1 file are encrypted.', values);
  return l10n.t('{0} values in {1} files are encrypted.', values, files);
}

function cancelledSentence(left: number): string {
  return left === 1
    ? l10n.t('Cancelled: 1 file is left as it was.')
    : l10n.t('Cancelled: {0} files are left as they were.', left);
}

function refusedSentence(files: number): string {
  return files === 1
    ? l10n.t('1 file could not be encrypted.')
    : l10n.t('{0} files could not be encrypted.', files);
}
