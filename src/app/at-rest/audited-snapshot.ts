import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import type { AuditSettings, SnapshotAudit } from './snapshot-audit.ts';
import { unreadableValues } from './unreadable-values.ts';

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

/**
 * Whether anything is in it that a person should act on: plaintext that should be encrypted, damaged records, or values that no API
 * server with the configuration can read.
 */
export function needsAction({ audit, configuration }: AuditedSnapshot): boolean {
  const isUnread = configuration !== undefined && unreadableValues(audit, configuration).length > 0;
  return audit.plaintext.length > 0 || audit.unreadable > 0 || isUnread;
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
