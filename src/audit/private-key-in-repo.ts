import * as l10n from '@vscode/l10n';
import type { Span } from '../core/span.ts';
import type { Field } from '../manifest/fields.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter, type Place } from './finding.ts';
import { findKeyMaterial, keyMarks, mayHoldKey } from './key-material.ts';

/** Keys that stand in a manifest elsewhere than as the value of a Secret: in other objects, annotations, comments. */
export const privateKeyInRepo: FieldRule = {
  words: keyMarks,
  concerns: mayHoldKey,
  *findings(document) {
    const { text, span, fields } = document;
    const told = new Set<Field>();
    for (const { span: found, what } of findKeyMaterial(text.slice(span.start, span.end))) {
      const place = { start: found.start + span.start, end: found.end + span.start };
      const field = spanAround(fields, place.start);
      if (field === undefined) yield keyFinding({ span: place, object: undefined, entry: undefined }, what);
      else if (!told.has(field)) {
        told.add(field);
        yield keyFinding({ span: field.span, object: document.object, entry: field.name }, what);
      }
    }
  },
};

/** A key that stands in clear. Where no object says what it is, its name would tell nothing. */
export function keyFinding({ span, object, entry }: Omit<Place, 'located'>, what: string): Finding {
  const place = { span, object: object?.kind === undefined ? undefined : object, entry, located: undefined };
  const matter: Matter =
    entry === undefined
      ? () => l10n.t('{0} stands here in clear', what)
      : (where) => l10n.t('{0} holds {1} in clear', where, what);
  return new Finding(place, 'private-key-in-repo', 'error', matter);
}

/** Which of the parts of a text, in order and apart, holds an offset. */
function spanAround<T extends { readonly span: Span }>(parts: readonly T[], offset: number): T | undefined {
  let low = 0;
  let high = parts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((parts[middle]?.span.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const part = parts[low];
  return part !== undefined && part.span.start <= offset && offset < part.span.end ? part : undefined;
}
