import type { Field } from '../../manifest/fields.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { judge, type Verdict } from './judge.ts';

/** What the judge says of a value that stands elsewhere than in a Secret; `key` is what names it there. */
export function judgeNamed(
  key: string,
  { text, style }: Pick<Field, 'text' | 'style'>,
  map: 'data' | 'stringData',
  registry: SchemeRegistry,
): Verdict {
  const entry = { map, key, text, plain: style === 'plain', secretType: undefined };
  return judge(entry, (token) => registry.ofToken(token) !== undefined);
}
