/** Which characters a text holds. One pass collects them, so that no pattern runs on text it cannot match. */
export const HAS = {
  space: 1 << 0,
  newline: 1 << 1,
  angle: 1 << 2,
  brace: 1 << 3,
  dollar: 1 << 4,
  colon: 1 << 5,
  slash: 1 << 6,
  at: 1 << 7,
  equals: 1 << 8,
  dot: 1 << 9,
  dash: 1 << 10,
  underscore: 1 << 11,
  percent: 1 << 12,
  star: 1 << 13,
  hash: 1 << 14,
  paren: 1 << 15,
  bracket: 1 << 16,
  quote: 1 << 17,
  plus: 1 << 18,
  semicolon: 1 << 19,
  ampersand: 1 << 20,
  comma: 1 << 21,
  foreign: 1 << 22,
  control: 1 << 23,
  otherSymbol: 1 << 24,
  x: 1 << 25,
} as const;

const BITS: Readonly<Record<string, number>> = {
  ' ': HAS.space,
  '\t': HAS.space,
  '\n': HAS.newline,
  '\r': HAS.newline,
  '<': HAS.angle,
  '>': HAS.angle,
  '{': HAS.brace,
  '}': HAS.brace,
  $: HAS.dollar,
  ':': HAS.colon,
  '/': HAS.slash,
  '@': HAS.at,
  '=': HAS.equals,
  '.': HAS.dot,
  '-': HAS.dash,
  _: HAS.underscore,
  '%': HAS.percent,
  '*': HAS.star,
  '#': HAS.hash,
  '(': HAS.paren,
  ')': HAS.paren,
  '[': HAS.bracket,
  ']': HAS.bracket,
  '"': HAS.quote,
  '+': HAS.plus,
  ';': HAS.semicolon,
  '&': HAS.ampersand,
  ',': HAS.comma,
};

const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const CLASS_BITS = 3;
const VOWEL = 4;
const MASK_SHIFT = 3;

/** Per ASCII code: class, whether it is a vowel, and above them its `HAS` bit. */
const INFO = new Int32Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  const vowel = 'aeiouAEIOU'.includes(char) ? VOWEL : 0;
  if (char === 'x') INFO[code] = LOWER | (HAS.x << MASK_SHIFT);
  else if (char === 'X') INFO[code] = UPPER | (HAS.x << MASK_SHIFT);
  else if (char >= 'a' && char <= 'z') INFO[code] = LOWER | vowel;
  else if (char >= 'A' && char <= 'Z') INFO[code] = UPPER | vowel;
  else if (char >= '0' && char <= '9') INFO[code] = DIGIT;
  else INFO[code] = (BITS[char] ?? (code < 32 || code === 127 ? HAS.control : HAS.otherSymbol)) << MASK_SHIFT;
}
const FOREIGN = HAS.foreign << MASK_SHIFT;

export interface Shape {
  readonly length: number;
  readonly mask: number;
  readonly lower: number;
  readonly upper: number;
  readonly digit: number;
  readonly vowels: number;
  /** Neighbours of different classes, `Aa` not counted because words are written so. */
  readonly changes: number;
  /** Neighbours that are both letters or digits. */
  readonly pairs: number;
  /** Neighbours of different classes where symbols are a class of their own. */
  readonly mixes: number;
}

/** One pass over the text; linear. */
export function shapeOf(text: string): Shape {
  const info = INFO;
  let bits = 0;
  let lower = 0;
  let upper = 0;
  let digit = 0;
  let vowels = 0;
  let changes = 0;
  let pairs = 0;
  let mixes = 0;
  let before = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const entry = code < 128 ? (info[code] as number) : FOREIGN;
    const kind = entry & CLASS_BITS;
    bits |= entry;
    if (kind === LOWER) lower++;
    else if (kind === DIGIT) digit++;
    else if (kind === UPPER) upper++;
    vowels += (entry & VOWEL) >> 2;
    if (kind === before) {
      if (kind !== 0) pairs++;
    } else if (before >= 0) {
      mixes++;
      if (kind !== 0 && before !== 0) {
        pairs++;
        if (kind !== LOWER || before !== UPPER) changes++;
      }
    }
    before = kind;
  }
  return {
    length: text.length,
    mask: bits >> MASK_SHIFT,
    lower,
    upper,
    digit,
    vowels,
    changes,
    pairs,
    mixes,
  };
}

const ORDINARY = HAS.dash | HAS.underscore | HAS.dot | HAS.plus | HAS.slash | HAS.equals | HAS.x;
const MIN_RANDOM = 16;
const SHORTEST_RANDOM = 12;
const RANDOM_SCORE = 0.27;
const SURE_RANDOM_SCORE = 0.45;
const ENGLISH_VOWELS = 0.38;

/**
 * How unlike words the letters and digits are: about 0.1 for words, 0.2 for camel case with numbers, 0.3 for
 * base32, 0.5 for hex and base64. Class changes between neighbours, plus what is missing of the vowels.
 */
export function randomness(shape: Shape): number {
  if (shape.pairs === 0) return 0;
  const letters = shape.lower + shape.upper;
  const missingVowels = letters === 0 ? 0 : ENGLISH_VOWELS - shape.vowels / letters;
  return shape.changes / shape.pairs + missingVowels / 2;
}

/** A string nobody would type as words: keys, tokens, generated passwords. */
export function looksRandom(shape: Shape): boolean {
  const { length, mask, lower, upper, digit } = shape;
  if (length < SHORTEST_RANDOM || (mask & (HAS.space | HAS.newline | HAS.control)) !== 0) return false;
  const letters = lower + upper;
  if (letters === 0 || letters + digit < length * 0.6) return false;
  if ((mask & ~ORDINARY) !== 0) {
    const kinds = (lower > 0 ? 1 : 0) + (upper > 0 ? 1 : 0) + (digit > 0 ? 1 : 0);
    return kinds >= 2 && shape.mixes >= length * 0.4;
  }
  const separators = length - letters - digit;
  if (separators > length / 6) return false;
  const score = randomness(shape);
  if (length >= MIN_RANDOM) return score >= RANDOM_SCORE;
  return score >= SURE_RANDOM_SCORE && lower > 0 && upper > 0 && digit > 0;
}
