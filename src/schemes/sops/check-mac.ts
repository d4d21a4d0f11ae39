import { utf8 } from '../../core/bytes.ts';
import { Failure, type SopsMacCause } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { macAad, SopsMac } from '../../crypto/sops/mac.ts';
import { openSopsValue } from '../../crypto/sops/value.ts';
import type { SopsFile } from './file.ts';
import type { OpenedSops, OpenedSopsValue } from './opened.ts';

/** The MAC of values in file order. */
export function macOf(
  values: readonly Pick<OpenedSopsValue, 'encrypted' | 'plaintext'>[],
  options: { readonly onlyEncrypted: boolean },
): string {
  const mac = new SopsMac(options);
  for (const { encrypted, plaintext } of values)
    if (encrypted || !options.onlyEncrypted) mac.add(plaintext.expose());
  return mac.digest();
}

/**
 * Compares the MAC of what was opened with the file's.
 * @throws Failure `sops.mac-mismatch` with what it looks like
 */
export function checkMac(file: SopsFile, dataKey: Plaintext, opened: OpenedSops): void {
  const { metadata } = file;
  const onlyEncrypted = metadata.macOnlyEncrypted;
  if (metadata.mac === '') throw mismatch('no-mac');
  const stored = openSopsValue(metadata.mac, dataKey, macAad(metadata.lastModified) ?? '');
  if (stored === undefined) throw mismatch('lastmodified');
  const expected = utf8(stored.bytes);
  if (expected === macOf(opened.values, { onlyEncrypted })) return;
  throw mismatch(causeOf(opened, onlyEncrypted, expected));
}

function mismatch(cause: SopsMacCause): Failure {
  return new Failure('sops.mac-mismatch', { cause });
}

/** What a wrong MAC comes from, told by which of the known ways gives the right one. */
function causeOf(opened: OpenedSops, onlyEncrypted: boolean, expected: string | undefined): SopsMacCause {
  const { values } = opened;
  if (macOf(withListComments(opened), { onlyEncrypted }) === expected) return 'list-comments';
  if (macOf(values, { onlyEncrypted: !onlyEncrypted }) === expected) return 'mac-only-encrypted';
  if (otherDocuments(values).some((some) => macOf(some, { onlyEncrypted }) === expected)) return 'documents';
  return values.some(({ encrypted }) => !encrypted) && !onlyEncrypted ? 'clear-value' : 'values';
}

/** SOPS 3.13.2 hashes the comments that it keeps as items of lists (getsops/sops#2243). */
function withListComments({
  values,
  comments,
}: OpenedSops): readonly Pick<OpenedSopsValue, 'encrypted' | 'plaintext'>[] {
  const items = comments.filter(({ node }) => node.kind === 'scalar');
  return [...values, ...items.map((item) => ({ ...item, encrypted: true }))].toSorted(
    (a, b) => a.node.span.start - b.node.span.start,
  );
}

/** The file with its documents in any other order, or some of them left out; of many documents each alone. */
function otherDocuments(values: readonly OpenedSopsValue[]): readonly (readonly OpenedSopsValue[])[] {
  const count = (values.at(-1)?.document ?? 0) + 1;
  const documents = Array.from({ length: count }, (_, index) =>
    values.filter(({ document }) => document === index),
  );
  if (count > 4) return documents;
  return arrangements(documents).map((some) => some.flat());
}

function arrangements<T>(items: readonly T[]): readonly (readonly T[])[] {
  return items.flatMap((item, index) => [
    [item],
    ...arrangements(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  ]);
}
