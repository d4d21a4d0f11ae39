import { readdirSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { t } from '@vscode/l10n';
import { decodeFile, encodeFile, type FileText } from '../../src/manifest/file-text.ts';
import { matchesGlob } from '../../src/policy/glob.ts';

/**
 * As much of the `vscode` module as activation, lenses and diagnostics touch. What it registers can be counted, and a
 * command id registered twice throws, as in the real one. What needs a person or an editor is tested in the real editor.
 */
export const registered = new Set<string>();
export const configuration = new Map<string, unknown>();
type ConfigurationListener = (event: { affectsConfiguration(section: string): boolean }) => void;
const onConfigured = new Set<ConfigurationListener>();
/** As if the person changed a setting; undefined takes it back. */
export function configure(key: string, value: unknown): void {
  if (value === undefined) configuration.delete(key);
  else configuration.set(key, value);
  const affectsConfiguration = (section: string) => key === section || key.startsWith(`${section}.`);
  for (const listener of onConfigured) listener({ affectsConfiguration });
}

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
  readonly query: string;
  get path(): string {
    return this.fsPath;
  }
  private constructor(scheme: string, path: string, query = '') {
    this.scheme = scheme;
    this.fsPath = path;
    this.query = query;
  }
  static from({ scheme, path, query }: { scheme: string; path: string; query: string }): Uri {
    return new Uri(scheme, path, query);
  }
  static file(path: string): Uri {
    return new Uri('file', path);
  }
  static parse(text: string): Uri {
    const [scheme = '', path = ''] = text.split('://');
    return new Uri(scheme, path);
  }
  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri(base.scheme, join(base.fsPath, ...parts));
  }
  toString(): string {
    return `${this.scheme}://${this.fsPath}${this.query === '' ? '' : `?${this.query}`}`;
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

export class SnippetString {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
export const CompletionItemKind = { Property: 9 };
export class CompletionItem {
  readonly label: { label: string };
  insertText: SnippetString | undefined;
  filterText: string | undefined;
  documentation: string | undefined;
  range: Range | undefined;
  constructor(label: { label: string }) {
    this.label = label;
  }
}
export class TabInputText {
  readonly uri: Uri;
  constructor(uri: Uri) {
    this.uri = uri;
  }
}
/** Editors that are open, each as a tab. */
export const tabs: { input: unknown }[] = [];

export class Hover {
  readonly contents: MarkdownString;
  readonly range: Range | undefined;
  constructor(contents: MarkdownString, range?: Range) {
    this.contents = contents;
    this.range = range;
  }
}

export class RelativePattern {
  readonly baseUri: Uri;
  readonly pattern: string;
  constructor(baseUri: Uri, pattern: string) {
    this.baseUri = baseUri;
    this.pattern = pattern;
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

interface FakeTreeView {
  badge: { value: number; tooltip: string } | undefined;
  message: string | undefined;
  readonly treeDataProvider: unknown;
  readonly revealed: unknown[];
  readonly reveal: (row: unknown) => Promise<void>;
  /** As if the person collapsed a row. */
  readonly collapse: (row: unknown) => void;
  readonly visible: boolean;
  readonly onDidChangeVisibility: (listener: (event: { visible: boolean }) => void) => { dispose(): void };
  readonly onDidCollapseElement: (listener: (event: { element: unknown }) => void) => { dispose(): void };
  readonly dispose: () => void;
}
/** Views by id, the last one made of each. */
export const treeViews = new Map<string, FakeTreeView>();

/** What commands do, by id. */
export const commandHandlers = new Map<string, (argument: unknown) => unknown>();
/** What a notification says is going on, and what happens when the person cancels it. */
export const progressTitles: string[] = [];
export const progressReports: string[] = [];
export const cancelProgress = new Set<() => void>();
/** What was said in notifications. */
export const messages: string[] = [];
/** What was asked in a modal or a notification with buttons. */
export const questions: { message: string; detail: string | undefined }[] = [];
/** What the person answers next; whoever has no answer left closes what is asked. */
export const answers: unknown[] = [];
/** Every webview that was shown. */
export const webviews: { title: string; options: object; webview: { html: string } }[] = [];
export const ViewColumn = { Active: -1, Beside: -2 };
/** What the status bar said for a while. */
export const statusMessages: string[] = [];
/** What was opened in an editor, and what was selected there. */
export const shownEditors: { document: { uri: Uri; getText(): string }; selection: Range | undefined }[] = [];

async function say(message: string, ...rest: unknown[]): Promise<unknown> {
  messages.push(message);
  if (rest.length === 0) return undefined;
  questions.push({ message, detail: (rest[0] as { detail?: string }).detail });
  return answers.shift();
}

type ContentProvider = {
  provideTextDocumentContent(uri: Uri, token: unknown): Promise<string>;
  onDidChange(listener: (uri: Uri) => void): unknown;
};
const contentProviders = new Map<string, ContentProvider>();
export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 };
export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {}
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return /\.(?:ya?ml|json|enc|pem|pub)$/.test(entry.name) ? [path] : [];
    return /^(?:node_modules|\.git)$/.test(entry.name) ? [] : filesBelow(path);
  });
}

