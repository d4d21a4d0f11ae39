import { keyEvidence } from './keys.ts';
import { isNeverCredential, isPublicValue } from './public.ts';
import { HAS, looksRandom, type Shape, shapeOf } from './shape.ts';
import { roleOf } from './vocabulary.ts';

const LONGEST = 4096;
/** `server { … }`, `listener "tcp" { … }`, `global: { … }`, `{ … }` with a setting inside. */
const BLOCK = /^[\w"'.:=\s-]{0,128}\{[^{}]*[\w"}]\s*[:;=\s]/;
const SETTING = /^[A-Za-z_][\w.-]{0,64}\s{0,4}[:=]\s{1,4}(\S{1,256})$/;
const LIST = /^[A-Za-z][A-Za-z._-]*(?:,[ ]?[A-Za-z][A-Za-z._-]*){2,}$/;
const SENTENCE = /^[A-Z][\w'-]*(?:[,;:]? [\w'(`-][\w'`.)/-]*){4,}[.!?]$/;
const FUNCTION_WORD = / (?:the|a|an|is|are|be|of|to|for|and|or|in|on|with|this|that|it) /;

/** One line of a form that people give to settings, lists and sentences, without a word that could be a credential. */
export function isHarmless(text: string, shape: Shape): boolean {
  return shape.length <= LONGEST && hasHarmlessForm(text, shape) && !hasSuspect(text);
}

function hasHarmlessForm(text: string, { mask }: Shape): boolean {
  if ((mask & HAS.brace) !== 0) return text.endsWith('}') && BLOCK.test(text);
  if ((mask & HAS.comma) !== 0 && LIST.test(text)) return true;
  if ((mask & HAS.space) === 0) return false;
  const value = SETTING.exec(text)?.[1];
  if (value !== undefined) return isPublicValue(value, shapeOf(value));
  return SENTENCE.test(text) && FUNCTION_WORD.test(text);
}

/** A random-looking word, or the name of a credential unless a path or flag follows it. */
function hasSuspect(text: string): boolean {
  const words = text.split(/[\s{}()[\];"'`=,]+/);
  return words.some((word, i) => {
    const shape = shapeOf(word);
    if (looksRandom(shape) && !isPublicValue(word, shape)) return true;
    if (isNeverCredential(word, shape) || !namesCredential(word)) return false;
    const next = words[i + 1] ?? '';
    return !isNeverCredential(next, shapeOf(next));
  });
}

function namesCredential(word: string): boolean {
  const { role } = keyEvidence(word);
  if (role === 'public' || role === 'reference' || role === 'certificate') return false;
  return role !== 'none' && (role !== 'identifier' || roleOf(word) === 'credential');
}
