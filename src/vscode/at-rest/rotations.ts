import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  EventEmitter,
  l10n,
  type Memento,
  Position,
  Range,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { KeptRotation, RotationFile } from '../../app/at-rest/kept-rotation.ts';
import { type RotationAction, rotationActionTitles } from '../../app/at-rest/rotation-actions.ts';
import type { Checklist } from '../../app/at-rest/rotation-checklist.ts';
import { Debounce } from '../debounce.ts';
import { Disposables } from '../disposables.ts';
import { rotationId, rotationOf, rotationScheme, rotationUri } from './rotation-uri.ts';

const memory = 'purser.rotations';
const delay = 300;

/** Where a lens of a checklist points: names of what is meant, never a key. */
export interface RotationPlace {
  readonly rotation: string;
  readonly action: RotationAction;
}

/** What was last found out about a rotation, in this session. */
export interface RotationNow {
  /** Or why it is not known, as a sentence. */
  readonly file: RotationFile | string;
  /** Why the cluster could not be asked, as a sentence. */
  readonly trouble: string | undefined;
}

const unasked: RotationNow = {
  file: l10n.t('How far this is, the file and the cluster tell when they are asked again.'),
  trouble: undefined,
};

/** Reads the file of a rotation again; told by whoever can open it. */
export type Reread = (id: string) => Promise<void>;

/**
 * The rotations that are under way, kept between sessions, and their checklists: documents that can only be read, with what may be
 * done next above the step that is next.
 */
export class Rotations implements TextDocumentContentProvider, CodeLensProvider, Disposable {
  readonly #own = new Disposables();
  readonly #state: Memento;
  readonly #known = new Map<string, RotationNow>();
  readonly #changed = this.#own.add(new EventEmitter<Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #lensesChanged = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#lensesChanged.event;

  /** @param reread is asked for when the file of a checklist that is open has changed */
  constructor(state: Memento, reread: Reread) {
    this.#state = state;
    const soon = this.#own.add(new Debounce(delay));
    const follow = ({ uri }: TextDocument) => {
      for (const id of this.#openOn(uri)) soon.schedule(() => reread(id), id);
    };
    this.#own.add(workspace.registerTextDocumentContentProvider(rotationScheme, this));
    this.#own.add(workspace.onDidChangeTextDocument(({ document }) => follow(document)));
    this.#own.add(workspace.onDidSaveTextDocument(follow));
  }

  dispose(): void {
    this.#own.dispose();
  }

  all(): readonly KeptRotation[] {
    return Object.values(this.#kept());
  }

  get(id: string): KeptRotation | undefined {
    const kept = this.#kept();
    return Object.hasOwn(kept, id) ? kept[id] : undefined;
  }

  /** Keeps a rotation, and shows in its checklist what is known now. */
  async keep(rotation: KeptRotation, now: RotationNow): Promise<void> {
    const id = rotationId(rotation);
    this.#known.set(id, now);
    await this.#state.update(memory, { ...this.#kept(), [id]: rotation });
    this.#tell(rotation);
  }

  now(id: string): RotationNow {
    return this.#known.get(id) ?? unasked;
  }

  /** Forgets a rotation; its checklist says so. */
  async forget(rotation: KeptRotation): Promise<void> {
    const id = rotationId(rotation);
    const { [id]: _gone, ...others } = this.#kept();
    this.#known.delete(id);
    await this.#state.update(memory, others);
    this.#tell(rotation);
  }

  async show(rotation: KeptRotation): Promise<void> {
    const uri = rotationUri(rotationId(rotation), rotation.clusterTitle);
    await window.showTextDocument(await workspace.openTextDocument(uri));
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    return (await this.#checklist(uri))?.text ?? `${l10n.t('There is no such rotation any more.')}\n`;
  }

  async provideCodeLenses({ uri }: Pick<TextDocument, 'uri'>): Promise<CodeLens[]> {
    const list = await this.#checklist(uri);
    const rotation = rotationOf(uri);
    if (list === undefined || rotation === undefined) return [];
    const start = new Position(list.line ?? 0, 0);
    return list.actions.map((action) => {
      const place: RotationPlace = { rotation, action };
      const command = {
        title: rotationActionTitles[action](),
        command: 'purser.takeRotationStep',
        arguments: [place],
      };
      return new CodeLens(new Range(start, start), command);
    });
  }

  async #checklist(uri: Uri): Promise<Checklist | undefined> {
    const id = rotationOf(uri);
    const kept = id === undefined ? undefined : this.get(id);
    if (id === undefined || kept === undefined) return undefined;
    const { checklistOf } = await import('../../app/at-rest/rotation-checklist.ts');
    const fileName = workspace.asRelativePath(Uri.parse(kept.file, true));
    const time = (at: number) => new Date(at).toLocaleString();
    return checklistOf({ kept, fileName, ...this.now(id), now: Date.now(), time });
  }

  #tell(rotation: KeptRotation): void {
    this.#changed.fire(rotationUri(rotationId(rotation), rotation.clusterTitle));
    this.#lensesChanged.fire();
  }

  /** Checklists that nobody has open are made anew when somebody opens them. */
  #openOn(file: Uri): readonly string[] {
    const open = new Set(workspace.textDocuments.map(({ uri }) => rotationOf(uri)));
    return this.all()
      .filter((rotation) => rotation.file === file.toString())
      .map(rotationId)
      .filter((id) => open.has(id));
  }

  #kept(): Readonly<Record<string, KeptRotation>> {
    return this.#state.get<Readonly<Record<string, KeptRotation>>>(memory, {});
  }
}
