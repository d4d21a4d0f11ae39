import type { Located } from '../manifest/address.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { entryInWords, type Finding, findingAt } from './finding.ts';
import { judgeEntry } from './judge-entry.ts';

/** A Secret's value that anyone who reads the file can use. Values with no evidence either way are warnings. */
export function plaintextSecret(located: Located, registry: SchemeRegistry): Finding | undefined {
  const { judgement, reason } = judgeEntry(located, registry);
  if (judgement !== 'plaintext' && judgement !== 'ambiguous') return undefined;
  const level = judgement === 'plaintext' ? 'error' : 'warning';
  const says = judgement === 'plaintext' ? 'is not encrypted' : 'may be a secret and is not encrypted';
  return findingAt(located, 'plaintext-secret', level, `${entryInWords(located)} ${says} (${reason})`);
}
