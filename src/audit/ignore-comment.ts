import { lineEnd } from '../manifest/yaml-lines.ts';

/** Whether `# purser:ignore <rule> <reason>` stands on the line of this offset or the line above it. */
export function isIgnoredByComment(text: string, offset: number, rule: string): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const above = start === 0 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
  const lines = text.slice(above, lineEnd(text, offset, text.length));
  if (!lines.includes('purser:ignore')) return false;
  return lines.split('\n').some((line) => {
    const [, named] = /(?:^|\s)#\s*purser:ignore\s+(\S+)\s+\S/.exec(line) ?? [];
    return named === rule;
  });
}
