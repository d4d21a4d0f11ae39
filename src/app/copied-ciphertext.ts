import * as l10n from '@vscode/l10n';
import { type ReportedFinding, statedParts } from './scan-file.ts';
import type { SealedToken } from './sealed-token.ts';

/**
 * Ciphertexts that stand in two places or more, within a file and across files: findings by file, where there are any.
 * The same entry of the same object in two overlays is two places too: whoever can write one can put its value into the
 * other. Each message names one other place. Linear.
 *
 * @param reports by file, in the order in which places are to be named
 */
export function copiedCiphertext(
  reports: ReadonlyMap<string, { readonly tokens: readonly SealedToken[] }>,
): ReadonlyMap<string, readonly ReportedFinding[]> {
  const findings = new Map<string, ReportedFinding[]>();
  for (const places of byMark(reports)) {
    const [first, second] = places;
    if (first === undefined || second === undefined) continue;
    for (const place of places) {
      const finding = copied(place.token, (place === first ? second : first).token);
      if (finding === undefined) continue;
      const known = findings.get(place.file);
      if (known === undefined) findings.set(place.file, [finding]);
      else known.push(finding);
    }
  }
  return findings;
}

interface PlacedToken {
  readonly file: string;
  readonly token: SealedToken;
}

function byMark(
  reports: ReadonlyMap<string, { readonly tokens: readonly SealedToken[] }>,
): Iterable<readonly PlacedToken[]> {
  const places = new Map<string, PlacedToken[]>();
  for (const [file, { tokens }] of reports) {
    for (const token of tokens) {
      const known = places.get(token.mark);
      if (known === undefined) places.set(token.mark, [{ file, token }]);
      else known.push({ file, token });
    }
  }
  return places.values();
}

function copied(token: SealedToken, other: SealedToken): ReportedFinding | undefined {
  const { path, range, object, entry, where, level } = token;
  if (level === undefined) return undefined;
  const elsewhere = `${other.where} (${other.path}:${other.range.start.line})`;
  const message = l10n.t(
    '{0} holds the same ciphertext as {1}: set one of them again, so that each has its own',
    where,
    elsewhere,
  );
  return {
    rule: 'copied-ciphertext',
    level,
    path,
    range,
    message,
    object: object && statedParts(object),
    entry,
  };
}
