import { type JsonObject, longestName, objectOf, textOf } from '../api/json.ts';

/** Empty where the value is no JSON object: absent and of the wrong type are the same. */
export function record(value: unknown): JsonObject {
  return objectOf(value) ?? {};
}

/** Undefined where the value is no text, or an empty one. */
export function text(value: unknown): string | undefined {
  const said = textOf(value);
  return said === '' ? undefined : said;
}

/** Of an object, a namespace, a kind. Undefined where the value is no text, empty, or longer than any of these. */
export function name(value: unknown): string | undefined {
  const said = text(value);
  return said === undefined || said.length > longestName ? undefined : said;
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An RFC 3339 time. */
export function time(value: unknown): Date | undefined {
  const said = text(value);
  if (said === undefined || !/^\d{4}-\d\d-\d\dT/.test(said)) return undefined;
  const date = new Date(said);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** What stands below names, one inside the other. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => record(found)[name], value);
}
