import { type DataTransfer, type DataTransferFile, Uri } from 'vscode';

const uriList = 'text/uri-list';

/** What a view takes that files may be dropped on. */
export const droppedMimeTypes: string[] = [uriList, 'files'];

/** Files where this runs by name; what a browser hands over, or another computer's desktop, has only its content. */
export async function droppedFiles(dropped: DataTransfer): Promise<readonly (Uri | DataTransferFile)[]> {
  const list = (await dropped.get(uriList)?.asString()) ?? '';
  const lines = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const uris = lines.map((line) => Uri.parse(line));
  if (uris.length > 0 && uris.every(({ scheme }) => scheme === 'file')) return uris;
  const files = [...dropped].flatMap(([, item]) => item.asFile() ?? []);
  return files.length > 0 ? files : uris;
}
