import { workspace } from 'vscode';
import { property } from '../targets.ts';
import type { ClustersView } from './clusters-view.ts';
import { liveOf } from './flux-lenses.ts';
import { type OpenClusters, objectsOfKind } from './open-clusters.ts';
import type { WrittenFluxObjects } from './written-flux-objects.ts';

interface RevealServices {
  readonly clustersView: Pick<ClustersView, 'follow' | 'reveal'>;
  readonly clusterActions: { readonly open: OpenClusters; readonly written: WrittenFluxObjects };
}

/** Follows a link of the tree, or a lens above a manifest, to the object's row. What is there no more is not shown. */
export async function revealFluxObject(
  argument: unknown,
  { clustersView, clusterActions: { open, written } }: RevealServices,
): Promise<void> {
  if (await clustersView.follow(argument)) return;
  const [uri, offset, id] = ['uri', 'offset', 'cluster'].map((name) => property(argument, name));
  if (typeof uri !== 'string' || typeof offset !== 'number' || typeof id !== 'string') return;
  const document = workspace.textDocuments.find((one) => one.uri.toString() === uri);
  const connected = open.byId(id);
  if (document === undefined || connected === undefined) return;
  // The document may have changed since the lens was drawn.
  const object = written.in(document, [connected]).findLast(({ start }) => start <= offset);
  const live = object && liveOf(object, objectsOfKind(connected.session, object));
  if (live !== undefined) await clustersView.reveal(connected.cluster, live);
}
