import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import type { AuditSettings, SnapshotAudit } from './snapshot-audit.ts';

/** A snapshot that was looked through, as it is reported. Names only. */
export interface AuditedSnapshot {
  /** As the person calls it. */
  readonly path: string;
  /** Whether its checksum is right; a member's `db` file has none. */
  readonly checksum: 'verified' | 'none';
  readonly audit: SnapshotAudit;
  /** What it was compared with. */
  readonly configuration: EncryptionConfiguration | undefined;
}

/** Whether anything is in it that a person should act on: plaintext that should be encrypted, or damaged records. */
export function needsAction({ audit }: AuditedSnapshot): boolean {
  return audit.plaintext.length > 0 || audit.unreadable > 0;
}

/**
 * Verifies a snapshot's checksum, looks through it, and lets other work have its turn in between.
 * @throws Failure `file.unreadable`, `snapshot.malformed`, `snapshot.altered`
 */
export type LookThrough = (
  path: string,
  settings: Omit<AuditSettings, 'seeds'>,
  signal: AbortSignal,
) => Promise<Pick<AuditedSnapshot, 'checksum' | 'audit'>>;
