import { type EncryptionReport, reportOf } from '../../app/at-rest/encryption-report.ts';
import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import { findConfigurations } from './configuration-files.ts';
import { encryptionFacts } from './encryption-facts.ts';
import { resourceText, stateOf } from './encryption-words.ts';
import type { EncryptionKnown, FactEntry } from './fact.ts';
import { askKkp } from './kkp-facts.ts';

interface AskedEncryption {
  /** What the row itself says. */
  readonly said: NonNullable<EncryptionKnown['said']>;
  readonly facts: readonly FactEntry[];
}

/**
 * Asks a cluster about its encryption at rest, the seed about a KKP user cluster, and the workspace for configurations. Throws
 * `cluster.…` and the signal's reason.
 */
export async function askEncryption(
  cluster: Cluster,
  session: ClusterSession,
  clusters: Pick<Clusters, 'all'>,
  signal: AbortSignal,
): Promise<AskedEncryption> {
  const [told, files, kkp] = await Promise.all([
    session.encryption(signal),
    findConfigurations(signal),
    askKkp(cluster, clusters, signal),
  ]);
  const report = reportOf(told, files);
  const facts = [...encryptionFacts(report, told, files), ...kkp.facts];
  return { said: kkp.said !== undefined && isUnknown(report) ? kkp.said : saidOf(report), facts };
}

function isUnknown({ resources: [secrets] }: EncryptionReport): boolean {
  return secrets.judged.phase === 'Unknown';
}

function saidOf({ resources: [secrets] }: EncryptionReport): AskedEncryption['said'] {
  return { text: resourceText(secrets), state: stateOf(secrets.judged) };
}
