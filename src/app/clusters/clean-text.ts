import { onOneLine } from '../sentence.ts';

/** What nearly all names and messages are: nothing in it needs another look. */
const plainAscii = /^[!-~]+(?: [!-~]+)*$/;

/**
 * Text from a cluster as a label: one line, cut to a length, and without characters that could disguise it. Control
 * characters, bidirectional and zero-width ones and halves of surrogate pairs show as U+FFFD, line breaks as a space.
 *
 * @param limit in UTF-16 units
 */
export function cleanText(text: string, limit: number): string {
  if (text.length <= limit && plainAscii.test(text)) return text;
  // Cut first: what a server says may be megabytes.
  const start = text.slice(0, limit * 4).replace(/\s+/gu, ' ');
  const plain = onOneLine(start.trim()).toWellFormed();
  return plain.length > limit ? `${plain.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : plain;
}
