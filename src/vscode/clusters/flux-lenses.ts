import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { cleanText } from '../../app/clusters/clean-text.ts';
import type { WrittenObject } from '../../app/clusters/find-manifest.ts';
import type { FluxObject } from '../../app/clusters/flux-object.ts';
import { Disposables } from '../disposables.ts';
import { upperFirst } from '../failure-sentence.ts';
import { isManifestDocument } from '../manifests.ts';
import { readSetting } from '../settings.ts';
import type { Cluster } from './cluster.ts';
import { stateName } from './flux-filter.ts';
import { type OpenClusters, objectsOfKind } from './open-clusters.ts';
import { stateIcon } from './row-icons.ts';
import { joined, label } from './row-words.ts';
import { shortRevision } from './short-revision.ts';
import type { WrittenFluxObjects } from './written-flux-objects.ts';

/** Where a lens points: an object in a document, and one of the clusters that have it. */
export interface FluxPlace {
  readonly uri: string;
  /** Where the object begins, in UTF-16 units. */
  readonly offset: number;
  /** Its id. */
  readonly cluster: string;
}

/** A manifest may be applied to a hundred clusters: lenses above it stay on one line. */
const lensesAtMost = 3;
/** Of what stands in a lens. */
const partLimit = 60;

/** What Flux makes of an object, above its manifest, for each open cluster that has it. */
export class FluxLenses implements CodeLensProvider, Disposable {
  readonly #own = new Disposables();
  readonly #clusters: OpenClusters;
  readonly #written: WrittenFluxObjects;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(clusters: OpenClusters, written: WrittenFluxObjects) {
    this.#clusters = clusters;
    this.#written = written;
    this.#own.add(clusters.onDidChange(() => this.#changed.fire()));
    this.#own.add(
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('purser.codeLens') && this.#changed.fire(),
      ),
    );
  }

  dispose(): void {
    this.#own.dispose();
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!isManifestDocument(document) || !readSetting('codeLens.enabled', document.uri)) return [];
    const clusters = this.#clusters.all();
    return this.#written.in(document, clusters).flatMap((written) =>
      clusters
        .flatMap(({ cluster, session }) => {
          const object = liveOf(written, objectsOfKind(session, written));
          return object === undefined ? [] : [lens(document, written, object, cluster)];
        })
        .slice(0, lensesAtMost),
    );
  }
}

/** The object that a manifest became; where it states no namespace, only one of its name can be meant. */
export function liveOf(
  written: Pick<WrittenObject, 'name' | 'namespace'>,
  objects: readonly FluxObject[],
): FluxObject | undefined {
  const named = objects.filter(({ ref }) => ref.name === written.name);
  if (written.namespace === undefined) return named.length === 1 ? named[0] : undefined;
  return named.find(({ ref }) => ref.namespace === written.namespace);
}

function lens(
  document: TextDocument,
  written: WrittenObject,
  object: FluxObject,
  cluster: Cluster,
): CodeLens {
  const position = document.positionAt(written.start);
  const place: FluxPlace = { uri: document.uri.toString(), offset: written.start, cluster: cluster.id };
  const message = cleanText(object.message, 300);
  return new CodeLens(new Range(position, position), {
    title: titleOf(object, cluster),
    command: 'purser.revealFluxObject',
    arguments: [place],
    ...(message === '' ? {} : { tooltip: message }),
  });
}

/** `$(pass) Ready · main@3f2a1c9 · prod` */
function titleOf({ state, reason, revision }: FluxObject, { title }: Cluster): string {
  const failed = state === 'not-ready' && reason !== '';
  const at = revision === undefined || failed ? undefined : label(shortRevision(revision), partLimit);
  const name = upperFirst(stateName(state));
  const said = failed ? l10n.t('{0}: {1}', name, label(reason, partLimit)) : name;
  return joined(`${stateIcon(state)} ${said}`, at, label(title, partLimit));
}
