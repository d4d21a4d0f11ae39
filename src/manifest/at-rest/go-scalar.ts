/** What a scalar of YAML or JSON is to kube-apiserver. Numbers as JSON spells them. */
export type GoScalarValue =
  | { readonly is: 'null' }
  | { readonly is: 'bool'; readonly value: boolean }
  | { readonly is: 'number'; readonly text: string }
  | { readonly is: 'string'; readonly text: string };

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'yes', 'true', 'on'].flatMap((word) => spellings(word, true)),
  ...['n', 'no', 'false', 'off'].flatMap((word) => spellings(word, false)),
]);
const nulls: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const notFinite = /^(?:\.nan|\.NaN|\.NAN|[-+]?(?:\.inf|\.Inf|\.INF))$/;
const decimalFloat = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const most = { signed: 2n ** 63n, unsigned: 2n ** 64n };
const resolvedTags: ReadonlySet<string> = new Set(['!!bool', '!!int', '!!float', '!!null']);

/** Types a scalar as go-yaml v2 does, which kube-apiserver reads its files with (go.yaml.in/yaml/v2, resolve.go): as YAML 1.1. */
export function typeScalar(text: string, plain: boolean, tag: string | undefined): GoScalarValue {
  const short = tag?.replace(/^(?:!<)?tag:yaml\.org,2002:([^>]*)>?$/, '!!$1');
  const resolves = short === undefined ? plain : resolvedTags.has(short);
  return resolves ? resolvePlain(text) : { is: 'string', text };
}

function spellings(word: string, value: boolean): readonly (readonly [string, boolean])[] {
  const capital = word.charAt(0).toUpperCase() + word.slice(1);
  return [word, capital, word.toUpperCase()].map((spelling) => [spelling, value] as const);
}

function resolvePlain(text: string): GoScalarValue {
  if (nulls.has(text)) return { is: 'null' };
  const value = booleans.get(text);
  if (value !== undefined) return { is: 'bool', value };
  if (notFinite.test(text)) return { is: 'number', text };
  if (text.startsWith('.')) return asFloat(text) ?? { is: 'string', text };
  if (!/^[-+0-9]/.test(text)) return { is: 'string', text };
  const bare = text.replaceAll('_', '');
  return asInteger(bare) ?? asFloat(bare) ?? { is: 'string', text };
}

/** Digits of a 64-bit number at most: more than that is no integer to Go, and would take quadratic time here. */
function asInteger(text: string): GoScalarValue | undefined {
  const [, sign = '', digits = ''] = text.length > 70 ? [] : (integer.exec(text) ?? []);
  if (digits === '') return undefined;
  const magnitude = BigInt(digits.replace(/^0+(?=[0-7])/, '0o'));
  const isInRange = sign === '' ? magnitude < most.unsigned : magnitude < most.signed;
  if (!isInRange && !(sign === '-' && magnitude === most.signed)) return undefined;
  return { is: 'number', text: (sign === '-' ? -magnitude : magnitude).toString() };
}

function asFloat(text: string): GoScalarValue | undefined {
  const value = decimalFloat.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? { is: 'number', text: String(value) } : undefined;
}
