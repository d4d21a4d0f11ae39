import type { TextDocument } from 'vscode';
import { manifestSizeLimit, type WrittenObject, writtenObjects } from '../../app/clusters/find-manifest.ts';
import type { OpenCluster } from './open-clusters.ts';

interface Read {
  readonly version: number;
  readonly kinds: string;
  readonly objects: readonly WrittenObject[];
}

/** The Flux objects that documents state, read once a version. */
export class WrittenFluxObjects {
  readonly #read = new WeakMap<TextDocument, Read>();

  /** Objects of the kinds that one of these clusters serves. */
  in(document: TextDocument, clusters: readonly OpenCluster[]): readonly WrittenObject[] {
    const kinds = clusters.flatMap(({ session }) => session.flux().map(({ kind }) => kind));
    const names = new Set(kinds.map(({ kind }) => kind));
    const id = [...names].join(' ');
    const read = this.#read.get(document);
    if (read?.version === document.version && read.kinds === id) return read.objects;
    const groups = new Set(kinds.map(({ group }) => group));
    const text = document.getText();
    const mayBeAbout = (part: string) => [...groups].some((group) => part.includes(group));
    const objects = text.length > manifestSizeLimit ? [] : writtenObjects(text, names, mayBeAbout);
    this.#read.set(document, { version: document.version, kinds: id, objects });
    return objects;
  }
}
