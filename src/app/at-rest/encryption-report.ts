import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { coverageOf } from '../../manifest/at-rest/coverage.ts';
import { parseGroupResource, printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { readersOf } from '../../manifest/at-rest/readers.ts';
import type { ClusterEncryption } from '../clusters/cluster-encryption.ts';
import { type ComparedFile, type ConfigurationFile, compareFiles } from './compare-files.ts';
import { writerOf } from './configured-keys.ts';
import type { EncryptionMetrics } from './encryption-metrics.ts';
import type { KeyId } from './key-uses.ts';
import { type JudgedPhase, judgePhase, type PhaseReason, unknownPhase } from './phase.ts';

/** What is known of a resource's encryption. */
export interface ResourceReport {
  /** `secrets`, `deployments.apps`. */
  readonly resource: string;
  readonly judged: JudgedPhase;
  /** What the configuration that runs has for it; undefined where no file is that. */
  readonly configured: Configured | undefined;
}

/** What a configuration has write and read a resource. */
export interface Configured {
  readonly writer: KeyId;
  /** As `Reader.id` spells them, in their order; `identity` alone where the configuration leaves the resource out. */
  readonly readers: readonly string[];
}

/** The encryption at rest of one cluster, judged from one of its API servers. */
export interface EncryptionReport {
  /** Secrets first. */
  readonly resources: readonly [ResourceReport, ...ResourceReport[]];
  /** The hash of the configuration that it runs; undefined where it runs none, or does not tell. */
  readonly runs: string | undefined;
  readonly files: readonly ComparedFile[];
  /** The resources and wildcards that the configuration which runs names, with what writes them; none where no file is that. */
  readonly covered: readonly { readonly name: string; readonly writer: KeyId }[];
}

/** More than any cluster encrypts, and few enough to compare each with all rules whoever made them up. */
const mostResources = 500;

/**
 * Judges what a cluster tells of its encryption.
 * @param files the EncryptionConfigurations of the workspace
 * @param wanted resources to judge though nothing names them
 */
export function reportOf(
  { metrics }: Pick<ClusterEncryption, 'metrics'>,
  files: readonly ConfigurationFile[],
  wanted: readonly string[] = [],
): EncryptionReport {
  if (!metrics.ok) {
    const judged = unknownPhase(reasonOf(metrics.failure.code));
    const secrets = { resource: 'secrets', judged, configured: undefined };
    return { resources: [secrets], runs: undefined, files: compareFiles(files, undefined, []), covered: [] };
  }
  const [hash, ...older] = new Set(metrics.value.configurations.map((each) => each.hash));
  // Of two, one is what it had before, and which is not told.
  const runs = older.length === 0 ? hash : undefined;
  const running = files.find((each) => each.hash === runs)?.configuration;
  const covered = running === undefined ? [] : namesIn(running).slice(0, mostResources);
  const judge = (resource: string) => judged(metrics.value, resource, running);
  const seen = seenResources(metrics.value);
  const named = [...wanted, ...[...covered.filter(isNoWildcard), ...seen].toSorted()];
  const others = [...new Set(named)].filter((name) => name !== 'secrets').slice(0, mostResources);
  const resources = [judge('secrets'), ...others.toSorted().map(judge)] as const;
  return {
    resources,
    runs,
    files: compareFiles(files, runs, resources.flatMap(keysSeen)),
    covered: covered.map((name) => ({ name, writer: coverer(running, name) })),
  };
}

function judged(
  metrics: EncryptionMetrics,
  resource: string,
  running: EncryptionConfiguration | undefined,
): ResourceReport {
  const configured = running && configuredFor(running, resource);
  return { resource, judged: judgePhase(metrics, resource, configured?.writer), configured };
}

function configuredFor(running: EncryptionConfiguration, resource: string): Configured {
  const parsed = parseGroupResource(resource);
  const readers = readersOf(coverageOf(running, parsed).readers).map(({ id }) => id);
  return { writer: writerOf(running, parsed), readers: readers.length === 0 ? ['identity'] : readers };
}

function coverer(running: EncryptionConfiguration | undefined, name: string): KeyId {
  return running === undefined
    ? { provider: 'identity', keyName: undefined }
    : writerOf(running, parseGroupResource(name));
}

function namesIn({ resources }: EncryptionConfiguration): readonly string[] {
  const names = resources.flatMap((rule) => rule.resources.items);
  return [...new Set(names.map(({ text }) => printGroupResource(parseGroupResource(text))))];
}

function isNoWildcard(name: string): boolean {
  return !name.startsWith('*');
}

/** Those that metrics name; before Kubernetes 1.32 they name none. */
function seenResources({ transformations }: EncryptionMetrics): readonly string[] {
  return transformations.flatMap(({ resource }) => (resource === undefined ? [] : [resource]));
}

function keysSeen({ judged: { writers, readers } }: ResourceReport): readonly KeyId[] {
  return [...writers, ...readers];
}

function reasonOf(code: string): PhaseReason {
  if (code === 'cluster.forbidden') return 'no-right';
  return code === 'cluster.not-found' || code === 'cluster.bad-answer' ? 'no-api-server' : 'not-answered';
}
