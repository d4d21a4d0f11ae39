import { isConflictMark, isSeparator, nextLine } from './yaml-lines.ts';

const hash = 0x23;
const slash = 0x2f;
const star = 0x2a;

/**
 * Where a comment in flow style ends, or `at` where none begins there: YAML's, with `script` JavaScript's too, and one of
 * git's marks of a conflict.
 */
export function afterFlowComment(text: string, at: number, end: number, script: boolean): number {
  const code = text.charCodeAt(at);
  if (code === slash) return script ? afterScriptComment(text, at, end) : at;
  const skipped = code === hash ? isSeparator(text, at - 1, end) : isConflictMark(text, at, end);
  return skipped ? nextLine(text, at, end) : at;
}

function afterScriptComment(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at + 1);
  if (code === slash) return nextLine(text, at, end);
  if (code !== star) return at;
  const close = text.slice(at + 2, end).indexOf('*/');
  return close === -1 ? end : at + close + 4;
}
