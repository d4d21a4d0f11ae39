import type { Span } from '../../core/span.ts';
import { goQuote } from './go-text.ts';
import type { GoMember, GoValue } from './go-value.ts';

/** What is the matter at one place, in the words of kube-apiserver. */
export interface SaidAt extends Span {
  readonly message: string;
}

/** Where the decoder is: in Go's type of the struct and its field, and as strict errors name it. */
export interface DecodePath {
  readonly struct: string;
  /** `resources.providers.kms`, without indices. */
  readonly fields: string;
  /** `resources[0].providers[3].kms` */
  readonly strict: string;
}

/** A decoder's state: what it found wrong, as sigs.k8s.io/json collects it. */
export class DecodeErrors {
  readonly strict: SaidAt[] = [];
  readonly #told = new Set<string>();
  /** The first value of a wrong type; decoding goes on. */
  type: SaidAt | undefined;
  /** Ends decoding, whatever else is wrong. */
  fatal: SaidAt | undefined;

  wrongType(value: GoValue, into: string, { struct, fields }: DecodePath): void {
    const field =
      fields === '' ? `Go value of type ${into}` : `Go struct field ${struct}.${fields} of type ${into}`;
    const what = inGo(value, into);
    this.type ??= {
      start: value.start,
      end: value.end,
      message: `json: cannot unmarshal ${what} into ${field}`,
    };
  }

  strictly(what: 'unknown field' | 'duplicate field', path: string, at: Span): void {
    const message = `${what} ${goQuote(path)}`;
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.strict.push({ start: at.start, end: at.end, message });
  }
}

function inGo(value: GoValue, into: string): string {
  if (value.is !== 'number') return value.is;
  return into === 'int32' ? `number ${value.text}` : 'number';
}

/** A field of a struct by name: what to do with its value, and where its name stands. */
export type Fields = Readonly<Record<string, (value: GoValue, path: DecodePath, keySpan: Span) => void>>;

/**
 * Decodes an object into a struct of Go's. A null is nothing, and leaves things as they are.
 * @param struct name of the struct, as type errors have it
 * @returns whether it was an object
 */
export function decodeStruct(
  errors: DecodeErrors,
  value: GoValue,
  path: DecodePath,
  { struct, fields }: { readonly struct: string; readonly fields: Fields },
): boolean {
  if (value.is === 'null') return false;
  if (value.is !== 'object') {
    errors.wrongType(value, `v1.${struct}`, path);
    return false;
  }
  const seen = new Set<string>();
  for (const member of value.members) decodeMember(errors, member, path, { struct, fields, seen });
  return true;
}

function decodeMember(
  errors: DecodeErrors,
  { key, keySpan, value }: GoMember,
  path: DecodePath,
  { struct, fields, seen }: { readonly struct: string; readonly fields: Fields; readonly seen: Set<string> },
): void {
  if (errors.fatal !== undefined) return;
  const strict = joined(path.strict, key);
  const decode = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (decode === undefined) {
    errors.strictly('unknown field', strict, keySpan);
    return;
  }
  if (seen.has(key)) errors.strictly('duplicate field', strict, keySpan);
  seen.add(key);
  decode(value, { struct, fields: joined(path.fields, key), strict }, keySpan);
}

/** The items of an array; empty where it is none, which is said. */
export function decodeItems<T>(
  errors: DecodeErrors,
  value: GoValue,
  path: DecodePath,
  { type, item }: { readonly type: string; readonly item: (value: GoValue, path: DecodePath) => T },
): readonly T[] {
  if (value.is === 'null') return [];
  if (value.is !== 'array') {
    errors.wrongType(value, `[]${type}`, path);
    return [];
  }
  return value.items.map((one, index) => item(one, { ...path, strict: `${path.strict}[${index}]` }));
}

function joined(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
