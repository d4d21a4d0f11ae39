import { l10n, type Uri } from 'vscode';
import { type HowToSeal, howToSeal } from '../app/how-to-seal.ts';
import { ManifestText } from '../app/manifest-text.ts';
import { sentenceOf } from '../app/messages.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { isAboutPlaintext } from '../app/workspace-scan.ts';
import { audit } from '../audit/audit.ts';
import type { Finding } from '../audit/finding.ts';
import { Failure } from '../core/errors.ts';
import type { Located } from '../manifest/address.ts';
import { type BulkSource, bulkSource } from './bulk-source.ts';
import { isSealable, plaintextIn } from './file-findings.ts';
import type { Services } from './services.ts';
import { wholeBulkSource } from './whole-source.ts';

/** A file of which some values, or all of it, can be encrypted by policy. */
export interface BulkFile {
  readonly uri: Uri;
  readonly source: BulkSource;
  readonly how: HowToSeal;
  readonly manifest: ManifestText;
  readonly answer: PolicyAnswer;
  /** What is chosen: single values, the file, or all objects of it that the scheme seals. */
  readonly unit: 'value' | 'file' | 'object';
  /** What can be sealed, where single values are chosen. */
  readonly values: readonly Located[];
}

/** What a command over all findings leaves alone, and why. */
export interface Refusal {
  readonly uri: Uri;
  /** From 0. */
  readonly line: number | undefined;
  /** The value's name, or the finding. */
  readonly what: string | undefined;
  readonly why: string;
}

export interface BulkCandidates {
  readonly files: readonly BulkFile[];
  readonly refusals: readonly Refusal[];
}

/** Reads every file with plaintext again, and finds out what of it policy says how to encrypt. */
export async function bulkCandidates(services: Services, signal: AbortSignal): Promise<BulkCandidates> {
  const files: BulkFile[] = [];
  const refusals: Refusal[] = [];
  for (const found of services.findings.files()) {
    signal.throwIfAborted();
    if (plaintextIn(found) === 0) continue;
    const { uri } = found;
    try {
      const file = await candidatesIn(uri, services, refusals);
      if (file.unit !== 'value' || file.values.length > 0) files.push(file);
      else if (refusals.at(-1)?.uri !== uri)
        refusals.push({ uri, line: undefined, what: undefined, why: elsewhere });
    } catch (error) {
      refusals.push({ uri, line: undefined, what: undefined, why: reasonOf(error) });
    }
  }
  return { files, refusals };
}

async function candidatesIn(uri: Uri, services: Services, refusals: Refusal[]): Promise<BulkFile> {
  if (uri.scheme !== 'file') throw new Failure('document.unsaved', {});
  const answer = await services.policies.require(uri);
  const site = { base: answer.base, root: answer.root };
  const how = await howToSeal(answer, { scheme: undefined, keys: [], site }, services.keys);
  const isWhole = how.unit === 'value' && how.whole;
  const source = await (isWhole ? wholeBulkSource : bulkSource)(uri, services.files);
  const manifest = ManifestText.read(source.text);
  const values: Located[] = [];
  const unit = unitOf(how, services);
  for (const finding of unit === 'value' ? findingsIn(uri, manifest, answer, services) : []) {
    const why = refusalOf(finding, manifest);
    const { located } = finding.place;
    if (why === undefined && located !== undefined) values.push(located);
    else if (why !== undefined) {
      const line = manifest.lineOf(finding.span.start) - 1;
      refusals.push({ uri, line, what: finding.place.entry, why });
    }
  }
  return { uri, source, how, answer, unit, manifest, values };
}

function unitOf(how: HowToSeal, { registry }: Services): BulkFile['unit'] {
  if (how.unit === 'document') return registry.documentById(how.scheme).traits.unit;
  return how.whole ? 'file' : 'value';
}

function findingsIn(
  uri: Uri,
  { manifest }: ManifestText,
  { rule, policy }: PolicyAnswer,
  { registry }: Services,
): readonly Finding[] {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const facts = rule && { rule, recipients: undefined };
  const { findings } = audit(manifest, registry, { name, policy: facts });
  return findings.filter((finding) => policy?.severity.get(finding.rule) !== 'off');
}

/** Of a finding each: made once. */
const elsewhere = l10n.t('only values of Secrets are encrypted where they stand; see the page of its rule');

/** Why the value of a finding cannot be encrypted; undefined where it can. */
function refusalOf(finding: Finding, manifest: ManifestText): string | undefined {
  const { rule, place } = finding;
  if (!isAboutPlaintext(rule)) return undefined;
  if (place.located === undefined || !isSealable({ rule, entry: place.entry })) return elsewhere;
  try {
    manifest.requireEditable(place.located);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** The sentence of a failure, without what the list it stands in shows already; a bug is thrown on. */
export function reasonOf(error: unknown): string {
  if (Failure.is(error, 'policy.none'))
    return l10n.t('no rule of .purser.yaml says how; encrypt it by itself, and you are asked');
  if (error instanceof Failure) return sentenceOf(error.withoutEntry());
  throw error;
}
