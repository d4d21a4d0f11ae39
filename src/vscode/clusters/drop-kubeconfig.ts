import {
  type CancellationToken,
  type DataTransfer,
  type DataTransferFile,
  type TreeDragAndDropController,
  Uri,
} from 'vscode';
import type { Row } from './rows.ts';

const uriList = 'text/uri-list';

/** Takes kubeconfigs in clear that are dropped on the *Clusters* view: as *Add Cluster…* takes files. */
export class KubeconfigDrop implements TreeDragAndDropController<Row> {
  readonly dragMimeTypes: readonly string[] = [];
  readonly dropMimeTypes = [uriList, 'files'];
  readonly #add: (dropped: Uri | DataTransferFile) => Promise<void>;

  /** @param add tells its own failures: a file that is no kubeconfig is no reason not to take the others */
  constructor(add: (dropped: Uri | DataTransferFile) => Promise<void>) {
    this.#add = add;
  }

  async handleDrop(_target: Row | undefined, dropped: DataTransfer, token: CancellationToken): Promise<void> {
    for (const file of await filesIn(dropped)) if (!token.isCancellationRequested) await this.#add(file);
  }
}

/** Files where this runs by name; what a browser hands over, or another computer's desktop, has only its content. */
async function filesIn(dropped: DataTransfer): Promise<readonly (Uri | DataTransferFile)[]> {
  const list = (await dropped.get(uriList)?.asString()) ?? '';
  const lines = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const uris = lines.map((line) => Uri.parse(line));
  if (uris.length > 0 && uris.every(({ scheme }) => scheme === 'file')) return uris;
  const files = [...dropped].flatMap(([, item]) => item.asFile() ?? []);
  return files.length > 0 ? files : uris;
}
