import type { Located } from '../manifest/address.ts';
import { tokenOf } from '../manifest/secret.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { judge, type Verdict } from './judge.ts';

/** Whether an entry holds a ciphertext of one of our schemes. */
export function isSealed({ entry }: Located, registry: SchemeRegistry): boolean {
  const token = tokenOf(entry);
  return token !== undefined && registry.ofToken(token) !== undefined;
}

/** What the judge says of an entry where it stands. One without a scalar of its own is empty. */
export function judgeEntry({ object, entry }: Located, registry: SchemeRegistry): Verdict {
  if (entry.style === 'none') return { judgement: 'empty', reason: 'no value of its own' };
  const { map, key, text } = entry;
  const judged = { map, key, text, plain: entry.style === 'plain', secretType: object.type };
  return judge(judged, (token) => registry.ofToken(token) !== undefined);
}
