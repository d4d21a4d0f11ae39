import { window } from 'vscode';
import { planEncrypt, type Verification } from '../app/encrypt.ts';
import { type SealingKey, sealingKey } from '../app/sealing-key.ts';
import { sealWhole } from '../app/whole-file.ts';
import { Plaintext } from '../core/plaintext.ts';
import { type BulkFile, bulkCandidates, type Refusal, reasonOf } from './bulk-candidates.ts';
import { type BulkChoice, pickValues, showRefusals } from './bulk-pick.ts';
import { count } from './counts.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';

/** How far a command over many files has come. */
interface Outcome {
  values: number;
  files: number;
  verified: boolean;
  cancelled: boolean;
  readonly refusals: Refusal[];
}

/** Encrypt All Findings: a preview with a checkbox a value, then one go; what fails leaves its file as it was. */
export async function encryptAllFindings(services: Services): Promise<void> {
  const candidates = await withProgress('Looking at what can be encrypted', (signal) =>
    bulkCandidates(services, signal),
  );
  if (candidates.files.length === 0) {
    if (candidates.refusals.length > 0) await showRefusals(candidates.refusals, false);
    else void window.showInformationMessage('There is nothing to encrypt here.');
    return;
  }
  const choices = await pickValues(candidates);
  if (choices === undefined || choices.length === 0) return;
  const outcome: Outcome = { values: 0, files: 0, verified: true, cancelled: false, refusals: [] };
  // Questions about keys come before anything is written.
  const keys = await keysFor(choices, outcome, services);
  await withProgress('Encrypting', (signal) => encryptChoices(choices, keys, outcome, services, signal));
  await tell(outcome, choices);
}

type Keys = ReadonlyMap<BulkFile, SealingKey>;

async function keysFor(choices: readonly BulkChoice[], outcome: Outcome, services: Services): Promise<Keys> {
  const byReference = new Map<string, SealingKey>();
  const byFile = new Map<BulkFile, SealingKey>();
  for (const { file } of choices) {
    const { how, uri } = file;
    const id = JSON.stringify([how.scheme, how.reference.text, how.site.base]);
    try {
      const request = { ...how, scheme: services.registry.byId(how.scheme), accepted: [] };
      const key =
        byReference.get(id) ??
        (await sealingKey(request, services.keys, services.trust, services.repository));
      byReference.set(id, key);
      byFile.set(file, key);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') throw error;
      outcome.refusals.push({ uri, line: undefined, what: undefined, why: reasonOf(error) });
    }
  }
  return byFile;
}

async function encryptChoices(
  choices: readonly BulkChoice[],
  keys: Keys,
  outcome: Outcome,
  services: Services,
  signal: AbortSignal,
): Promise<void> {
  for (const choice of choices) {
    const { file } = choice;
    const key = keys.get(file);
    if (key === undefined) continue;
    try {
      signal.throwIfAborted();
      const verification = await encryptChoice(choice, key, services, signal);
      outcome.values += Math.max(1, choice.values.length);
      outcome.files++;
      outcome.verified &&= verification === 'opened';
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        outcome.cancelled = true;
        return;
      }
      outcome.refusals.push({ uri: file.uri, line: undefined, what: undefined, why: reasonOf(error) });
    }
  }
}

async function encryptChoice(
  { file, values }: BulkChoice,
  key: SealingKey,
  { registry }: Services,
  signal: AbortSignal,
): Promise<Verification> {
  const { source, manifest, how } = file;
  if (how.whole) {
    const { token, verification } = await sealWhole(Plaintext.fromText(source.text), key);
    await source.write([{ span: { start: 0, end: source.text.length }, text: token }], token);
    return verification;
  }
  const plan = await planEncrypt(manifest, { which: 'these', among: values }, key, registry, signal);
  signal.throwIfAborted();
  await source.write(plan.edits, plan.text);
  return plan.verification;
}

async function tell(outcome: Outcome, choices: readonly BulkChoice[]): Promise<void> {
  const { values, files, verified, cancelled, refusals } = outcome;
  const done = `${count(values, 'value')} in ${count(files, 'file')} ${values === 1 ? 'is' : 'are'} encrypted.`;
  const left = choices.length - files - refusals.length;
  const sentences = [
    done,
    ...(cancelled ? [`Cancelled: ${count(left, 'file')} left as they were.`] : []),
    ...(refusals.length > 0 ? [`${count(refusals.length, 'file')} could not be.`] : []),
    ...(verified ? [] : ['Not opened again to verify: the private key is not at hand.']),
  ];
  const show = 'Show Why';
  const buttons = refusals.length > 0 ? [show] : [];
  const chosen = await (refusals.length > 0 || cancelled
    ? window.showWarningMessage(sentences.join(' '), ...buttons)
    : window.showInformationMessage(sentences.join(' ')));
  if (chosen === show) await showRefusals(refusals, false);
}
