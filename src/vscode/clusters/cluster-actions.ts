import { type Disposable, type DocumentSelector, languages } from 'vscode';
import { Disposables } from '../disposables.ts';
import type { Clusters } from './clusters.ts';
import { FluxLenses } from './flux-lenses.ts';
import { LiveObjects } from './live-objects.ts';
import { OpenClusters } from './open-clusters.ts';
import { WrittenFluxObjects } from './written-flux-objects.ts';

/** What shows live objects outside of the *Clusters* view, and what commands about them work with. */
export class ClusterActions implements Disposable {
  readonly #own = new Disposables();
  readonly open: OpenClusters;
  readonly live: LiveObjects;
  readonly written = new WrittenFluxObjects();

  /** @param manifests the documents above whose objects lenses stand */
  constructor(clusters: Pick<Clusters, 'all' | 'onDidChange'>, manifests: DocumentSelector) {
    this.open = this.#own.add(new OpenClusters(clusters));
    this.live = this.#own.add(new LiveObjects(this.open));
    const lenses = this.#own.add(new FluxLenses(this.open, this.written));
    this.#own.add(languages.registerCodeLensProvider(manifests, lenses));
  }

  dispose(): void {
    this.#own.dispose();
  }
}
