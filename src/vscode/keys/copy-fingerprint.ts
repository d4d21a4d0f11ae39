import { env } from 'vscode';
import { onOneLine } from '../../app/sentence.ts';
import type { Services } from '../services.ts';
import type { KeyRow } from './key-rows.ts';

/** Copy Fingerprint: what tells a key from all others, as policies pin it and ciphertexts name it. */
export async function copyFingerprint(
  argument: unknown,
  { keysView }: Pick<Services, 'keysView'>,
): Promise<void> {
  const fingerprint = fingerprintOf(keysView.rowOf(argument));
  if (fingerprint !== undefined) await env.clipboard.writeText(onOneLine(fingerprint));
}

function fingerprintOf(row: KeyRow | undefined): string | undefined {
  if (row?.row === 'key') return row.key.fingerprint;
  if (row?.row === 'fingerprint') return row.fingerprint;
  return row?.row === 'unknown' ? row.unknown.recipient : undefined;
}
