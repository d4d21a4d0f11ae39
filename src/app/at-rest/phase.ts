import type { EncryptionMetrics } from './encryption-metrics.ts';
import { type KeyId, type KeyUse, type KeyUses, keyUses } from './key-uses.ts';

/**
 * How far the encryption of a resource is. `None`: it is written in plaintext. `Partial`: a provider writes, but something else was
 * read. `Active`: nothing but what is written was read by this API server since it started.
 */
export type EncryptionPhase = 'None' | 'Partial' | 'Active' | 'Unknown';

/** Why; a sentence for each stands in phase-sentences.ts. */
export type PhaseReason =
  | 'no-configuration'
  | 'identity-writes'
  | 'still-decrypting'
  | 'plaintext-read'
  | 'other-key-read'
  | 'several-writers'
  | 'other-key-wrote'
  | 'one-writer'
  | 'nothing-written'
  | 'nothing-recorded'
  | 'reads-failed'
  | 'resources-mixed'
  | 'page-cut'
  | 'no-api-server'
  | 'no-right'
  | 'not-answered';

/** A phase with what it was judged from. */
export interface JudgedPhase {
  readonly phase: EncryptionPhase;
  /** The first says why it is this phase; others limit what it means. */
  readonly reasons: readonly PhaseReason[];
  readonly writers: readonly KeyUse[];
  readonly readers: readonly KeyUse[];
}

/** The phase where the metrics could not be had. */
export function unknownPhase(reason: PhaseReason): JudgedPhase {
  return { phase: 'Unknown', reasons: [reason], writers: [], readers: [] };
}

/**
 * The phase of one resource, from one scrape of one API server.
 * @param resource as in the metrics: `secrets`, `deployments.apps`
 * @param configured the key that comes first in the configuration, where it is certain that this API server runs it: it is what
 * writes from now on, whatever was counted before the configuration was loaded
 */
export function judgePhase(metrics: EncryptionMetrics, resource: string, configured?: KeyId): JudgedPhase {
  if (metrics.isCut) return unknownPhase('page-cut');
  if (!metrics.isApiServer) return unknownPhase('no-api-server');
  const isMixed = metrics.transformations.some((row) => row.resource === undefined);
  const own = metrics.transformations.filter((row) => isMixed || row.resource === resource);
  const writes = keyUses(own, 'write', configured && [configured]);
  const writers = writes.uses;
  const reads = keyUses(own, 'read', configured === undefined ? writers : [...writers, configured]);
  const { phase, reason } = judge(metrics, writes, reads, configured);
  const limits: PhaseReason[] = [];
  if (reads.failures > 0) limits.push('reads-failed');
  if (isMixed) limits.push('resources-mixed');
  return { phase, reasons: [reason, ...limits], writers, readers: reads.uses };
}

interface Verdict {
  readonly phase: EncryptionPhase;
  readonly reason: PhaseReason;
}

function judge(
  metrics: EncryptionMetrics,
  writes: KeyUses,
  reads: KeyUses,
  configured: KeyId | undefined,
): Verdict {
  const isRead = reads.uses.length + reads.unplaced.length > 0;
  const [first, ...others] = writes.uses;
  if (configured?.provider === 'identity') return inPlaintext(reads);
  if (others.length > 0 || writes.unplaced.length > 0) return { phase: 'Partial', reason: 'several-writers' };
  if (first === undefined && !isRead) return withoutUse(metrics);
  const writer = configured ?? first;
  if (writer === undefined) return { phase: 'Unknown', reason: 'nothing-written' };
  if (writer.provider === 'identity') return inPlaintext(reads);
  if (reads.uses.some(({ provider }) => provider === 'identity'))
    return { phase: 'Partial', reason: 'plaintext-read' };
  if (reads.unplaced.length > 0 || reads.uses.some((reader) => !isSame(reader, writer)))
    return { phase: 'Partial', reason: 'other-key-read' };
  if (first !== undefined && !isSame(first, writer)) return { phase: 'Partial', reason: 'other-key-wrote' };
  return { phase: 'Active', reason: 'one-writer' };
}

function inPlaintext(reads: KeyUses): Verdict {
  const isDecrypting = reads.uses.some(({ provider }) => provider !== 'identity');
  return { phase: 'None', reason: isDecrypting ? 'still-decrypting' : 'identity-writes' };
}

/** Without a configuration an API server records nothing; nor does it for a resource that the configuration leaves out. */
function withoutUse(metrics: EncryptionMetrics): Verdict {
  const isConfigured = metrics.configurations.length > 0 || metrics.transformations.length > 0;
  return isConfigured
    ? { phase: 'Unknown', reason: 'nothing-recorded' }
    : { phase: 'None', reason: 'no-configuration' };
}

function isSame(one: KeyId, other: KeyId): boolean {
  return one.provider === other.provider && one.keyName === other.keyName;
}
