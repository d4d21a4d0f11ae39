import * as l10n from '@vscode/l10n';
import type { Located } from '../../manifest/address.ts';
import { tokenOf } from '../../manifest/secret.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { judge, type Verdict } from './judge.ts';
import { because } from './verdict.ts';

const NO_VALUE = because('empty', () => l10n.t('no value of its own'));

/** Whether an entry holds a ciphertext of one of our schemes. */
export function isSealed({ entry }: Located, registry: SchemeRegistry): boolean {
  const token = tokenOf(entry);
  return token !== undefined && registry.ofToken(token) !== undefined;
}

/** What the judge says of an entry where it stands. An alias is judged as the scalar it stands for; without one it is empty. */
export function judgeEntry({ object, entry }: Located, registry: SchemeRegistry): Verdict {
  const { map, key } = entry;
  const text = entry.style === 'none' ? entry.aliased : entry.text;
  if (text === undefined) return NO_VALUE;
  const judged = { map, key, text, plain: entry.style === 'plain', secretType: object.type };
  return judge(judged, (token) => registry.ofToken(token) !== undefined);
}
