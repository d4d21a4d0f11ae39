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
  private constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.fsPath = path;
  }
  static file(path: string): Uri {
    return new Uri('file', path);
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
export class CodeAction {}
export class Diagnostic {}
export class ThemeIcon {}

export const commands = {
  registerCommand: (id: string) => register(`command ${id}`),
  executeCommand: async () => undefined,
};

export const languages = {
  createDiagnosticCollection: (name: string) => ({
    ...register(`diagnostics ${name}`),
    set() {},
    delete() {},
  }),
  registerCodeLensProvider: () => register('lenses'),
  registerHoverProvider: () => register('hovers'),
  registerCodeActionsProvider: () => register('quick fixes'),
};

export const window = {
  createOutputChannel: (name: string) => ({ ...register(`channel ${name}`), error() {}, show() {} }),
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
  workspaceFolders: [],
  getConfiguration: (section: string) => ({ get: (key: string) => configuration.get(`${section}.${key}`) }),
  getWorkspaceFolder: () => undefined,
  onDidOpenTextDocument: on('open'),
  onDidChangeTextDocument: on('change'),
  onDidCloseTextDocument: on('close'),
  onDidSaveTextDocument: on('save'),
  onDidChangeConfiguration: on('configuration'),
  createFileSystemWatcher: () => ({
    ...register(`watcher #${counter++}`),
    onDidCreate: on('created'),
    onDidChange: on('changed'),
    onDidDelete: on('deleted'),
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
