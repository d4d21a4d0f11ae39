import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import type { Edit } from '../../core/span.ts';
import { sopsTime } from '../../crypto/sops/data-key.ts';
import { sealSopsValue } from '../../crypto/sops/value.ts';
import { putCiphertext, putToken } from '../../manifest/sops-edit.ts';
import { membersOf, type SopsMap } from '../../manifest/sops-tree.ts';
import type { SopsFile } from './file.ts';

/** A MAC as the `mac` of a file. */
export function sealMac(mac: string, dataKey: Plaintext, lastModified: string): string {
  return sealSopsValue({ type: 'str', bytes: new TextEncoder().encode(mac) }, dataKey, lastModified);
}

/**
 * The edits that give every document's `sops` mapping a new `lastmodified` and `mac`.
 * @throws Failure `sops.unreadable` where a document's has none
 */
export function stampEdits(
  { tree, blocks }: SopsFile,
  mac: string,
  dataKey: Plaintext,
  now: Date,
): readonly Edit[] {
  const lastModified = sopsTime(now);
  const sealed = sealMac(mac, dataKey, lastModified);
  return blocks.flatMap((block) => {
    const time = scalarOf(block, 'lastmodified');
    return [
      ...putToken(tree.text, time, time.style === 'single' ? `'${lastModified}'` : `"${lastModified}"`),
      ...putCiphertext(tree.text, scalarOf(block, 'mac'), sealed),
    ];
  });
}

function scalarOf(block: SopsMap, name: string) {
  const node = membersOf(block).find(({ key }) => key === name)?.value;
  if (node?.kind === 'scalar') return node;
  throw new Failure('sops.unreadable', { reason: `in the sops block, there is no ${name}` });
}
