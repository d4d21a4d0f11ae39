import * as l10n from '@vscode/l10n';
import { inWords, type Matter } from '../audit/finding.ts';
import type { RuleId } from '../policy/rule-ids.ts';
import type { FluxPlace, FluxReport, ReportedKustomization } from './flux-report.ts';
import { FluxTree, joined } from './flux-tree.ts';
import { type ReportedFinding, statedParts } from './scan-file.ts';
import { onOneLine } from './sentence.ts';

/** A file as a scan tells it apart, and what it adds to what Flux applies. */
type Reports = ReadonlyMap<string, { readonly flux: FluxReport | undefined }>;

/** A Kustomization and the file it stands in. */
interface Placed extends ReportedKustomization {
  readonly key: string;
  readonly file: FluxReport;
}

/**
 * What Flux' Kustomizations apply and cannot decrypt: findings by file, where there are any. Only for reports of a whole
 * repository: what it holds not is what they tell. Linear.
 */
export function fluxFindings(reports: Reports): ReadonlyMap<string, readonly ReportedFinding[]> {
  const repositories = new Map<string, FluxReport[]>();
  const kustomizations: Placed[] = [];
  for (const [key, { flux: file }] of reports) {
    if (file === undefined) continue;
    for (const one of file.kustomizations) kustomizations.push({ ...one, key, file });
    const known = repositories.get(file.root);
    if (known === undefined) repositories.set(file.root, [file]);
    else known.push(file);
  }
  const findings = new Map<string, ReportedFinding[]>();
  for (const [root, files] of repositories) {
    const own = kustomizations.filter(({ file }) => file.root === root);
    if (own.length === 0) continue;
    for (const [key, finding] of [...withoutDecryption(files, own), ...withoutSecret(files, own)]) {
      const known = findings.get(key);
      if (known === undefined) findings.set(key, [finding]);
      else known.push(finding);
    }
  }
  return findings;
}

/** Nothing is told where a patch may add it: which objects a patch is for is kustomize's to say. */
function* withoutDecryption(
  files: readonly FluxReport[],
  kustomizations: readonly Placed[],
): Iterable<readonly [string, ReportedFinding]> {
  if (!files.some(({ sealed }) => sealed) || files.some(({ addsDecryption }) => addsDecryption)) return;
  const tree = new FluxTree(files);
  const ownSources = sourcesOfThis(tree, kustomizations);
  for (const one of kustomizations) {
    const folder = joined('', one.path);
    if (one.decrypts || folder === undefined || one.source === undefined || !ownSources.has(one.source))
      continue;
    const sealed = tree.firstSealed(folder);
    if (sealed === undefined) continue;
    const matter: Matter = (place) =>
      l10n.t(
        '{0} applies {1}, which SOPS encrypted, and has no spec.decryption: Flux will not apply it',
        place,
        sealed.path,
      );
    const finding = found(one, one.place, 'flux/missing-decryption', undefined, matter);
    if (finding !== undefined) yield [one.key, finding];
  }
}

/**
 * The sources that are this repository: those of which a Kustomization has a path that is there. Which URL a source has tells
 * nothing of where its files are, and every repository has a root.
 */
export function sourcesOfThis(
  tree: { readonly has: (folder: string) => boolean },
  kustomizations: readonly Pick<ReportedKustomization, 'source' | 'path'>[],
): ReadonlySet<string> {
  const own = new Set<string>();
  for (const { source, path } of kustomizations) {
    const folder = joined('', path);
    if (folder !== undefined && folder !== '' && source?.startsWith('GitRepository/') && tree.has(folder))
      own.add(source);
  }
  return own;
}

function* withoutSecret(
  files: readonly FluxReport[],
  kustomizations: readonly Placed[],
): Iterable<readonly [string, ReportedFinding]> {
  const known = new Set(files.flatMap(({ secrets }) => secrets));
  for (const one of kustomizations) {
    if (one.secret === undefined || known.has(one.secret.name)) continue;
    const rule = 'flux/unknown-decryption-secret';
    const finding = found(one, one.secret.place, rule, 'spec.decryption.secretRef.name', madeByNothing);
    if (finding !== undefined) yield [one.key, finding];
  }
}

function madeByNothing(place: string): string {
  return l10n.t(
    '{0} names a Secret that nothing in this repository makes: the cluster must have it already',
    place,
  );
}

function found(
  { object, file }: Placed,
  { range, level }: FluxPlace,
  rule: RuleId,
  entry: string | undefined,
  matter: Matter,
): ReportedFinding | undefined {
  if (level === undefined) return undefined;
  const message = onOneLine(matter(inWords({ entry, object })));
  return { rule, level, path: file.shown, range, message, object: statedParts(object), entry };
}
