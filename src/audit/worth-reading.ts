import { isAboutFile } from './field-rules.ts';

/**
 * A word that the bytes of every file are searched for. Each costs as much as reading a twentieth of the files, so there
 * are few, they begin with capitals, which are rare, have seven letters at most, which Node finds several times sooner, and
 * what stands around them is looked at before a file is decoded.
 */
interface Mark {
  readonly word: string;
  /** Whether a place where the word begins counts. */
  readonly counts: (bytes: Buffer, at: number) => boolean;
}

/** What kinds of resources go on with after `Secret`. */
const secretKinds = ['List', 'Store', 'Generator', 'Transformation', 'sApp'];

const marks: readonly Mark[] = [
  // Descriptions are full of Secrets; a kind ends its line, or what it is quoted in.
  { word: 'Secret', counts: (bytes, at) => endsValue(bytes, at + 6, secretKinds) },
  // Kubeconfigs, and configurations with keys; not ConfigMaps.
  { word: 'Config', counts: (bytes, at) => endsValue(bytes, at + 6, ['uration']) },
  { word: 'KEY', counts: endsKeyMark },
  // base64 of `-----BEGIN `, of `apiVersion`, and of what follows `{"` in a JSON kubeconfig.
  { word: 'LS0tLS1', counts: (bytes, at) => goesOn(bytes, at + 7, 'CRUdJTi') },
  { word: 'YXBpVmVyc2lvb', counts: () => true },
  { word: 'JhcGlWZXJzaW9u', counts: () => true },
  // A generator of the External Secrets Operator.
  { word: 'Fake', counts: (bytes, at) => endsValue(bytes, at + 4, []) },
  { word: 'Helm', counts: (bytes, at) => endsValue(bytes, at + 4, ['Release', 'Chart', 'ChartConfig']) },
  // Argo CD's
  {
    word: 'Applica',
    counts: (bytes, at) => goesOn(bytes, at + 7, 'tion') && endsValue(bytes, at + 11, ['Set']),
  },
  // Flux' objects; not their definitions.
  { word: '.fluxcd', counts: (bytes, at) => goesOn(bytes, at + 7, '.io/v') },
  // What SOPS encrypted, values of Helm too: it may be damaged, for others than its rule says, or too large for Flux.
  { word: 'ENC[', counts: () => true },
];

function goesOn(bytes: Buffer, offset: number, rest: string): boolean {
  return bytes.toString('latin1', offset, offset + rest.length) === rest;
}

/** Whether `PRIVATE KEY` or `AGE-SECRET-KEY-` ends with the word that begins here. */
function endsKeyMark(bytes: Buffer, at: number): boolean {
  const before = bytes.toString('latin1', Math.max(0, at - 8), at);
  return before === 'PRIVATE ' || before === '-SECRET-';
}

const afterValue: ReadonlySet<string> = new Set(['', '\r', '\n', ',', '}', ']', '#', ':', '"', "'", '\\']);

/** Whether a word that ends at an offset, or goes on there as one of these, could end a value or a key. */
function endsValue(bytes: Buffer, offset: number, others: readonly string[]): boolean {
  const rest = bytes.toString('latin1', offset, offset + longest);
  const other = others.findLast((one) => rest.startsWith(one)) ?? '';
  const after = rest.slice(other.length).trimStart();
  return afterValue.has(after[0] ?? '') || /^[^\S\r\n]*[\r\n]/.test(rest.slice(other.length));
}

/** Room for what a word may go on as, and for some blanks. */
const longest = 24;

/** Files of JSON Web Keys, in which no word is rare. */
const jsonName = /\.(?:json|jwks?)$/i;

/** `\x53ecret` in a double-quoted scalar, `\u0053ecret` in JSON. */
const escapes: ReadonlySet<number> = new Set([0x78, 0x75, 0x55]);
const backslash = 0x5c;

/**
 * Whether a file is worth decoding: it is about a rule by its name, holds a mark of one, an escape that may spell one, or
 * is no UTF-8 text. A few files in a hundred are, so this decides how long a scan takes.
 */
export function isWorthReading(bytes: Uint8Array, fileName: string): boolean {
  const [first = 0] = bytes;
  if (first === 0xff || first === 0xfe || isAboutFile(fileName) || bytes.includes(0)) return true;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (marks.some((mark) => holds(buffer, mark)) || hasEscape(buffer)) return true;
  return jsonName.test(fileName) && buffer.includes('"kty', 0, 'latin1');
}

function holds(bytes: Buffer, { word, counts }: Mark): boolean {
  for (let at = find(bytes, word, 0); at !== -1; at = find(bytes, word, at + word.length)) {
    if (counts(bytes, at)) return true;
  }
  return false;
}

function find(bytes: Buffer, word: string, from: number): number {
  return bytes.indexOf(word, from, 'latin1');
}

function hasEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(backslash); at !== -1; at = bytes.indexOf(backslash, at + 2)) {
    if (escapes.has(bytes[at + 1] ?? 0)) return true;
  }
  return false;
}
