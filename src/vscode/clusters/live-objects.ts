import {
  type CancellationToken,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  type TextDocumentContentProvider,
  type Uri,
  window,
  workspace,
} from 'vscode';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { sentenceOf } from '../../app/messages.ts';
import { Failure } from '../../core/errors.ts';
import { Disposables } from '../disposables.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Cluster } from './cluster.ts';
import { objectOf } from './flux-rows.ts';
import { inCluster } from './in-cluster.ts';
import { type LiveObject, liveObject, liveScheme, liveUri } from './live-object-uri.ts';
import { objectWords } from './object-words.ts';
import type { OpenClusters } from './open-clusters.ts';
import type { Row } from './rows.ts';

/**
 * *Open Live Object*: an object as it is in the cluster, as a document that can only be read. It is fetched again when it
 * changed and is seen. Values of Secrets are masked by whoever reads the cluster: none is ever in a document.
 */
export class LiveObjects implements TextDocumentContentProvider, Disposable {
  readonly #own = new Disposables();
  readonly #clusters: OpenClusters;
  readonly #changed = this.#own.add(new EventEmitter<Uri>());
  readonly onDidChange: Event<Uri> = this.#changed.event;
  /** Texts that were fetched to be opened. */
  readonly #fetched = new Map<string, string>();
  /** What was known of an object when its document was made: compared by identity, since objects are replaced. */
  readonly #known = new Map<string, unknown>();

  constructor(clusters: OpenClusters) {
    this.#clusters = clusters;
    this.#own.add(workspace.registerTextDocumentContentProvider(liveScheme, this));
    this.#own.add(clusters.onDidChange(() => this.#refresh()));
    this.#own.add(window.onDidChangeVisibleTextEditors(() => this.#refresh()));
    this.#own.add(workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)));
  }

  dispose(): void {
    this.#own.dispose();
    this.#fetched.clear();
    this.#known.clear();
  }

  /** Of a row that stands for an object. */
  async openRow(row: Row | undefined): Promise<void> {
    // A namesake in this cluster is another object.
    if (row?.row === 'item' && row.item.health === 'elsewhere') return;
    const ref = refOf(row);
    if (ref !== undefined && row !== undefined && 'cluster' in row) await this.open(row.cluster, ref);
  }

  async open(cluster: Cluster, ref: ObjectRef): Promise<void> {
    const uri = liveUri(cluster.title, { cluster: cluster.id, ref });
    const title = plainMessage(l10n.t('Reading {0} in {1}…', objectWords(ref), cluster.title));
    const known = this.#knownOf({ cluster: cluster.id, ref });
    const text = await inCluster(cluster, (session) =>
      withProgress(title, (signal) => session.live(ref, signal)),
    );
    const id = uri.toString();
    this.#fetched.set(id, text);
    this.#known.set(id, known);
    // A document that is open already asks for its text only when told to.
    this.#changed.fire(uri);
    await window.showTextDocument(await workspace.openTextDocument(uri));
  }

  async provideTextDocumentContent(uri: Uri, token: CancellationToken): Promise<string> {
    const id = uri.toString();
    const fetched = this.#fetched.get(id);
    if (fetched !== undefined) {
      this.#fetched.delete(id);
      return fetched;
    }
    const object = liveObject(uri);
    if (object === undefined) return `# ${l10n.t('This is no object of a cluster.')}\n`;
    this.#known.set(id, this.#knownOf(object));
    try {
      return await this.#fetch(object, token);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return `# ${l10n.t('{0}.', sentenceOf(error))}\n`;
    }
  }

  async #fetch({ cluster, ref }: LiveObject, token: CancellationToken): Promise<string> {
    const open = this.#clusters.byId(cluster);
    if (open === undefined) throw new Failure('cluster.closed', {});
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    try {
      return await inCluster(open.cluster, (session) => session.live(ref, controller.signal));
    } finally {
      cancelling.dispose();
    }
  }

  /** Documents that nobody sees wait until they are seen. */
  #refresh(): void {
    const seen = new Map(
      window.visibleTextEditors.map(({ document }) => [document.uri.toString(), document]),
    );
    for (const [id, { uri }] of seen) {
      const object = liveObject(uri);
      if (object === undefined || this.#known.get(id) === this.#knownOf(object)) continue;
      this.#known.set(id, this.#knownOf(object));
      this.#changed.fire(uri);
    }
  }

  /** Another value whenever the document may have to say something else. */
  #knownOf({ cluster, ref }: LiveObject): unknown {
    const open = this.#clusters.byId(cluster);
    return open && (objectOf(open.cluster, ref) ?? open.session);
  }

  #forget(uri: Uri): void {
    this.#fetched.delete(uri.toString());
    this.#known.delete(uri.toString());
  }
}

/** The object that a row stands for. */
export function refOf(row: Row | undefined): ObjectRef | undefined {
  if (row?.row === 'flux') return row.object.ref;
  if (row?.row === 'link') return row.ref;
  return row?.row === 'item' ? row.item.ref : undefined;
}