/** A person who takes what is proposed. */
class FakeQuickPick {
  title = '';
  items: readonly { label: string; kind?: number }[] = [];
  /** Before anything was taken. */
  itemsAtFirst: readonly object[] = [];
  selectedItems: readonly unknown[] = [];
  activeItems: readonly unknown[] = [];
  readonly #accepted: (() => void)[] = [];
  onDidAccept(listener: () => void): void {
    this.#accepted.push(listener);
  }
  onDidHide(): void {}
  onDidTriggerItemButton(): void {}
  onDidTriggerButton(): void {}
  show(): void {
    this.itemsAtFirst = this.items;
    picks.push(this);
    for (const listener of this.#accepted) listener();
  }
  hide(): void {}
  dispose(): void {}
}
/** An input box into which the person types the next answer. */
class FakeInputBox {
  title = '';
  value = '';
  password = false;
  validationMessage = '';
  readonly #accepted: (() => void)[] = [];
  readonly #hidden: (() => void)[] = [];
  onDidAccept(listener: () => void): void {
    this.#accepted.push(listener);
  }
  onDidHide(listener: () => void): void {
    this.#hidden.push(listener);
  }
  onDidChangeValue(): void {}
  onDidTriggerButton(): void {}
  show(): void {
    inputBoxes.push(this);
    const answer = answers.shift();
    this.value = typeof answer === 'string' ? answer : '';
    for (const listener of typeof answer === 'string' ? this.#accepted : this.#hidden) listener();
  }
  dispose(): void {}
}
/** Every input box that was shown. */
export const inputBoxes: FakeInputBox[] = [];
/** What stood below the fields that were asked for at once, without a box that lives on. */
export const prompts: string[] = [];

/** Every quick pick that was shown. */
export const picks: FakeQuickPick[] = [];
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const QuickInputButtons = { Back: {} };
export const ProgressLocation = { Notification: 15 };

export const commands = {
  registerCommand: (id: string, work: (argument: unknown) => unknown) => {
    commandHandlers.set(id, work);
    return register(`command ${id}`);
  },
  executeCommand: async (command: string, ...given: unknown[]) => {
    if (command === 'setContext') contextKeys.set(String(given[0]), given[1]);
  },
};

export const languages = {
  createDiagnosticCollection: (name: string) => ({
    ...register(`diagnostics ${name}`),
    set(
      given: Uri | readonly (readonly [Uri, readonly Diagnostic[] | undefined])[],
      ofOne?: readonly Diagnostic[],
    ) {
      for (const [uri, found] of given instanceof Uri ? [[given, ofOne] as const] : given) {
        if (found === undefined) diagnostics.delete(`${name} ${uri.toString()}`);
        else diagnostics.set(`${name} ${uri.toString()}`, found);
      }
    },
    delete() {},
  }),
  registerCodeLensProvider: () => register(`lenses #${counter++}`),
  registerHoverProvider: () => register(`hovers #${counter++}`),
  registerCompletionItemProvider: () => register(`completions #${counter++}`),
  registerCodeActionsProvider: () => register(`quick fixes #${counter++}`),
};

export const window = {
  createOutputChannel: (name: string) => ({ ...register(`channel ${name}`), error() {}, show() {} }),
  createTreeView: (id: string, { treeDataProvider }: { treeDataProvider: unknown }) => {
    const onCollapse = new Set<(event: { element: unknown }) => void>();
    const view: FakeTreeView = {
      ...register(`view ${id}`),
      collapse: (element) => {
        for (const listener of onCollapse) listener({ element });
      },
      onDidCollapseElement: (listener) => {
        onCollapse.add(listener);
        return { dispose: () => void onCollapse.delete(listener) };
      },
      visible: true,
      onDidChangeVisibility: () => ({ dispose: () => undefined }),
      badge: undefined,
      message: undefined,
      treeDataProvider,
      revealed: [],
      reveal: async (row) => void view.revealed.push(row),
    };
    treeViews.set(id, view);
    return view;
  },
  createStatusBarItem: (id: string) => {
    const item = {
      text: '',
      show: () => void statusBar.set(id, item),
      hide: () => void statusBar.delete(id),
    };
    return Object.assign(item, register(`status bar ${id}`));
  },
  createQuickPick: () => new FakeQuickPick(),
  onDidChangeWindowState: () => ({ dispose: () => undefined }),
  createInputBox: () => new FakeInputBox(),
  showInformationMessage: say,
  createWebviewPanel: (_type: string, title: string, _where: unknown, options: object) => {
    const nothing = () => ({ dispose: () => undefined });
    const panel = {
      title,
      options,
      webview: { html: '' },
      onDidChangeViewState: nothing,
      onDidDispose: nothing,
    };
    webviews.push(panel);
    return panel;
  },
  showWarningMessage: say,
  showErrorMessage: say,
  setStatusBarMessage: (text: string) => void statusMessages.push(text),
  showInputBox: async ({ value, prompt = '' }: { value?: string; prompt?: string }) => {
    prompts.push(prompt);
    return answers.shift() ?? value;
  },
  showQuickPick: async (items: readonly { label: string }[], options?: { canPickMany?: boolean }) => {
    const wanted = answers.shift();
    questions.push({ message: items.map(({ label }) => label).join('\n'), detail: undefined });
    if (options?.canPickMany !== true) return items.find(({ label }) => label === wanted);
    return Array.isArray(wanted) ? items.filter(({ label }) => wanted.includes(label)) : undefined;
  },
  showOpenDialog: async () => {
    const path = answers.shift();
    return typeof path === 'string' ? [Uri.file(path)] : undefined;
  },
  showSaveDialog: async () => {
    const path = answers.shift();
    return typeof path === 'string' ? Uri.file(path) : undefined;
  },
  tabGroups: {
    get all() {
      return [{ tabs: [...tabs] }];
    },
    close: async (closed: readonly { input: unknown }[]) => {
      for (const tab of closed) tabs.splice(tabs.indexOf(tab), 1);
    },
  },
  showWorkspaceFolderPick: async () => {
    const path = answers.shift();
    return workspace.workspaceFolders.find(({ uri }) => uri.fsPath === path);
  },
  showTextDocument: async (document: { uri: Uri; getText(): string }, options: { selection?: Range } = {}) =>
    void shownEditors.push({ document, selection: options.selection }),
  registerFileDecorationProvider: () => register('file decorations'),
  withProgress: async (
    { title }: { title: string },
    work: (progress: unknown, token: unknown) => unknown,
  ) => {
    progressTitles.push(title);
    const report = ({ message = '' }) => void progressReports.push(message);
    return work(
      { report },
      { onCancellationRequested: (listener: () => void) => void cancelProgress.add(listener) },
    );
  },
  createTextEditorDecorationType: () => register('decoration'),
  onDidChangeActiveTextEditor: on('active editor'),
  onDidChangeVisibleTextEditors: on('visible editors'),
  onDidChangeActiveColorTheme: on('theme'),
  activeColorTheme: { kind: ColorThemeKind.Dark },
  activeTextEditor: undefined,
  visibleTextEditors: [] as { document: { uri: Uri } }[],
};

export const workspace = {
  isTrusted: true,
  textDocuments: [] as { uri: Uri }[],
  workspaceFolders: [] as { uri: Uri }[],
  getConfiguration: (section: string) => ({ get: (key: string) => configuration.get(`${section}.${key}`) }),
  getWorkspaceFolder: ({ fsPath }: Uri) =>
    workspace.workspaceFolders.find(({ uri }) => fsPath.startsWith(`${uri.fsPath}/`)),
  asRelativePath: ({ fsPath }: Uri) => {
    const folder = workspace.workspaceFolders.find(({ uri }) => fsPath.startsWith(`${uri.fsPath}/`));
    return folder === undefined ? fsPath : fsPath.slice(folder.uri.fsPath.length + 1);
  },
  onDidChangeWorkspaceFolders: on('folders'),
  onDidGrantWorkspaceTrust: on('trust'),
  onDidOpenTextDocument: on('open'),
  onDidChangeTextDocument: on('change'),
  onDidCloseTextDocument: on('close'),
  onDidSaveTextDocument: on('save'),
  onDidChangeConfiguration: (listener: ConfigurationListener) => {
    const registration = register(`configuration #${counter++}`);
    onConfigured.add(listener);
    return {
      dispose: () => {
        onConfigured.delete(listener);
        registration.dispose();
      },
    };
  },
  /** Every YAML and JSON file of the folders, or below one of them: which names are asked for is not looked at. */
  findFiles: async (asked?: string | RelativePattern) => {
    const folders =
      asked instanceof RelativePattern ? [asked.baseUri] : workspace.workspaceFolders.map(({ uri }) => uri);
    const isWanted = (folder: string, path: string) =>
      typeof asked !== 'string' || matchesGlob(asked, relative(folder, path));
    return folders.flatMap(({ fsPath }) =>
      filesBelow(fsPath)
        .filter((path) => isWanted(fsPath, path))
        .map((path) => Uri.file(path)),
    );
  },
  fs: {
    readFile: ({ fsPath }: Uri): Promise<Uint8Array> => readFile(fsPath),
    stat: async ({ fsPath }: Uri) => {
      const facts = await stat(fsPath);
      return {
        type: facts.isFile() ? FileType.File : FileType.Unknown,
        size: facts.size,
        mtime: facts.mtimeMs,
      };
    },
  },
  registerTextDocumentContentProvider: (scheme: string, provider: ContentProvider) => {
    contentProviders.set(scheme, provider);
    return register(`content of ${scheme}`);
  },
  openTextDocument: async (uri: Uri) => {
    const provider = contentProviders.get(uri.scheme);
    const { token } = new CancellationTokenSource();
    return provider === undefined
      ? openDocument(decodeFile(await readFile(uri.fsPath)), uri)
      : openDocument({ ...plain, text: await provider.provideTextDocumentContent(uri, token) }, uri);
  },
  applyEdit: async ({ created, replaced, endsOfLine }: WorkspaceEdit) => {
    try {
      for (const { uri, contents } of created) await writeFile(uri.fsPath, contents, { flag: 'wx' });
    } catch {
      return false;
    }
    for (const id of new Set([...replaced.map(({ uri }) => uri.toString()), ...endsOfLine.keys()]))
      opened.get(id)?.replace(
        replaced.filter(({ uri }) => uri.toString() === id),
        endsOfLine.get(id),
      );
    return true;
  },
  createFileSystemWatcher: () => ({
    ...register(`watcher #${counter++}`),
    onDidCreate: listenTo(fileEvents.created, 'created'),
    onDidChange: listenTo(fileEvents.changed, 'changed'),
    onDidDelete: listenTo(fileEvents.deleted, 'deleted'),
  }),
};

/** As in a window in English. */
export const l10n: { t: typeof t; bundle: Readonly<Record<string, string>> | undefined } = {
  t,
  bundle: undefined,
};
export const env = {
  language: 'en',
  clipboard: {
    text: '',
    readText: async () => env.clipboard.text,
    writeText: async (text: string) => {
      env.clipboard.text = text;
    },
  },
};

interface Replacement {
  readonly uri: Uri;
  readonly range: Range;
  readonly text: string;
}
export const EndOfLine = { LF: 1, CRLF: 2 };
export class TextEdit {
  readonly range: Range;
  readonly newText: string;
  newEol: number | undefined;
  constructor(range: Range, newText: string) {
    this.range = range;
    this.newText = newText;
  }
  static setEndOfLine(eol: number): TextEdit {
    const start = new Position(0, 0);
    return Object.assign(new TextEdit(new Range(start, start), ''), { newEol: eol });
  }
}
/** New files, and replacements in documents. */
export class WorkspaceEdit {
  /** By document. */
  readonly endsOfLine = new Map<string, number>();
  readonly created: { uri: Uri; contents: Uint8Array }[] = [];
  readonly replaced: Replacement[] = [];
  createFile(uri: Uri, { contents }: { contents: Uint8Array }): void {
    this.created.push({ uri, contents });
  }
  replace(uri: Uri, range: Range, text: string): void {
    this.replaced.push({ uri, range, text });
  }
  set(uri: Uri, edits: readonly TextEdit[]): void {
    for (const { range, newText, newEol } of edits) {
      if (newEol === undefined) this.replace(uri, range, newText);
      else this.endsOfLine.set(uri.toString(), newEol);
    }
  }
}

type OpenDocument = ReturnType<typeof openDocument>;
const opened = new Map<string, OpenDocument>();

const plain = { encoding: 'utf-8', bom: false } as const;

/** A document that can be edited and saved. It has one kind of line ends, and keeps the encoding of its file. */
function openDocument(file: Pick<FileText, 'text' | 'encoding' | 'bom'>, uri: Uri) {
  const ends = file.text.match(/\r\n?|\n/g) ?? [];
  let eol = ends.filter((end) => end !== '\n').length > ends.length / 2 ? '\r\n' : '\n';
  const withOneEnd = (lines: string) => lines.replace(/\r\n?|\n/g, eol);
  let text = withOneEnd(file.text);
  const document = {
    ...fakeDocument(text),
    uri,
    encoding: `${file.encoding.replace('-', '')}${file.bom && file.encoding === 'utf-8' ? 'bom' : ''}`,
    getText: () => text,
    get eol() {
      return eol === '\n' ? EndOfLine.LF : EndOfLine.CRLF;
    },
    positionAt: (offset: number) => fakeDocument(text).positionAt(offset),
    offsetAt: (position: Position) => fakeDocument(text).offsetAt(position),
    /** One edit, and one undo step: from the end on, so that offsets stay true. */
    replace(all: readonly Replacement[], endOfLine?: number) {
      const edits = all
        .map(({ range, text: after }) => ({
          start: document.offsetAt(range.start),
          end: document.offsetAt(range.end),
          after,
        }))
        .toSorted((a, b) => b.start - a.start);
      for (const { start, end, after } of edits)
        text = text.slice(0, start) + withOneEnd(after) + text.slice(end);
      if (endOfLine !== undefined) eol = endOfLine === EndOfLine.CRLF ? '\r\n' : '\n';
      text = withOneEnd(text);
      document.version++;
      document.isDirty = true;
    },
    async save() {
      try {
        await writeFile(uri.fsPath, encodeFile(text, file));
        document.isDirty = false;
        return true;
      } catch {
        return false;
      }
    },
  };
  opened.set(uri.toString(), document);
  return document;
}

/** A document as VS Code hands it out. */
export function fakeDocument(text: string, path = '/repo/secret.yaml', languageId = 'yaml') {
  const lines = text.split('\n');
  return {
    uri: Uri.file(path),
    fileName: path,
    languageId,
    version: 1,
    isClosed: false,
    isDirty: false,
    encoding: 'utf8',
    lineCount: lines.length,
    getText: () => text,
    lineAt: (line: number) => ({
      range: new Range(new Position(line, 0), new Position(line, (lines[line] ?? '').length)),
    }),
    positionAt(offset: number): Position {
      const before = text.slice(0, offset).split('\n');
      return new Position(before.length - 1, (before.at(-1) ?? '').length);
    },
    offsetAt: ({ line, character }: Position) =>
      lines.slice(0, line).join('\n').length + (line > 0 ? 1 : 0) + character,
  };
}
