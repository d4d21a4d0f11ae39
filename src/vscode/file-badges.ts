import {
  type Disposable,
  type Event,
  EventEmitter,
  FileDecoration,
  type FileDecorationProvider,
  l10n,
  ThemeColor,
  type Uri,
} from 'vscode';
import { Disposables } from './disposables.ts';
import { type FileFindings, plaintextIn } from './file-findings.ts';
import type { Findings } from './findings.ts';
import { Switch } from './settings.ts';

/** VS Code gives up on the details of an event with more. */
const batchSize = 250;

/** A letter beside a file's name: P where secrets stand in plaintext, which shows on its folders too, E where they are encrypted. */
export class FileBadges implements FileDecorationProvider, Disposable {
  readonly #own = new Disposables();
  readonly #findings: Findings;
  readonly #enabled: Switch;
  readonly #changed = this.#own.add(new EventEmitter<Uri[]>());
  readonly onDidChangeFileDecorations: Event<Uri[]> = this.#changed.event;
  /** What each file wears, so that a keystroke that changes nothing here is not told. */
  readonly #worn = new Map<string, string>();

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#own.add(findings.onDidChange((uris) => this.#tell(uris)));
    const all = () => this.#tell(findings.files().map(({ uri }) => uri));
    this.#enabled = this.#own.add(new Switch('badges.enabled', all));
  }

  dispose(): void {
    this.#own.dispose();
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    if (!this.#enabled.isOn(uri)) return undefined;
    return badgeOf(this.#findings.get(uri));
  }

  #tell(uris: readonly Uri[]): void {
    const changed = uris.filter((uri) => this.#isNew(uri));
    for (let at = 0; at < changed.length; at += batchSize)
      this.#changed.fire(changed.slice(at, at + batchSize));
  }

  #isNew(uri: Uri): boolean {
    const id = uri.toString();
    const mark = this.#enabled.isOn(uri) ? markOf(this.#findings.get(uri)) : undefined;
    if (mark === this.#worn.get(id)) return false;
    if (mark === undefined) this.#worn.delete(id);
    else this.#worn.set(id, mark);
    return true;
  }
}

/** What badges differ by, told without their texts: a scan asks it of every file. */
function markOf(file: FileFindings): string | undefined {
  const plaintext = plaintextIn(file);
  if (plaintext === 0) return file.sealed ? 'E' : undefined;
  return `P${plaintext}`;
}

function badgeOf(file: FileFindings): FileDecoration | undefined {
  const plaintext = plaintextIn(file);
  if (plaintext === 0) {
    return file.sealed ? new FileDecoration('E', l10n.t('Its secrets are encrypted')) : undefined;
  }
  const tooltip =
    plaintext === 1
      ? l10n.t('1 secret in plaintext: encrypt before you commit')
      : l10n.t('{0} secrets in plaintext: encrypt before you commit', plaintext);
  const colour = file.plaintext.errors > 0 ? 'list.errorForeground' : 'list.warningForeground';
  const badge = new FileDecoration('P', tooltip, new ThemeColor(colour));
  badge.propagate = true;
  return badge;
}
