import * as l10n from '@vscode/l10n';
import type { Audited } from '../audit/audit.ts';
import { inWords, type Level, type ObjectIdentity, placeOf } from '../audit/finding.ts';
import { IgnoreComments } from '../audit/ignore-comment.ts';
import { wholeFilePlace } from '../audit/whole-file.ts';
import type { LineIndex, Position } from '../core/span.ts';
import type { Severity } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { ValueSchemeId } from '../schemes/scheme.ts';

/** Where a ciphertext stands that could be copied to another place without anything in it saying so. */
export interface SealedToken {
  /** The same for the same ciphertext. */
  readonly mark: string;
  readonly path: string;
  readonly range: { readonly start: Position; readonly end: Position };
  readonly object: ObjectIdentity | undefined;
  readonly entry: string | undefined;
  /** `stringData.password of Secret db/main`, or `the file`. */
  readonly where: string;
  /** How a copy is told here; undefined where policy or a comment says that it is not. */
  readonly level: Level | undefined;
}

/** A file's name in reports, and the levels that policy gives rules in it. */
interface ReportedFile {
  readonly path: () => string;
  readonly severity: ReadonlyMap<string, Severity>;
}

/** The ciphertexts of a file that are bound to nothing. */
export function sealedTokens(
  audited: Audited,
  file: ReportedFile,
  lines: LineIndex,
  registry: SchemeRegistry,
): readonly SealedToken[] {
  const found = [...unboundTokens(audited, registry)];
  if (found.length === 0) return [];
  const ignored = new IgnoreComments(audited.text);
  const severity = file.severity.get('copied-ciphertext') ?? 'warning';
  return found.map(({ token, place }) => {
    const { span, entry, object } = place;
    const silenced = severity === 'off' || ignored.silence(span.start, 'copied-ciphertext');
    return {
      mark: markOf(token),
      path: file.path(),
      range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) },
      object: object && identityOf(object),
      entry,
      where: inWords(place) || l10n.t('the file'),
      level: silenced ? undefined : severity,
    };
  });
}

function* unboundTokens({ groups, text }: Audited, registry: SchemeRegistry) {
  const isUnbound = (id: ValueSchemeId) => registry.byId(id).traits.boundTo === 'nothing';
  for (const { scheme, envelopes } of groups) {
    if (!isUnbound(scheme)) continue;
    for (const envelope of envelopes) yield { token: envelope.token, place: placeOf(envelope) };
  }
  const whole = groups.length === 0 ? registry.ofToken(text.trim()) : undefined;
  if (whole !== undefined && isUnbound(whole.id)) yield { token: text, place: wholeFilePlace(text) };
}

/** Without what else a manifest's object holds: tokens of a whole repository are kept at once. */
function identityOf({ apiVersion, kind, namespace, name }: ObjectIdentity): ObjectIdentity {
  return { apiVersion, kind, namespace, name };
}

/**
 * The end of a ciphertext, 33 bytes in base64: in Fernet its MAC, in secretbox what a random nonce made of the value, so
 * no two ciphertexts end alike. A string of its own: a slice would keep the whole file in memory.
 */
function markOf(token: string): string {
  return Buffer.from(token.trim().slice(-44)).toString('latin1');
}
