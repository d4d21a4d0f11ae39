import type {
  CancellationToken,
  DataTransfer,
  DataTransferFile,
  TreeDragAndDropController,
  Uri,
} from 'vscode';
import { droppedFiles, droppedMimeTypes } from '../dropped-files.ts';
import type { Services } from '../services.ts';
import type { KeyRow } from './key-rows.ts';

/** What takes a key is loaded when one is dropped. */
export async function takeDropped(dropped: Uri | DataTransferFile, services: Services): Promise<void> {
  const { takeKey } = await import('./take-key.ts');
  await takeKey(dropped, services);
}

/** Takes keys that are dropped on the *Keys* view: private and symmetric ones are imported, public ones go into the repository. */
export class KeyDrop implements TreeDragAndDropController<KeyRow> {
  readonly dragMimeTypes: readonly string[] = [];
  readonly dropMimeTypes = droppedMimeTypes;
  readonly #take: (dropped: Uri | DataTransferFile) => Promise<void>;

  /** @param take tells its own failures: a file that is no key is no reason not to take the others */
  constructor(take: (dropped: Uri | DataTransferFile) => Promise<void>) {
    this.#take = take;
  }

  async handleDrop(
    _target: KeyRow | undefined,
    dropped: DataTransfer,
    token: CancellationToken,
  ): Promise<void> {
    for (const file of await droppedFiles(dropped))
      if (!token.isCancellationRequested) await this.#take(file);
  }
}
