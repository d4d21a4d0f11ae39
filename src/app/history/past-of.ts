import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { History } from '../ports.ts';
import { historySentence, unseenSentence } from './history-sentence.ts';
import { type NamedValue, worthSearching } from './sealed-values.ts';

/** What is to be said, if anything. */
export interface Past {
  /** Values that stand in plaintext in the history. */
  readonly found: string | undefined;
  /** That nothing was found, and not everything was looked through. */
  readonly unseen: string | undefined;
}

/** Whether values that were just sealed stand in plaintext in the history around a file. Throws as `History.find`. */
export async function pastOf(
  path: string,
  values: readonly NamedValue[],
  { history, registry }: { readonly history: History; readonly registry: SchemeRegistry },
  signal: AbortSignal,
): Promise<Past | undefined> {
  const searched = worthSearching(values, registry);
  if (searched.length === 0) return undefined;
  const past = await history.find(
    path,
    searched.map(({ plaintext }) => plaintext),
    signal,
  );
  if (past === undefined) return undefined;
  const names = searched.map(({ name }) => name);
  return { found: historySentence(names, past), unseen: unseenSentence(past) };
}
