import { arrangementOf, type RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { EncryptionConfiguration, ResourceRule } from '../../manifest/at-rest/configuration.ts';
import { rulesOf } from '../../manifest/at-rest/coverage.ts';
import {
  type GroupResource,
  parseGroupResource,
  printGroupResource,
} from '../../manifest/at-rest/group-resource.ts';
import type { ReEncrypted } from '../clusters/cluster-encryption.ts';
import { idOf } from './server-sightings.ts';
import type { SnapshotAudit } from './snapshot-audit.ts';

/** What shows how much is still stored otherwise than with the new key. Names and numbers only. */
export interface RotationProof {
  /** The file that every API server had loaded when it was begun. It shows nothing of any other. */
  readonly hash: string;
  readonly how: 'snapshot' | 'storage-version-migration' | 'replace';
  /** When it was known, in milliseconds since 1970. */
  readonly at: number;
  /** The resources that it is about, as configurations spell them. */
  readonly resources: readonly string[];
  /** Objects that are not stored with the new key. */
  readonly stale: number;
}

/** The resources that a rotation is about, as the configuration names them. */
export function rotatedResources(
  configuration: EncryptionConfiguration,
  plan: RotationPlan,
): readonly GroupResource[] {
  const names = rotatedRules(configuration, plan).flatMap(({ resources }) =>
    resources.items.map(({ text }) => printGroupResource(parseGroupResource(text))),
  );
  return [...new Set(names)].map(parseGroupResource);
}

/** Whether there is no saying which resources that are: then only a snapshot of etcd shows what is left. */
export function isWildcard({ resource }: GroupResource): boolean {
  return resource === '*';
}

/**
 * How many objects of a rotation's resources are not stored with the new key, by an audit of an etcd snapshot. What is stored
 * under no resource counts where the old key wrote it.
 * @returns undefined where the snapshot cannot tell: it has damaged records, or more rows than are kept
 */
export function staleIn(
  { counts, unreadable }: Pick<SnapshotAudit, 'counts' | 'unreadable'>,
  configuration: EncryptionConfiguration,
  plan: RotationPlan,
): number | undefined {
  const rotated = new Set(rotatedRules(configuration, plan));
  let stale = 0;
  for (const row of counts) {
    const id = idOf(row);
    if (id === plan.to) continue;
    const stored = row.current + row.untold;
    if (row.resource === undefined) {
      if (id === plan.from && plan.from !== 'identity') stale += stored;
      continue;
    }
    if (rulesOf(configuration, row.resource).some((rule) => rotated.has(rule))) stale += stored;
  }
  return unreadable > 0 ? undefined : stale;
}

/** What an audit of an etcd snapshot shows, which must be younger than the roll-out of the swapped file. */
export function snapshotProof(
  stale: number,
  { hash, resources }: { readonly hash: string; readonly resources: readonly GroupResource[] },
  at: number,
): RotationProof {
  return { hash, how: 'snapshot', at, resources: resources.map(printGroupResource), stale };
}

/** What is known after a re-encryption came to its end; what failed is stored as before. */
export function proofAfter(
  { way, failed }: ReEncrypted,
  resource: GroupResource,
  hash: string,
  at: number,
  before?: RotationProof,
): RotationProof {
  const resources = before?.hash === hash && before.how !== 'snapshot' ? before.resources : [];
  const name = printGroupResource(resource);
  const others = resources.filter((other) => other !== name);
  return { hash, how: way, at, resources: failed.length > 0 ? others : [...others, name], stale: 0 };
}

/** How many objects are stored otherwise, as far as a proof shows; undefined where it does not show it for all resources. */
export function staleBy(
  proof: RotationProof | undefined,
  hash: string,
  resources: readonly GroupResource[],
): number | undefined {
  if (proof?.hash !== hash) return undefined;
  const shown = new Set(proof.resources);
  return resources.every((one) => shown.has(printGroupResource(one))) ? proof.stale : undefined;
}

function rotatedRules(configuration: EncryptionConfiguration, plan: RotationPlan): readonly ResourceRule[] {
  return configuration.resources.filter((rule) => arrangementOf(rule, plan) !== undefined);
}
