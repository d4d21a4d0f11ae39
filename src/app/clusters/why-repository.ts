import { type FluxKustomization, fluxFacts } from '../../audit/flux-facts.ts';
import { isSopsFile } from '../../audit/flux-file-size.ts';
import { readFields } from '../../manifest/fields.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { scan } from '../../manifest/scan.ts';
import { FluxTree, joined } from '../flux-tree.ts';
import type { SealedFile } from './why-file.ts';

const flux = 'kustomize.toolkit.fluxcd.io';

/** Whether a file can matter to what Flux decrypts: the search that most files of a repository end with. */
export function mayMatter(path: string, bytes: Uint8Array): boolean {
  if (/(?:^|\/)kustomization\.ya?ml$/.test(path) || bytes[0] === 0xff || bytes[0] === 0xfe) return true;
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return content.includes('ENC[AES256_GCM,') || content.includes(flux);
}

/** A repository's Kustomizations, and what Flux builds and decrypts from its folders. */
export class FluxRepository {
  readonly kustomizations: readonly FluxKustomization[];
  readonly #tree: FluxTree<SealedFile & { builds: readonly string[] | undefined; sealed: boolean }>;

  /** @param files those that matter; paths are from the repository's root, with `/` */
  constructor(files: readonly SealedFile[]) {
    const kustomizations: FluxKustomization[] = [];
    const tree = files.map(({ path, text }) => {
      const manifest = scan(text);
      const facts = fluxFacts(manifest, path.slice(path.lastIndexOf('/') + 1));
      kustomizations.push(...(facts?.kustomizations ?? []));
      const builds = facts?.builds && [...facts.builds, ...generatedFrom(manifest)];
      return { path, text, builds, sealed: isDecrypted(text) };
    });
    this.kustomizations = kustomizations;
    this.#tree = new FluxTree(tree);
  }

  /** Those whose `spec.path` builds a file. */
  appliersOf(file: string, all: readonly FluxKustomization[]): readonly FluxKustomization[] {
    return all.filter(({ path }) => this.sealedFiles(path).some((each) => each.path === file));
  }

  /** The files that SOPS encrypted among what a Kustomization's `spec.path` builds, by path. */
  sealedFiles(path: string): readonly SealedFile[] {
    const folder = joined('', path);
    const found = folder === undefined ? [] : this.#tree.sealedIn(folder);
    return found
      .map((file) => ({ path: file.path, text: file.text }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }
}

/** Unlike resources, files of generators may be of any kind. */
function* generatedFrom({ text, documents }: Manifest): Iterable<string> {
  for (const document of documents) {
    for (const { path, text: value } of readFields(text, document)) {
      const [root, , field] = path;
      if (root === 'secretGenerator' && (field === 'files' || field === 'envs' || field === 'env'))
        yield value.slice(value.indexOf('=') + 1);
      else if ((root === 'patches' && field === 'path') || root === 'patchesStrategicMerge') yield value;
    }
  }
}

/** Flux leaves alone what an annotation says so of. */
function isDecrypted(text: string): boolean {
  return isSopsFile(text) && !text.includes(`${flux}/decrypt`);
}
