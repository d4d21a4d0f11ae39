/**
 * As much of the `vscode` module as activation, lenses and diagnostics touch. What it registers can be counted, and a
 * command id registered twice throws, as in the real one. What needs a person or an editor is tested in the real editor.
 */
export const registered = new Set<string>();
export const configuration = new Map<string, unknown>();

function register(name: string): { dispose(): void } {
  if (registered.has(name)) throw new Error(`${name} is registered twice`);
  registered.add(name);
  return { dispose: () => void registered.delete(name) };
}

let counter = 0;
const on = (event: string) => () => register(`${event} #${counter++}`);

export class EventEmitter<T> {
  readonly #registration = register(`emitter #${counter++}`);
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
  dispose(): void {
    this.#registration.dispose();
  }
}

export class Uri {
  readonly scheme: string;
  readonly fsPath: string;
  get path(): string {
    return this.fsPath;
  }
  private constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.fsPath = path;
  }
  static file(path: string): Uri {
    return new Uri('file', path);
  }
  static parse(text: string): Uri {
    const [scheme = '', path = ''] = text.split('://');
    return new Uri(scheme, path);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(base.scheme, [base.fsPath, ...parts].join('/'));
  }
  toString(): string {
    return `${this.scheme}://${this.fsPath}`;
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
  compareTo(other: Position): number {
    return this.line - other.line || this.character - other.character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(start: Position, end: Position) {
    this.start = start;
    this.end = end;
  }
}

export class CodeLens {
  readonly range: Range;
  readonly command: { title: string; command: string; arguments: unknown[] };
  constructor(range: Range, command: { title: string; command: string; arguments: unknown[] }) {
    this.range = range;
    this.command = command;
  }
}

export class MarkdownString {
  value = '';
  appendText(text: string): this {
    this.value += text;
    return this;
  }
}

export class Hover {
  readonly contents: MarkdownString;
  constructor(contents: MarkdownString) {
    this.contents = contents;
  }
}

export const CodeActionKind = { QuickFix: 'quickfix' };
export const ColorThemeKind = { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 };
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2 };
export class CodeAction {
  readonly title: string;
  command: { command: string } | undefined;
  constructor(title: string) {
    this.title = title;
  }
}
export class Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly severity: number;
  constructor(range: Range, message: string, severity: number) {
    this.range = range;
    this.message = message;
    this.severity = severity;
  }
}
export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
export class ThemeIcon {
  static readonly File = new ThemeIcon('file');
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
export class FileDecoration {
  readonly badge: string;
  readonly tooltip: string;
  readonly color: ThemeColor | undefined;
  propagate = false;
  constructor(badge: string, tooltip: string, color?: ThemeColor) {
    this.badge = badge;
    this.tooltip = tooltip;
    this.color = color;
  }
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState = TreeItemCollapsibleState.None) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}
export const StatusBarAlignment = { Left: 1, Right: 2 };

/** What is published, by name of the collection and URI. */
export const diagnostics = new Map<string, readonly Diagnostic[]>();
/** Items of the status bar that are shown, by id. */
export const statusBar = new Map<string, { text: string; backgroundColor?: ThemeColor }>();
/** Values of context keys. */
export const contextKeys = new Map<string, unknown>();
/** What the next file watchers tell their listeners. */
export const fileEvents = {
  created: new Set<(uri: Uri) => void>(),
  changed: new Set<(uri: Uri) => void>(),
  deleted: new Set<(uri: Uri) => void>(),
};

function listenTo(listeners: Set<(uri: Uri) => void>, event: string) {
  return (listener: (uri: Uri) => void) => {
    const registration = register(`${event} #${counter++}`);
    listeners.add(listener);
    return {
      dispose() {
        registration.dispose();
        listeners.delete(listener);
      },
    };
  };
}

/** What was said in notifications. */
export const messages: string[] = [];

