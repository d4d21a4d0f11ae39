import { l10n, type QuickPickItem, window, workspace } from 'vscode';
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

/**
 * Seal Again: what is not sealed to today's first keys of policy is opened and sealed to them: in a file, a folder or the
 * workspace. A preview with a checkbox a file comes first; what cannot be opened is listed.
 */
export async function sealAgain(argument: unknown, services: SealAgainServices): Promise<void> {
  requireTrust();
  const place = fileOf(argument);
  const candidates = await withProgress(l10n.t('Looking at what is to be sealed again'), (signal) =>
    sealAgainCandidates(place, services, signal),
  );
  if (candidates.files.length === 0) return tellNothing(candidates);
  const chosen = await pickFiles(candidates);
  if (chosen === undefined || chosen.length === 0) return;
  const outcome: Outcome = { files: [], cancelled: false, refusals: [...candidates.refusals] };
  await withProgress(l10n.t('Sealing again'), (signal) => writeAll(chosen, outcome, signal));
  await tell(outcome);
}

async function tellNothing({ refusals, current }: SealAgainCandidates): Promise<void> {
  if (refusals.length > 0) return tellRefusals(l10n.t('Nothing could be sealed again.'), refusals);
  void window.showInformationMessage(
    current > 0
      ? l10n.t("Everything here is sealed to today's keys already.")
      : l10n.t('There is nothing sealed here.'),
  );
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
    const description =
      current === 0
        ? l10n.t('{0} to be sealed again', renewed)
        : l10n.t('{0} to be sealed again, {1} as they should be', renewed, current);
    return { label: workspace.asRelativePath(file.uri), description, file };
  });
  const title = [l10n.t('Seal Again'), ...left(refusals)].join(' · ');
  const placeholder = l10n.t("Which files are to be sealed to today's keys?");
  const chosen = await pickSome({ title, placeholder, items, refusals, refusalsTitle: refusalsTitle() });
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
  const done =
    files.length === 1
      ? l10n.t('1 file is sealed again.')
      : l10n.t('{0} files are sealed again.', files.length);
  const isOpened = files.every(({ plan }) => plan.verification === 'opened');
  const notOpened = isOpened ? [] : [l10n.t('Not opened again to verify: the private key is not at hand.')];
  const notes = [...new Set(files.flatMap(({ plan }) => plan.notes))];
  if (notes.length > 0) void window.showInformationMessage(plainMessage(notes.join(' ')));
  if (refusals.length === 0 && !cancelled) {
    window.setStatusBarMessage(`$(lock) Purser: ${[done, ...notOpened].join(' ')}`, 5000);
    return;
  }
  const stopped = cancelled ? [l10n.t('Cancelled: the others were left as they were.')] : [];
  const rest = left(refusals).map((words) => l10n.t('{0}.', words));
  await tellRefusals([done, ...stopped, ...rest, ...notOpened].join(' '), refusals);
}

async function tellRefusals(sentence: string, refusals: readonly Refusal[]): Promise<void> {
  const show = l10n.t('Show List');
  const buttons = refusals.length === 0 ? [] : [show];
  const chosen = await window.showInformationMessage(sentence, ...buttons);
  if (chosen === show) await showRefusals(refusalsTitle(), refusals, false);
}

function refusalsTitle(): string {
  return l10n.t('What Stays as It Is');
}

/** How much is left alone, where anything is. */
function left({ length }: readonly Refusal[]): readonly string[] {
  if (length === 0) return [];
  return [length === 1 ? l10n.t('1 other stays as it is') : l10n.t('{0} others stay as they are', length)];
}
