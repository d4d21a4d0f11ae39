import { type Disposable, type Uri, workspace } from 'vscode';

/** One row a setting: what package.json declares, and what a value must be to be believed. */
export const settings = {
  'codeLens.enabled': { default: true, is: isBoolean },
  'diagnostics.enabled': { default: true, is: isBoolean },
  'badges.enabled': { default: true, is: isBoolean },
  'scan.workspace': { default: true, is: isBoolean },
  'clipboard.clearAfterSeconds': { default: 30, is: isSeconds },
  'keys.folder': { default: '', is: isString },
  'gpg.path': { default: '', is: isString },
  'sealedSecrets.annotate': { default: true, is: isBoolean },
} as const;

type Key = keyof typeof settings;
type Value<K extends Key> = (typeof settings)[K]['is'] extends (value: unknown) => value is infer T
  ? T
  : never;

/** A setting's value for a resource; one of the wrong type reads as its default. */
export function readSetting<K extends Key>(key: K, resource?: Uri): Value<K> {
  const row = settings[key];
  const value: unknown = workspace.getConfiguration('purser', resource).get(key);
  return (row.is(value) ? value : row.default) as Value<K>;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 600;
}

/** One on/off setting, read once a folder until settings change: reading costs more than a file's findings do. */
export class Switch implements Disposable {
  readonly #key: 'diagnostics.enabled' | 'badges.enabled';
  readonly #known = new Map<string, boolean>();
  readonly #listening: Disposable;

  /** @param changed is told when it was switched, anywhere */
  constructor(key: 'diagnostics.enabled' | 'badges.enabled', changed: () => void) {
    this.#key = key;
    this.#listening = workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration(`purser.${key}`)) return;
      this.#known.clear();
      changed();
    });
  }

  isOn(uri: Uri): boolean {
    const folder = workspace.getWorkspaceFolder(uri)?.uri;
    const id = folder?.toString() ?? '';
    const on = this.#known.get(id) ?? readSetting(this.#key, folder);
    this.#known.set(id, on);
    return on;
  }

  dispose(): void {
    this.#listening.dispose();
  }
}
