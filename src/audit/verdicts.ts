import type { Located } from '../manifest/address.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Verdict } from './judge.ts';
import { judgeEntry } from './judge-entry.ts';

/** What was judged: entries of one text in order, with a verdict each. */
export interface Judged {
  readonly entries: readonly Located[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Judges entries, taking over what an earlier judging of the same text found: entries before and after the changed
 * ones keep their verdicts, so a keystroke in a Secret of 10,000 keys costs one judgement.
 */
export function judgeAll(entries: readonly Located[], registry: SchemeRegistry, before?: Judged): Judged {
  const old = before ?? { entries: [], verdicts: [] };
  const shorter = Math.min(entries.length, old.entries.length);
  let head = 0;
  while (head < shorter && isSame(old.entries[head], entries[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(old.entries.at(-1 - tail), entries.at(-1 - tail))) tail++;
  const verdicts = entries.map((located, index) => {
    const at =
      index < head
        ? index
        : index >= entries.length - tail
          ? index - entries.length + old.entries.length
          : -1;
    return old.verdicts[at] ?? judgeEntry(located, registry);
  });
  return { entries, verdicts };
}

function isSame(old: Located | undefined, now: Located | undefined): boolean {
  if (old === undefined || now === undefined) return false;
  const [a, b] = [old.entry, now.entry];
  if (a.text !== b.text || a.key !== b.key || a.map !== b.map || a.style !== b.style) return false;
  return old.object.type === now.object.type;
}
