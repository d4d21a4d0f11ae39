import * as l10n from '@vscode/l10n';
import type {
  ReEncrypted,
  ReEncryptionProgress,
  ReEncryptionWay,
} from '../../app/clusters/cluster-encryption.ts';
import { Failure } from '../../core/errors.ts';
import { type GroupResource, printGroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { ApiClient, ApiResource, ResourceDiscovery } from '../api/api.ts';
import type { Timing } from '../flux/reconcile.ts';
import { migrate } from './storage-version-migration.ts';
import { writeAnew } from './write-anew.ts';

/** The ways in which a cluster can write a resource anew, the better one first. Throws `cluster.not-found` where it does not serve it. */
export async function waysToReEncrypt(
  discovery: ResourceDiscovery,
  resource: GroupResource,
  signal: AbortSignal,
): Promise<readonly ReEncryptionWay[]> {
  await servedAs(discovery, resource, signal);
  const migrations = await migrationKind(discovery, signal);
  return migrations === undefined ? ['replace'] : ['storage-version-migration', 'replace'];
}

/** As `EncryptionSession.reEncrypt`. */
export async function reEncrypt(
  client: ApiClient,
  discovery: ResourceDiscovery,
  asked: { readonly resource: GroupResource; readonly way: ReEncryptionWay },
  tell: (progress: ReEncryptionProgress) => void,
  signal: AbortSignal,
  timing: Timing,
): Promise<ReEncrypted> {
  const resource = await servedAs(discovery, asked.resource, signal);
  if (asked.way === 'replace') return writeAnew(client, resource, tell, signal);
  const kind = await migrationKind(discovery, signal);
  if (kind === undefined) throw new Failure('cluster.not-found', { what: 'StorageVersionMigration' });
  return migrate(client, kind, resource, signal, timing);
}

async function servedAs(
  discovery: ResourceDiscovery,
  resource: GroupResource,
  signal: AbortSignal,
): Promise<ApiResource> {
  const served = await discovery.findPlural(resource.group, resource.resource, signal);
  if (served !== undefined) return served;
  throw new Failure('cluster.not-found', { what: l10n.t('resource {0}', printGroupResource(resource)) });
}

function migrationKind(discovery: ResourceDiscovery, signal: AbortSignal): Promise<ApiResource | undefined> {
  return discovery.find('storagemigration.k8s.io', 'StorageVersionMigration', signal);
}
