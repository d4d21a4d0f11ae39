import {
  commands,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
  type TreeView,
  window,
  workspace,
} from 'vscode';
import type { FluxObject } from '../../app/clusters/flux-object.ts';
import { Debounce } from '../debounce.ts';
import { Disposables } from '../disposables.ts';
import { plainMessage } from '../plain-text.ts';
import { AskedRows } from './asked-rows.ts';
import type { Cluster, RootSource } from './cluster.ts';
import { ClusterRows } from './cluster-rows.ts';
import { sourceId } from './cluster-titles.ts';
import type { Clusters } from './clusters.ts';
import { DrawnRows } from './drawn-rows.ts';
import { drawnClusterRows, findClusterRow, findObjectRow } from './find-row.ts';
import { describeFilter, type FluxFilter, isFiltering, matcherOf } from './flux-filter.ts';
import { countNotReady } from './flux-order.ts';
import { listsOf, objectOf } from './flux-rows.ts';
import { KnownRows } from './known-rows.ts';
import { objectWords } from './object-words.ts';
import { itemOf } from './row-items.ts';
import { tooltipOf } from './row-tooltips.ts';
import type { Row } from './rows.ts';
import { ServedKinds } from './served-kinds.ts';

/** Controllers touch many objects one after the other. */
const delay = 150;
const noFilter: FluxFilter = { states: new Set(), text: '' };

/** The *Clusters* view: kubeconfigs, their clusters, and the Flux objects of those that are connected. */
export class ClustersView implements TreeDataProvider<Row>, Disposable {
  readonly #own = new Disposables();
  readonly #clusters: Clusters;
  readonly #known = new KnownRows();
  readonly #asked: AskedRows;
  readonly #rows: ClusterRows;
  readonly #drawn: DrawnRows;
  readonly #changed = this.#own.add(new EventEmitter<Row[] | undefined>());
  readonly onDidChangeTreeData: Event<Row[] | undefined> = this.#changed.event;
  readonly #drawing = this.#own.add(new Debounce(delay));
  readonly #view: TreeView<Row>;
  /** The clusters to look at when drawing next; undefined in it stands for the whole view. */
  readonly #pending = new Set<Cluster | undefined>();
  #filter = noFilter;

