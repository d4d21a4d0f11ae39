import { FileType, l10n, type Uri, workspace } from 'vscode';
import { Rotation } from '../app/rotate.ts';
import type { RotationPlan } from '../app/rotation-plan.ts';
import { isAtOrBelow } from '../app/workspace-scan.ts';
import { Failure } from '../core/errors.ts';
import { type Refusal, reasonOf } from './bulk-candidates.ts';
import { type BulkSource, bulkSource } from './bulk-source.ts';
import { wishFor } from './document-file.ts';
import { listFiles } from './list-files.ts';
import type { Services } from './services.ts';
import { readSetting } from './settings.ts';

const names = '**/*.{yaml,yml,json}';
const filesAtMost = 100_000;

export type SealAgainServices = Pick<
  Services,
  'documents' | 'files' | 'findings' | 'keys' | 'policies' | 'registry' | 'repository' | 'trust'
>;

/** A file of which something is to be sealed again, and how. */
export interface FileToSealAgain {
  readonly uri: Uri;
  readonly source: BulkSource;
  readonly plan: RotationPlan;
}

export interface SealAgainCandidates {
  readonly files: readonly FileToSealAgain[];
  readonly refusals: readonly Refusal[];
  /** How much is sealed to today's keys already. */
  readonly current: number;
}

/**
 * Opens everything sealed in a file, a folder or the workspace, and works out what it takes to seal it to today's keys; nothing
 * is written. Keys nobody accepted yet are asked about. Throws what keeps a file that was named from being read.
 */
export async function sealAgainCandidates(
  place: Uri | undefined,
  services: SealAgainServices,
  signal: AbortSignal,
): Promise<SealAgainCandidates> {
  const files: FileToSealAgain[] = [];
  const refusals: Refusal[] = [];
  let current = 0;
  const isNamed = ({ fsPath }: Uri) => fsPath === place?.fsPath;
  for (const uri of await sealedFiles(place, services, signal)) {
    signal.throwIfAborted();
    try {
      const file = await planFor(uri, isNamed(uri), services, signal);
      if (file === undefined) continue;
      current += file.plan.current;
      if (file.plan.renewed > 0) files.push(file);
      refusals.push(...file.plan.left.map((failure) => refusalOf(uri, failure)));
    } catch (error) {
      if (!(error instanceof Failure) || isNamed(uri)) throw error;
      refusals.push(refusalOf(uri, error));
    }
  }
  return { files, refusals, current };
}

/** Undefined where there is nothing sealed in it. */
async function planFor(
  uri: Uri,
  isNamed: boolean,
  services: SealAgainServices,
  signal: AbortSignal,
): Promise<FileToSealAgain | undefined> {
  const answer = await services.policies.require(uri);
  if (answer.ignored && !isNamed) return undefined;
  const source = await bulkSource(uri, services.files);
  const file = { path: uri.fsPath, text: source.text, answer };
  const plan = await new Rotation(services).plan(file, wishFor(answer), signal);
  return plan && { uri, source, plan };
}

/** Why something in a file stays as it is. */
export function refusalOf(uri: Uri, failure: Failure): Refusal {
  const { line, entry } = failure.place;
  const why = Failure.is(failure, 'policy.none') ? noRule() : reasonOf(failure);
  return { uri, line: line === undefined ? undefined : line - 1, what: entry, why };
}

function noRule(): string {
  return l10n.t('no rule of .purser.yaml says what it is to be sealed to');
}

/** Those that the scan found ciphertext in; where it was told not to look, every file that may be a manifest. */
async function sealedFiles(
  place: Uri | undefined,
  { findings }: SealAgainServices,
  signal: AbortSignal,
): Promise<readonly Uri[]> {
  if (place !== undefined && place.scheme !== 'file') throw new Failure('document.unsaved', {});
  if (place !== undefined && (await workspace.fs.stat(place)).type === FileType.File) return [place];
  const known = findings.files().flatMap(({ uri, sealed }) => (sealed ? [uri] : []));
  const all = new Map([...known, ...(await notLookedAt(signal))].map((uri) => [uri.toString(), uri]));
  const ends = place && new Set([place.fsPath]);
  return [...all.values()].filter(
    ({ scheme, fsPath }) => scheme === 'file' && (ends === undefined || isAtOrBelow(fsPath, ends)),
  );
}

/** What is open in an editor is known without the scan. */
async function notLookedAt(signal: AbortSignal): Promise<readonly Uri[]> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.every(({ uri }) => readSetting('scan.workspace', uri))) return [];
  const open = new Set(workspace.textDocuments.map(({ uri }) => uri.toString()));
  return (await listFiles(names, filesAtMost, signal)).filter((uri) => !open.has(uri.toString()));
}
