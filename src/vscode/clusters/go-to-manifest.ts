import { l10n, type TextDocument, type Uri, window, workspace } from 'vscode';
import { findObject } from '../../app/clusters/find-manifest.ts';
import type { ObjectRef } from '../../app/clusters/flux-object.ts';
import { isManifestDocument } from '../manifests.ts';
import { plainMessage } from '../plain-text.ts';
import { rangeOf } from '../positions.ts';
import { withProgress } from '../progress.ts';
import { refOf } from './live-objects.ts';
import { type FoundManifest, findManifests } from './manifest-search.ts';
import { objectWords } from './object-words.ts';
import { label } from './row-words.ts';
import type { RowFinder } from './rows.ts';

/** Go to Manifest: opens the file of the workspace in which a row's object is written. */
export async function goToManifest(
  argument: unknown,
  { clustersView }: { readonly clustersView: RowFinder },
): Promise<void> {
  const ref = refOf(clustersView.rowOf(argument));
  if (ref === undefined) return;
  const words = objectWords(ref);
  const found = await withProgress(plainMessage(l10n.t('Looking for {0}…', words)), (signal) =>
    findManifests(ref, signal),
  );
  if (found.length === 0) {
    const notHere = l10n.t(
      '{0} is written in no file of this workspace under this name: a chart, a generator or a name prefix may have made it.',
      words,
    );
    void window.showInformationMessage(plainMessage(notHere));
    return;
  }
  const chosen = found.length === 1 ? found[0] : await choose(found, words);
  if (chosen !== undefined) await show(chosen, ref);
}

async function choose(found: readonly FoundManifest[], words: string): Promise<FoundManifest | undefined> {
  const items = found.map((manifest) => ({
    label: label(workspace.asRelativePath(manifest.uri), 1000),
    description: l10n.t('line {0}', manifest.line),
    manifest,
  }));
  const options = { title: l10n.t('Go to Manifest'), placeHolder: words, matchOnDescription: true };
  return (await window.showQuickPick(items, options))?.manifest;
}

/** Where it stands is looked up again: an editor may see another text than the search did. */
async function show({ uri, index }: FoundManifest, ref: ObjectRef): Promise<void> {
  const document = await openDocument(uri);
  const matches = findObject(document.getText(), ref);
  const match = matches[index] ?? matches[0];
  const options = match === undefined ? {} : { selection: rangeOf(document, match.at) };
  await window.showTextDocument(document, options);
}

async function openDocument(uri: Uri): Promise<TextDocument> {
  const open = workspace.textDocuments.find(
    (document) => isManifestDocument(document) && document.uri.toString() === uri.toString(),
  );
  return open ?? workspace.openTextDocument(uri);
}