  /** @param drop takes what is dropped on the view */
  constructor(clusters: Clusters, drop: TreeDragAndDropController<Row>, tellBug: (error: unknown) => void) {
    this.#clusters = clusters;
    this.#asked = new AskedRows(clusters, tellBug, (cluster) => this.#schedule(cluster));
    const served = new ServedKinds(
      (cluster) => clusters.lifetime(cluster),
      (cluster) => this.#schedule(cluster),
    );
    this.#rows = new ClusterRows(clusters, this.#asked, served);
    this.#drawn = new DrawnRows(this.#known, served);
    this.#view = this.#own.add(
      window.createTreeView<Row>('purser.clusters', {
        treeDataProvider: this,
        dragAndDropController: drop,
        showCollapseAll: true,
      }),
    );
    // VS Code keeps what is below a row that is collapsed: whoever expands it again wants to see how it is now.
    this.#own.add(
      this.#view.onDidCollapseElement(({ element }) => {
        if (this.#asked.forgetBelow(element)) this.#changed.fire([element]);
      }),
    );
    this.#own.add(
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('purser.scan') && this.#schedule(undefined),
      ),
    );
    this.#own.add(clusters.onDidChange((cluster) => this.#schedule(cluster)));
  }

  dispose(): void {
    this.#own.dispose();
  }

  async getChildren(row?: Row): Promise<Row[]> {
    return this.#known.setBelow(row, await this.#rows.below(row, this.#filter));
  }

  getTreeItem(row: Row): TreeItem {
    this.#drawn.drawn(row, this.#filter);
    return itemOf(row, this.#known.idOf(row), this.#filter);
  }

  getParent(row: Row): Row | undefined {
    return this.#known.parentOf(row);
  }

  resolveTreeItem(item: TreeItem, row: Row): TreeItem {
    item.tooltip = tooltipOf(row);
    return item;
  }

  /** The row that a command was given. Other extensions can call commands, too: what was not made here is none. */
  rowOf(argument: unknown): Row | undefined {
    return this.#known.rowOf(argument);
  }

  /** Connects to a row's cluster and shows what is in it. Where that fails, the row says why. */
  async connect(argument: unknown): Promise<void> {
    const row = this.rowOf(argument);
    if (row?.row !== 'cluster') return;
    await this.#clusters.open(row.cluster);
    // What turned out to hold several clusters has another row by now.
    if (row.cluster.state === 'open') await this.#show(row, { select: false, expand: true });
  }

  disconnect(argument: unknown): void {
    const row = this.rowOf(argument);
    if (row?.row === 'cluster') this.#clusters.close(row.cluster);
  }

  /** Looks anew for kubeconfigs, and asks again what was asked of open clusters; reconnects nothing. */
  async refresh(): Promise<void> {
    this.#asked.forget();
    await this.#clusters.refresh();
  }

  /** Asks a cluster again about its encryption at rest, where a person has looked at that. */
  askEncryptionAgain(cluster: Cluster): void {
    const rows = [...drawnClusterRows(this.#known)].filter((row) => row.cluster === cluster);
    const below = rows.flatMap((row) => [...this.#known.below(row)]);
    const asked = below.filter((row) => row.row === 'encryption' && this.#asked.forgetBelow(row));
    if (asked.length > 0) this.#changed.fire(asked);
  }

  get filter(): FluxFilter {
    return this.#filter;
  }

  /** For this session only. Without a filter everything is shown. */
  setFilter(filter: FluxFilter = noFilter): void {
    this.#filter = filter;
    const isFiltered = isFiltering(filter);
    void commands.executeCommand('setContext', 'purser.clusters.filtered', isFiltered);
    this.#view.message = isFiltered ? describeFilter(filter) : '';
    this.#schedule(undefined);
  }

  /** Follows a link of the tree. Gives whether it was given one. */
  async follow(argument: unknown): Promise<boolean> {
    const row = this.rowOf(argument);
    const ref = row?.row === 'link' ? row.ref : row?.row === 'item' ? row.item.ref : undefined;
    if (row === undefined || ref === undefined || !('cluster' in row)) return false;
    const object = objectOf(row.cluster, ref);
    if (object !== undefined) await this.reveal(row.cluster, object);
    else {
      const words = objectWords(ref);
      void window.showInformationMessage(
        plainMessage(l10n.t('{0} is not in this cluster, or may not be listed.', words)),
      );
    }
    return true;
  }

  /** Shows where a kubeconfig stands. Connects to nothing. */
  async showKubeconfig(source: RootSource): Promise<void> {
    const id = sourceId(source);
    const row = (await this.getChildren()).find(
      (each) =>
        (each.row === 'kubeconfig' && each.id === id) ||
        (each.row === 'cluster' && sourceId(each.cluster.source) === id),
    );
    if (row !== undefined) await this.#show(row, { select: true, focus: true });
  }

  /** Shows where an object stands; a filter that hides it is cleared. */
  async reveal(cluster: Cluster, object: FluxObject): Promise<void> {
    if (isFiltering(this.#filter) && !matcherOf(this.#filter)(object)) this.setFilter();
    const below = (row?: Row) => this.getChildren(row);
    const via = (id: string) => this.#clusters.all().find((each) => each.id === id);
    const clusterRow = await findClusterRow(cluster, below, via);
    const row = clusterRow && (await findObjectRow(clusterRow, cluster, object.ref, below));
    if (row !== undefined) await this.#show(row, { select: true, focus: true });
  }

  #schedule(cluster: Cluster | undefined): void {
    // Not later than that: to wait for quiet could take for ever.
    if (this.#pending.size === 0) this.#drawing.schedule(() => this.#draw());
    this.#pending.add(cluster);
  }

  #draw(): void {
    const pending = new Set(this.#pending);
    this.#pending.clear();
    if (pending.has(undefined)) this.#changed.fire(undefined);
    else {
      const rows = [...drawnClusterRows(this.#known)].filter(({ cluster }) => pending.has(cluster));
      const stale = rows.flatMap((row) => this.#drawn.stale(row, this.#filter));
      if (stale.length > 0) this.#changed.fire(stale);
    }
    const notReady = countNotReady(this.#clusters.all().flatMap(listsOf));
    const tooltip =
      notReady === 1 ? l10n.t('1 Flux object not ready') : l10n.t('{0} Flux objects not ready', notReady);
    this.#view.badge = notReady === 0 ? undefined : { value: notReady, tooltip };
  }

  async #show(row: Row, options: Parameters<TreeView<Row>['reveal']>[1]): Promise<void> {
    // What VS Code was not told of yet it cannot show; it draws before it does.
    if (this.#pending.size > 0) this.#draw();
    try {
      await this.#view.reveal(row, options);
    } catch {
      // The tree changed meanwhile: there is nothing to be shown any more.
    }
  }
}
