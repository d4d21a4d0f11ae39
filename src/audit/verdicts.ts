import type { Located } from '../manifest/address.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Envelope } from '../schemes/scheme.ts';
import { carriedOver } from './carry-over.ts';
import { judgeEntry } from './judge/entry.ts';
import type { Verdict } from './judge/judge.ts';
import type { Pitfall } from './pitfall.ts';
import { pitfallOf } from './value-pitfall.ts';

/** What can be told of a value by itself and its key: it stays as long as they do. */
export interface JudgedValue {
  readonly verdict: Verdict;
  /** What is wrong with the value however secret it is. */
  readonly pitfall: Pitfall | undefined;
  /** What some scheme takes for its own, whole or damaged. */
  readonly token: string | undefined;
}

/** What was judged: the entries of one text in order, and as many values. */
export interface Judged {
  readonly entries: readonly Located[];
  readonly values: readonly JudgedValue[];
}

const nothing: Judged = Object.freeze({ entries: [], values: [] });

/** Judges entries, taking over what an earlier judging of the same text found. */
export function judgeAll(
  entries: readonly Located[],
  registry: SchemeRegistry,
  before: Judged = nothing,
): Judged {
  const earlier = carriedOver(before.entries, entries, isSame);
  const values = entries.map(
    (located, index) => before.values[earlier(index)] ?? judgeOne(located, registry),
  );
  return { entries, values };
}

/** The entries that hold what some scheme takes for its own. */
export function envelopesOf({ entries, values }: Judged): readonly Envelope[] {
  const envelopes: Envelope[] = [];
  for (const [index, { token }] of values.entries()) {
    const located = entries[index];
    if (token !== undefined && located !== undefined)
      envelopes.push({ object: located.object, entry: located.entry, token });
  }
  return envelopes;
}

function judgeOne(located: Located, registry: SchemeRegistry): JudgedValue {
  const verdict = judgeEntry(located, registry);
  return {
    verdict,
    pitfall: pitfallOf(located, verdict, registry),
    token: registry.tokenIn(located.entry),
  };
}

function isSame(old: Located, now: Located): boolean {
  const [a, b] = [old.entry, now.entry];
  if (old.object.type !== now.object.type) return false;
  if (a === b) return true;
  return (
    a.text === b.text && a.key === b.key && a.map === b.map && a.style === b.style && a.aliased === b.aliased
  );
}
