import type {
  CancellationToken,
  DataTransfer,
  DataTransferFile,
  TreeDragAndDropController,
  Uri,
} from 'vscode';
import { droppedFiles, droppedMimeTypes } from '../dropped-files.ts';
import type { Services } from '../services.ts';
import type { Row } from './rows.ts';

/** What adds a cluster is loaded when one is dropped. */
export async function addDropped(dropped: Uri | DataTransferFile, services: Services): Promise<void> {
  const adding = await import('./add-cluster.ts');
  await adding.addDropped(dropped, services);
}

/** Takes kubeconfigs in clear that are dropped on the *Clusters* view: as *Add Cluster…* takes files. */
export class KubeconfigDrop implements TreeDragAndDropController<Row> {
  readonly dragMimeTypes: readonly string[] = [];
  readonly dropMimeTypes = droppedMimeTypes;
  readonly #add: (dropped: Uri | DataTransferFile) => Promise<void>;

  /** @param add tells its own failures: a file that is no kubeconfig is no reason not to take the others */
  constructor(add: (dropped: Uri | DataTransferFile) => Promise<void>) {
    this.#add = add;
  }

  async handleDrop(_target: Row | undefined, dropped: DataTransfer, token: CancellationToken): Promise<void> {
    for (const file of await droppedFiles(dropped)) if (!token.isCancellationRequested) await this.#add(file);
  }
}
