import type { Field } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { matchesPath } from './field-path.ts';
import type { FieldRule } from './field-rule.ts';
import type { Finding } from './finding.ts';
import { type InnerField, type InnerObject, objectsOfKind } from './inner-objects.ts';
import { judgeLiteral, literalFinding } from './judge/literal.ts';
import { type LiteralPlace, literalPlaces, literalWords, mayHoldLiteralPlaces } from './literal-places.ts';
import { onePerPlace } from './one-per-place.ts';

/** Literals in the templates and test stores of operators that make Secrets: the rest of such an object only refers. */
export const templates: FieldRule = {
  words: literalWords,
  concerns: mayHoldLiteralPlaces,
  // An object of which a template states two kinds is looked at as both.
  findings: ({ fields }, registry) => onePerPlace(findingsAmong(fields, registry)),
};

function* findingsAmong(fields: readonly Field[], registry: SchemeRegistry): Iterable<Finding> {
  for (const object of objectsOfKind(fields, literalPlaces)) yield* findingsOf(object, registry);
}

function* findingsOf(object: InnerObject, registry: SchemeRegistry): Iterable<Finding> {
  const { identity } = object;
  const places = literalPlaces.get(identity.kind ?? '') ?? [];
  const known = places.filter(({ group }) => group === undefined || identity.apiVersion?.startsWith(group));
  for (const [index, inner] of object.fields.entries()) {
    const place = known.find(({ path }) => matchesPath(inner.path, path));
    if (place === undefined) continue;
    const verdict = judgeLiteral(
      {
        key: keyOf(inner, index, place, object),
        value: { style: inner.field.style, text: withoutExpressions(inner.field.text) },
        map: place.map ?? 'stringData',
        secretByPlace: place.secretByPlace === true,
      },
      registry,
    );
    if (verdict === undefined) continue;
    const where = { span: inner.field.span, object: identity, entry: inner.name, located: undefined };
    yield literalFinding(where, 'plaintext-in-template', verdict);
  }
}

/** Quotes inside an expression (`{{ index . "a" }}`) would end the setting around it for a reader that knows no templates. */
function withoutExpressions(text: string): string {
  return text.includes('{{') ? text.replace(/\{\{[^{}]*\}\}/g, '{{ . }}') : text;
}

/** The name of a value: its key, or what stands beside or above it. */
function keyOf({ path }: InnerField, index: number, { named }: LiteralPlace, object: InnerObject): string {
  if (named === 'above') return String(path.at(-2) ?? '');
  if (named === undefined) return String(path.at(-1) ?? '');
  return object.beside(index, named)?.text ?? '';
}