/** A person who takes what is proposed. */
class FakeQuickPick {
  title = '';
  items: readonly { label: string; kind?: number }[] = [];
  selectedItems: readonly unknown[] = [];
  readonly #accepted: (() => void)[] = [];
  onDidAccept(listener: () => void): void {
    this.#accepted.push(listener);
  }
  onDidHide(): void {}
  onDidTriggerButton(): void {}
  show(): void {
    picks.push(this);
    for (const listener of this.#accepted) listener();
  }
  dispose(): void {}
}
/** Every quick pick that was shown. */
export const picks: FakeQuickPick[] = [];
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const QuickInputButtons = { Back: {} };
export const ProgressLocation = { Notification: 15 };

export const commands = {
  registerCommand: (id: string) => register(`command ${id}`),
  executeCommand: async (command: string, ...given: unknown[]) => {
    if (command === 'setContext') contextKeys.set(String(given[0]), given[1]);
  },
};

export const languages = {
  createDiagnosticCollection: (name: string) => ({
    ...register(`diagnostics ${name}`),
    set(entries: readonly (readonly [Uri, readonly Diagnostic[] | undefined])[]) {
      for (const [uri, found] of entries) {
        if (found === undefined) diagnostics.delete(`${name} ${uri.toString()}`);
        else diagnostics.set(`${name} ${uri.toString()}`, found);
      }
    },
    delete() {},
  }),
  registerCodeLensProvider: () => register('lenses'),
  registerHoverProvider: () => register('hovers'),
  registerCodeActionsProvider: () => register('quick fixes'),
};

export const window = {
  createOutputChannel: (name: string) => ({ ...register(`channel ${name}`), error() {}, show() {} }),
  createTreeView: (id: string, { treeDataProvider }: { treeDataProvider: unknown }) => ({
    ...register(`view ${id}`),
    badge: undefined,
    treeDataProvider,
  }),
  createStatusBarItem: (id: string) => {
    const item = {
      text: '',
      show: () => void statusBar.set(id, item),
      hide: () => void statusBar.delete(id),
    };
    return Object.assign(item, register(`status bar ${id}`));
  },
  createQuickPick: () => new FakeQuickPick(),
  showInformationMessage: async (message: string) => void messages.push(message),
  showWarningMessage: async (message: string) => void messages.push(message),
  registerFileDecorationProvider: () => register('file decorations'),
  withProgress: async (_options: unknown, work: () => unknown) => work(),
  createTextEditorDecorationType: () => register('decoration'),
  onDidChangeActiveTextEditor: on('active editor'),
  onDidChangeVisibleTextEditors: on('visible editors'),
  onDidChangeActiveColorTheme: on('theme'),
  activeColorTheme: { kind: ColorThemeKind.Dark },
  activeTextEditor: undefined,
  visibleTextEditors: [],
};

export const workspace = {
  isTrusted: true,
  textDocuments: [],
  workspaceFolders: [] as { uri: Uri }[],
  getConfiguration: (section: string) => ({ get: (key: string) => configuration.get(`${section}.${key}`) }),
  getWorkspaceFolder: () => undefined,
  asRelativePath: ({ fsPath }: Uri) => {
    const folder = workspace.workspaceFolders.find(({ uri }) => fsPath.startsWith(`${uri.fsPath}/`));
    return folder === undefined ? fsPath : fsPath.slice(folder.uri.fsPath.length + 1);
  },
  onDidChangeWorkspaceFolders: on('folders'),
  onDidOpenTextDocument: on('open'),
  onDidChangeTextDocument: on('change'),
  onDidCloseTextDocument: on('close'),
  onDidSaveTextDocument: on('save'),
  onDidChangeConfiguration: on('configuration'),
  createFileSystemWatcher: () => ({
    ...register(`watcher #${counter++}`),
    onDidCreate: listenTo(fileEvents.created, 'created'),
    onDidChange: listenTo(fileEvents.changed, 'changed'),
    onDidDelete: listenTo(fileEvents.deleted, 'deleted'),
  }),
};

/** A document as VS Code hands it out. */
export function fakeDocument(text: string, path = '/repo/secret.yaml', languageId = 'yaml') {
  const lines = text.split('\n');
  return {
    uri: Uri.file(path),
    languageId,
    version: 1,
    isClosed: false,
    getText: () => text,
    positionAt(offset: number): Position {
      const before = text.slice(0, offset).split('\n');
      return new Position(before.length - 1, (before.at(-1) ?? '').length);
    },
    offsetAt: ({ line, character }: Position) =>
      lines.slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character,
  };
}
