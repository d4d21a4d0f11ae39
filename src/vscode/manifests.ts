import { type Disposable, type TextDocument, workspace } from 'vscode';
import { type Audited, audit } from '../audit/audit.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { rescan, scan } from '../manifest/scan.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';

const languages: ReadonlySet<string> = new Set(['yaml', 'json', 'jsonc', 'helm']);

/** What is known of an open document at one version. */
export interface Examined extends Audited {
  readonly version: number;
  readonly manifest: Manifest;
}

/** Whether Purser looks into a document at all. Virtual documents and outputs of other extensions are left alone. */
export function isManifestDocument(document: TextDocument): boolean {
  return (
    languages.has(document.languageId) &&
    (document.uri.scheme === 'file' || document.uri.scheme === 'untitled')
  );
}

/** The open manifests, examined once a version; a change costs the documents it touched. */
export class Manifests implements Disposable {
  readonly #registry: SchemeRegistry;
  readonly #known = new Map<string, Examined>();
  readonly #closed: Disposable;

  constructor(registry: SchemeRegistry) {
    this.#registry = registry;
    this.#closed = workspace.onDidCloseTextDocument((document) =>
      this.#known.delete(document.uri.toString()),
    );
  }

  examine(document: TextDocument): Examined {
    const id = document.uri.toString();
    const known = this.#known.get(id);
    if (known?.version === document.version) return known;
    const text = document.getText();
    const manifest = known === undefined ? scan(text) : rescan(known.manifest, text);
    const examined = { version: document.version, manifest, ...audit(manifest, this.#registry, known) };
    this.#known.set(id, examined);
    return examined;
  }

  dispose(): void {
    this.#closed.dispose();
    this.#known.clear();
  }
}
