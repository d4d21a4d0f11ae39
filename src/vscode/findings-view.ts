import {
  commands,
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  type Memento,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
  window,
} from 'vscode';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import { itemOf } from './finding-items.ts';
import { type Grouping, type GroupRow, type Row, rowsOf } from './finding-rows.ts';
import type { Findings } from './findings.ts';

const memory = 'purser.findings.groupedBy';
/** A scan tells of new findings several times a second. */
const delay = 150;

/** The *Findings* view: every finding of the workspace, by file or by rule. */
export class FindingsView implements TreeDataProvider<Row>, Disposable {
  readonly #own = new Disposables();
  readonly #findings: Findings;
  readonly #state: Memento;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeTreeData: Event<void> = this.#changed.event;
  readonly #drawing = this.#own.add(new Debounce(delay));
  readonly #view: TreeView<Row>;
  #rows: readonly GroupRow[] | undefined;

  constructor(findings: Findings, state: Memento) {
    this.#findings = findings;
    this.#state = state;
    this.#view = this.#own.add(
      window.createTreeView<Row>('purser.findings', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.#own.add(findings.onDidChange(() => this.#drawing.schedule(() => this.#draw())));
    this.#draw();
  }

  dispose(): void {
    this.#own.dispose();
  }

  getChildren(row?: Row): Row[] {
    this.#rows ??= rowsOf(this.#findings.files(), this.#grouping);
    if (row === undefined) return [...this.#rows];
    return 'children' in row ? [...row.children] : [];
  }

  getTreeItem(row: Row): TreeItem {
    return itemOf(row, this.#grouping);
  }

  async groupBy(grouping: Grouping): Promise<void> {
    await this.#state.update(memory, grouping);
    this.#draw();
  }

  get #grouping(): Grouping {
    return this.#state.get<unknown>(memory) === 'rule' ? 'rule' : 'file';
  }

  #draw(): void {
    this.#rows = undefined;
    const { findings, sealed } = this.#findings.totals();
    this.#view.badge = findings === 0 ? undefined : { value: findings, tooltip: badgeTooltip(findings) };
    void commands.executeCommand('setContext', 'purser.groupedBy', this.#grouping);
    void commands.executeCommand('setContext', 'purser.hasFindings', findings > 0);
    void commands.executeCommand('setContext', 'purser.hasSealed', sealed > 0);
    this.#changed.fire();
  }
}

function badgeTooltip(findings: number): string {
  return findings === 1 ? l10n.t('1 finding') : l10n.t('{0} findings', findings);
}
