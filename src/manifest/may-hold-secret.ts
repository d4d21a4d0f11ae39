import { skipBlanks } from './yaml-lines.ts';

/**
 * Whether a document's text may hold a Secret, or a manifest with one as text. Reading a document costs many times
 * what this does, and of a hundred documents three or four have one.
 */
export function mayHoldSecret(text: string): boolean {
  if (namesSecret(text)) return hasEntries(text) || standsForItself(text);
  // The search for one character is many times faster than the pattern, and nearly always enough.
  return text.includes('\\') && /\\[xuU]/.test(text);
}

/** Whether `Secret` or `SecretList` stands where a whole value could. */
function namesSecret(text: string): boolean {
  for (let at = text.indexOf('Secret'); at !== -1; at = text.indexOf('Secret', at + 6)) {
    if (!/[A-Za-z0-9]/.test(text[at - 1] ?? '') && endsValue(text, at + 6)) return true;
  }
  return false;
}

function endsValue(text: string, after: number): boolean {
  let at = text.startsWith('List', after) ? after + 4 : after;
  // A quote inside a quoted text is escaped.
  if (text[at] === '\\') at++;
  if (text[at] === '"' || text[at] === "'") at++;
  at = skipBlanks(text, at, text.length);
  return at >= text.length || '\r\n,}]#:'.includes(text[at] ?? '');
}

/** Whether `data` or `stringData` stands anywhere, in any case, but as the end of `metadata`. */
function hasEntries(text: string): boolean {
  for (let at = text.indexOf('ata'); at !== -1; at = text.indexOf('ata', at + 3)) {
    const d = text[at - 1];
    if ((d === 'd' || d === 'D') && text[at - 2] !== 'a') return true;
  }
  return text.includes('DATA');
}

const rootKind = /^(?:\ufeff|---[ \t]|\? )?["']?kind\b[^]{0,40}?Secret/m;

/** A Secret that has no entries yet, which one may be added to: a mere reference to one is no object. */
function standsForItself(text: string): boolean {
  return rootKind.test(text) || text.includes('List') || /^\s*(?:---\s*)?[{[]/.test(text);
}
