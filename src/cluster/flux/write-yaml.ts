import type { JsonObject } from '../api/json.ts';

/** What does not show, or shows something else than is there; line breaks and tabs do show. */
const invisible = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const everyInvisible = new RegExp(invisible, 'gu');

/** Longer ones need to be marked as keys (YAML 1.2.2, 7.4.2). */
const plainKeyAtMost = 1_000;

/**
 * JSON as YAML for reading, as kubectl lays it out, with invisible characters as escapes: quoted wherever a reader of YAML 1.1
 * or 1.2 could take a text for something else. Some ten times as fast as the package, which a person waits for.
 *
 * @param value nested only so deeply that a function can follow
 */
export function writeYaml(value: JsonObject): string {
  const lines: string[] = [];
  writeObject(lines, value, '', '');
  return lines.length === 0 ? '{}\n' : `${lines.join('\n')}\n`;
}

/** @param first what the first line begins with, in place of the indentation */
function writeObject(lines: string[], object: JsonObject, pad: string, first: string): void {
  let begin = first;
  for (const [name, value] of Object.entries(object)) {
    const key = inOneLine(name);
    const head = key.length > plainKeyAtMost ? `? ${key}\n${pad}:` : `${key}:`;
    writeValue(lines, value, pad, `${begin}${head}`, `${pad}  `);
    begin = pad;
  }
}

/**
 * @param pad the indentation of a list's items
 * @param head what stands before the value: a key, or the mark of an item
 * @param below the indentation of an object's keys and a text's lines
 */
function writeValue(lines: string[], value: unknown, pad: string, head: string, below: string): void {
  if (Array.isArray(value) && value.length > 0) {
    lines.push(head);
    for (const item of value) writeItem(lines, item, pad);
  } else if (isFilled(value)) {
    lines.push(head);
    writeObject(lines, value, below, below);
  } else if (typeof value === 'string' && isBlock(value)) {
    lines.push(`${head} |${chomping(value)}`);
    const text = value.replace(/\n$/, '');
    for (const line of text.split('\n')) lines.push(line === '' ? '' : `${below}${line}`);
  } else
    lines.push(`${head} ${typeof value === 'string' ? inOneLine(value) : JSON.stringify(value ?? null)}`);
}

function writeItem(lines: string[], item: unknown, pad: string): void {
  const below = `${pad}  `;
  if (isFilled(item)) writeObject(lines, item, below, `${pad}- `);
  else writeValue(lines, item, below, `${pad}-`, below);
}

function isFilled(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

/** Whether a text of several lines can stand as it is; its first line gives the indentation, so it must not have one. */
function isBlock(text: string): boolean {
  return text.includes('\n') && /^\S/.test(text) && !invisible.test(text);
}

function chomping(text: string): string {
  if (!text.endsWith('\n')) return '-';
  return text.endsWith('\n\n') ? '+' : '';
}

function inOneLine(text: string): string {
  return isPlain(text) ? text : escaped(JSON.stringify(text));
}

/** Or a path from where it stands. */
const aLetter = /^(?:[\p{L}/_•]|\.{1,2}\/)/u;
/** Begins with a digit, and has a letter that no number and no time has. Two expressions: one would take quadratic time. */
const aMeasure = /^(?!\d{4}-\d)\d[\w./@+-]*$/;
const noNumber = /[g-np-wyz]/i;
const aWord = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const aMark = /[\n\t]|: | #|[: ]$/;

function isPlain(text: string): boolean {
  return (
    (aLetter.test(text) || (aMeasure.test(text) && noNumber.test(text))) &&
    !aWord.test(text) &&
    !aMark.test(text) &&
    !invisible.test(text)
  );
}

/** As double quotes spell what does not show. */
export function escaped(text: string): string {
  return text.replace(everyInvisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16).padStart(code > 0xffff ? 8 : 4, '0');
    return `\\${code > 0xffff ? 'U' : 'u'}${hex}`;
  });
}
