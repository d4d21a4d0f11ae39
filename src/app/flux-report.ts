import type { Level, ObjectIdentity } from '../audit/finding.ts';
import { type FluxFacts, type FluxKustomization, fluxFacts } from '../audit/flux-facts.ts';
import { IgnoreComments } from '../audit/ignore-comment.ts';
import type { LineIndex, Position, Span } from '../core/span.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Severity } from '../policy/policy.ts';
import type { RuleId } from '../policy/rule-ids.ts';
import type { Files } from './ports.ts';

/** A place that a finding across files may be told at. */
export interface FluxPlace {
  readonly range: { readonly start: Position; readonly end: Position };
  /** Undefined where policy or a comment says that it is not told. */
  readonly level: Level | undefined;
}

/** A Kustomization of Flux, and where findings about it are told. */
export interface ReportedKustomization
  extends Pick<FluxKustomization, 'object' | 'source' | 'path' | 'decrypts'> {
  readonly place: FluxPlace;
  readonly secret: { readonly name: string; readonly place: FluxPlace } | undefined;
}

/** What one file adds to what Flux applies from a repository. */
export interface FluxReport extends Omit<FluxFacts, 'kustomizations'> {
  /** The repository's folder, absolute. */
  readonly root: string;
  /** The file's path from there, with `/`. */
  readonly path: string;
  /** How reports call the file. */
  readonly shown: string;
  readonly kustomizations: readonly ReportedKustomization[];
}

/** A file that was looked through, as far as it matters here. */
interface FluxSource {
  readonly manifest: Manifest;
  readonly lines: LineIndex;
  readonly file: {
    readonly name: string;
    readonly path: () => string;
    readonly severity: ReadonlyMap<string, Severity>;
  };
}

/** What a file that was looked through adds; undefined for nothing. `path` is absolute. */
export function fluxReport(
  { manifest, file, lines }: FluxSource,
  path: string,
  root: string,
  files: Pick<Files, 'relative'>,
): FluxReport | undefined {
  const facts = fluxFacts(manifest, file.name);
  if (facts === undefined) return undefined;
  const ignored = new IgnoreComments(manifest.text);
  const placeAt = ({ start, end }: Span, rule: RuleId, usual: Level): FluxPlace => {
    const level = file.severity.get(rule) ?? usual;
    const silenced = level === 'off' || ignored.silence(start, rule);
    return {
      range: { start: lines.positionAt(start), end: lines.positionAt(end) },
      level: silenced ? undefined : level,
    };
  };
  const kustomizations = facts.kustomizations.map(({ object, span, source, decrypts, secret, ...rest }) => ({
    object: identityOf(object),
    source,
    path: rest.path,
    decrypts,
    place: placeAt(span, 'flux/missing-decryption', 'warning'),
    secret: secret && {
      name: secret.name,
      place: placeAt(secret.span, 'flux/unknown-decryption-secret', 'information'),
    },
  }));
  return { ...facts, root, path: files.relative(root, path), shown: file.path(), kustomizations };
}

/** Without what else an object holds: those of a whole repository are kept at once. */
function identityOf({ apiVersion, kind, namespace, name }: ObjectIdentity): ObjectIdentity {
  return { apiVersion, kind, namespace, name };
}
