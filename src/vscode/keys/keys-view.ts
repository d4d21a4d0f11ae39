import {
  commands,
  type Disposable,
  type Event,
  EventEmitter,
  type TreeDataProvider,
  type TreeDragAndDropController,
  type TreeItem,
  type TreeView,
  window,
  workspace,
} from 'vscode';
import { Debounce } from '../debounce.ts';
import { Disposables } from '../disposables.ts';
import type { KeyChanges } from './key-changes.ts';
import { keyItem } from './key-items.ts';
import { type KeyServices, keyRows } from './key-list.ts';
import { type KeyRow, rowsBelow } from './key-rows.ts';

/** A scan tells of new findings several times a second. */
const delay = 500;

interface KeysViewServices extends KeyServices {
  readonly changes: Pick<KeyChanges, 'onDidChange'>;
}

/** The *Keys* view: every key and recipient of the workspace and of the person, and what is sealed to whom. */
export class KeysView implements TreeDataProvider<KeyRow>, Disposable {
  readonly #own = new Disposables();
  readonly #services: KeyServices;
  readonly #tellBug: (error: unknown) => void;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeTreeData: Event<void> = this.#changed.event;
  readonly #drawing = this.#own.add(new Debounce(delay));
  readonly #view: TreeView<KeyRow>;
  #rows: Promise<readonly KeyRow[]> | undefined;
  #looking = new AbortController();
  readonly #drawn = new WeakSet<object>();

  /** @param drop takes keys that are dropped on the view */
  constructor(
    services: KeysViewServices,
    drop: TreeDragAndDropController<KeyRow>,
    tellBug: (error: unknown) => void,
  ) {
    this.#services = services;
    this.#tellBug = tellBug;
    this.#view = this.#own.add(
      window.createTreeView<KeyRow>('purser.keys', {
        treeDataProvider: this,
        dragAndDropController: drop,
        showCollapseAll: true,
      }),
    );
    this.#own.add(services.findings.onDidChange(() => this.#schedule()));
    this.#own.add(services.changes.onDidChange(() => this.#schedule()));
    this.#own.add(services.policies.onDidChange(() => this.#schedule()));
    this.#own.add(this.#view.onDidChangeVisibility(({ visible }) => visible && this.#schedule()));
  }

  dispose(): void {
    this.#looking.abort();
    this.#own.dispose();
  }

  async getChildren(row?: KeyRow): Promise<KeyRow[]> {
    const rows = row === undefined ? await this.rows() : rowsBelow(row);
    for (const each of rows) this.#drawn.add(each);
    return [...rows];
  }

  /** Every key with what is sealed to it, looked for again where something changed since. */
  rows(): Promise<readonly KeyRow[]> {
    return (this.#rows ??= this.#look());
  }

  getTreeItem(row: KeyRow): TreeItem {
    return keyItem(row, this.#services.registry);
  }

  /** The row that a command was given. Other extensions can call commands, too: what was not made here is none. */
  rowOf(argument: unknown): KeyRow | undefined {
    return isObject(argument) && this.#drawn.has(argument) ? (argument as KeyRow) : undefined;
  }

  /** Looks for keys anew: one was made, imported or forgotten. */
  refresh(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    this.#rows = undefined;
    this.#changed.fire();
  }

  #schedule(): void {
    // What nobody sees is looked for when somebody does.
    if (this.#view.visible) this.#drawing.schedule(() => this.refresh());
    else this.#rows = undefined;
  }

  async #look(): Promise<readonly KeyRow[]> {
    const { signal } = this.#looking;
    // A view that says so is in the place of the list.
    if (!workspace.isTrusted) return [];
    try {
      const rows = await keyRows(this.#services, signal);
      void commands.executeCommand('setContext', 'purser.hasNoKeys', rows.length === 0);
      return rows;
    } catch (error) {
      if (!signal.aborted) this.#tellBug(error);
      return [];
    }
  }
}

function isObject(argument: unknown): argument is object {
  return typeof argument === 'object' && argument !== null;
}
