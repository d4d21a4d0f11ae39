import { type QuickPickItem, window, workspace } from 'vscode';
import { Failure } from '../core/errors.ts';
import { applyEdits } from '../core/span.ts';
import type { Refusal } from './bulk-candidates.ts';
import { requireTrust } from './opening.ts';
import { pickSome, showRefusals } from './pick-some.ts';
import { plainMessage } from './plain-text.ts';
import { withProgress } from './progress.ts';
import {
  type FileToSealAgain,
  refusalOf,
  type SealAgainCandidates,
  type SealAgainServices,
  sealAgainCandidates,
} from './seal-again-files.ts';
import { fileOf } from './targets.ts';

const refusalsTitle = 'What Stays as It Is';

/**
 * Seal Again: what is not sealed to today's first keys of policy is opened and sealed to them: in a file, a folder or the
 * workspace. A preview with a checkbox a file comes first; what cannot be opened is listed.
 */
export async function sealAgain(argument: unknown, services: SealAgainServices): Promise<void> {
  requireTrust();
  const place = fileOf(argument);
  const candidates = await withProgress('Looking at what is to be sealed again', (signal) =>
    sealAgainCandidates(place, services, signal),
  );
  if (candidates.files.length === 0) return tellNothing(candidates);
  const chosen = await pickFiles(candidates);
  if (chosen === undefined || chosen.length === 0) return;
  const outcome: Outcome = { files: [], cancelled: false, refusals: [...candidates.refusals] };
  await withProgress('Sealing again', (signal) => writeAll(chosen, outcome, signal));
  await tell(outcome);
}

async function tellNothing({ refusals, current }: SealAgainCandidates): Promise<void> {
  if (refusals.length > 0) return tellRefusals('Nothing could be sealed again.', refusals);
  const nothing = "Everything here is sealed to today's keys already.";
  void window.showInformationMessage(current > 0 ? nothing : 'There is nothing sealed here.');
}

interface FileItem extends QuickPickItem {
  readonly file: FileToSealAgain;
}

async function pickFiles({
  files,
  refusals,
}: SealAgainCandidates): Promise<readonly FileToSealAgain[] | undefined> {
  const items = files.map((file): FileItem => {
    const { renewed, current } = file.plan;
    const others = current === 0 ? '' : `, ${current} are so already`;
    const description = `${renewed} to be sealed again${others}`;
    return { label: workspace.asRelativePath(file.uri), description, file };
  });
  const title = `Seal Again${refusals.length === 0 ? '' : ` · ${left(refusals)}`}`;
  const placeholder = "Which files are to be sealed to today's keys?";
  const chosen = await pickSome({ title, placeholder, items, refusals, refusalsTitle });
  return chosen?.map(({ file }) => file);
}

/** How far it has come. */
interface Outcome {
  readonly files: FileToSealAgain[];
  cancelled: boolean;
  readonly refusals: Refusal[];
}

async function writeAll(
  chosen: readonly FileToSealAgain[],
  outcome: Outcome,
  signal: AbortSignal,
): Promise<void> {
  for (const file of chosen) {
    if (signal.aborted) {
      outcome.cancelled = true;
      return;
    }
    const { uri, source, plan } = file;
    try {
      await source.write(plan.edits, applyEdits(source.text, plan.edits));
      outcome.files.push(file);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      outcome.refusals.push(refusalOf(uri, error));
    }
  }
}

async function tell({ files, cancelled, refusals }: Outcome): Promise<void> {
  const done = files.length === 1 ? '1 file is sealed again' : `${files.length} files are sealed again`;
  const isOpened = files.every(({ plan }) => plan.verification === 'opened');
  const notOpened = isOpened ? '' : ' Not opened again to verify: the private key is not at hand.';
  const notes = [...new Set(files.flatMap(({ plan }) => plan.notes))];
  if (notes.length > 0) void window.showInformationMessage(plainMessage(notes.join(' ')));
  if (refusals.length === 0 && !cancelled) {
    window.setStatusBarMessage(`$(lock) Purser: ${done}.${notOpened}`, 5000);
    return;
  }
  const stopped = cancelled ? ' Cancelled: the others were left as they were.' : '';
  const rest = refusals.length === 0 ? '' : ` ${left(refusals)}.`;
  await tellRefusals(`${done}.${stopped}${rest}${notOpened}`, refusals);
}

async function tellRefusals(sentence: string, refusals: readonly Refusal[]): Promise<void> {
  const show = 'Show List';
  const buttons = refusals.length === 0 ? [] : [show];
  const chosen = await window.showInformationMessage(sentence, ...buttons);
  if (chosen === show) await showRefusals(refusalsTitle, refusals, false);
}

function left({ length }: readonly Refusal[]): string {
  return length === 1 ? '1 other stays as it is' : `${length} others stay as they are`;
}
