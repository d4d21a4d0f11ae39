import { l10n, Uri } from 'vscode';
import { type KeptRotation, keptStatus, withFile, withLook } from '../../app/at-rest/kept-rotation.ts';
import { lookAtServers } from '../../app/at-rest/look-at-servers.ts';
import { type ReadRotationFile, readRotationFile } from '../../app/at-rest/read-rotation-file.ts';
import type { RotationStatus } from '../../app/at-rest/rotation.ts';
import { Failure } from '../../core/errors.ts';
import type { Cluster } from '../clusters/cluster.ts';
import { inCluster } from '../clusters/in-cluster.ts';
import { failureSentence } from '../failure-sentence.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { type ContentServices, rotationContent } from './rotation-content.ts';
import type { RotationNow, Rotations } from './rotations.ts';

export type LookServices = ContentServices &
  Pick<Services, 'clusters'> & { readonly rotations: Pick<Rotations, 'keep' | 'get' | 'now'> };

/** A rotation as it is after a look at its file and its cluster. */
export interface LookedRotation {
  readonly kept: KeptRotation;
  readonly read: ReadRotationFile;
  /** Undefined where the file is about other keys. */
  readonly status: RotationStatus | undefined;
  /** Why the cluster could not be asked, as a sentence. */
  readonly trouble: string | undefined;
}

/**
 * Reads a rotation's file and asks its cluster, which is connected if it is not, and shows in the checklist what came of both. A
 * cluster that cannot be asked is told there, and nothing is then known of it. Throws what keeps the file from being read, and the
 * signal's reason where the person gave up.
 */
export async function lookAtRotation(
  rotation: KeptRotation,
  services: LookServices,
): Promise<LookedRotation> {
  const read = await readFileOf(rotation, services);
  const kept = withFile(rotation, read.file);
  try {
    const cluster = await connected(kept, services);
    const title = plainMessage(l10n.t('Asking the API servers of {0}…', kept.clusterTitle));
    const looked = await inCluster(cluster, (session) =>
      withProgress(title, (signal) => {
        const ask = (asking: AbortSignal) => session.encryption(asking);
        const options = { stated: kept.stated, now: Date.now, signal };
        return lookAtServers(ask, read.configuration, kept, options);
      }),
    );
    const { failure } = looked;
    const trouble = failure === undefined ? undefined : l10n.t('{0}.', failureSentence(failure));
    return await shown(withLook(kept, looked, read.file, Date.now()), read, trouble, services);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return await shown(kept, read, l10n.t('{0}.', failureSentence(error)), services);
  }
}

/** Reads the file of a checklist again without asking anybody anything: what it says of the cluster stays. */
export async function rereadRotation(id: string, services: LookServices): Promise<void> {
  const { rotations } = services;
  const rotation = rotations.get(id);
  if (rotation === undefined) return;
  const { trouble } = rotations.now(id);
  try {
    const read = await readFileOf(rotation, services);
    await rotations.keep(withFile(rotation, read.file), { file: read.file, trouble });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await rotations.keep(rotation, { file: l10n.t('{0}.', failureSentence(error)), trouble });
  }
}

async function shown(
  kept: KeptRotation,
  read: ReadRotationFile,
  trouble: string | undefined,
  { rotations }: Pick<LookServices, 'rotations'>,
): Promise<LookedRotation> {
  const now: RotationNow = { file: read.file, trouble };
  await rotations.keep(kept, now);
  return { kept, read, status: keptStatus(kept, read.file, Date.now()), trouble };
}

async function readFileOf(rotation: KeptRotation, services: ContentServices): Promise<ReadRotationFile> {
  const uri = Uri.parse(rotation.file, true);
  const bytes = await rotationContent(uri, services);
  try {
    return readRotationFile(bytes.expose(), rotation);
  } catch (error) {
    throw error instanceof Failure ? error.at({ path: uri.fsPath }) : error;
  }
}

/** Throws `cluster.closed` where there is no such cluster, and why it cannot be connected. */
export async function connected(
  { cluster: id, clusterTitle }: Pick<KeptRotation, 'cluster' | 'clusterTitle'>,
  { clusters }: Pick<Services, 'clusters'>,
): Promise<Cluster> {
  await clusters.list();
  const cluster = clusters.all().find((one) => one.id === id);
  if (cluster === undefined) throw new Failure('cluster.closed', {}, { cluster: clusterTitle });
  if (cluster.session === undefined) await clusters.open(cluster);
  if (cluster.failure instanceof Failure) throw cluster.failure;
  return cluster;
}
