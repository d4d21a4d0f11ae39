import { l10n, type TextDocument, type Uri, window, workspace } from 'vscode';
import { whyDiffers } from '../../app/kkp/compare-manifest.ts';
import type { KkpEncryption } from '../../app/kkp/kkp-encryption.ts';
import { Failure } from '../../core/errors.ts';
import { editableClusters } from '../../manifest/kkp/rotation-edit.ts';
import { scan } from '../../manifest/scan.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { findManifests } from '../clusters/manifest-search.ts';
import { label } from '../clusters/row-words.ts';
import { isManifestDocument } from '../manifests.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';

/** Where the workspace states a Cluster. */
export type ClusterManifest = { readonly document: TextDocument } | 'none' | 'given up';

/**
 * The file of the workspace that states a Cluster with this encryption. Throws `kkp.refused` where it says another one than the seed:
 * a step that is right for the one may be wrong for the other.
 */
export async function clusterManifest(
  kkp: KkpEncryption,
  { registry }: Pick<Services, 'registry'>,
): Promise<ClusterManifest> {
  const name = kkp.cluster;
  const wanted = {
    apiVersion: 'kubermatic.k8c.io/v1',
    group: 'kubermatic.k8c.io',
    kind: 'Cluster',
    namespace: undefined,
    name,
  };
  const found = await withProgress(plainMessage(l10n.t('Looking for Cluster {0}…', name)), (signal) =>
    findManifests(wanted, signal),
  );
  // One file may state it twice.
  const uris = new Map(found.map(({ uri }) => [uri.toString(), uri]));
  const documents = await Promise.all([...uris.values()].map(openDocument));
  const stating = documents.filter((document) => encryptionIn(document, name) !== undefined);
  if (stating.length === 0) return 'none';
  const document = stating.length === 1 ? stating[0] : await choose(stating);
  if (document === undefined) return 'given up';
  requireUnsealed(document, registry);
  const written = encryptionIn(document, name);
  const why = written && whyDiffers(written, kkp);
  if (why !== undefined)
    throw new Failure(
      'kkp.refused',
      { reason: why, todo: l10n.t('apply the manifest or bring it up to date, wait until KKP is done') },
      { path: document.uri.fsPath },
    );
  return { document };
}

/** What SOPS sealed has a MAC over all of it, in the clear or not. Throws `kkp.refused`. */
export function requireUnsealed(document: TextDocument, registry: SchemeRegistry): void {
  if (registry.findDocuments(scan(document.getText())).documents.length === 0) return;
  throw new Failure(
    'kkp.refused',
    {
      reason: l10n.t('this file is sealed as a whole, and any change of it would break its seal'),
      todo: l10n.t('change it with sops edit'),
    },
    { path: document.uri.fsPath },
  );
}

/** Throws `manifest.unparsable`. */
function encryptionIn(document: TextDocument, name: string) {
  return editableClusters(document.getText(), name).find(({ encryption }) => encryption !== undefined)
    ?.encryption;
}

async function choose(documents: readonly TextDocument[]): Promise<TextDocument | undefined> {
  const items = documents.map((document) => ({
    label: label(workspace.asRelativePath(document.uri), 1000),
    document,
  }));
  const options = {
    title: l10n.t('Prepare Key Rotation'),
    placeHolder: l10n.t('Which file is it that is applied?'),
  };
  return (await window.showQuickPick(items, options))?.document;
}

async function openDocument(uri: Uri): Promise<TextDocument> {
  const open = workspace.textDocuments.find(
    (document) => isManifestDocument(document) && document.uri.toString() === uri.toString(),
  );
  return open ?? workspace.openTextDocument(uri);
}
