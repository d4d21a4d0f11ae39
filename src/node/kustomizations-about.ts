import { basename, dirname, join } from 'node:path';
import { isManifestName } from '../audit/looked-at.ts';

/** What kustomize reads (kustomize api/konfig, RecognizedKustomizationFileNames). */
const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * Where kustomizations may stand that take values from these files: beside them, and in the folders above as far as the
 * root. Manifests are left out: what stands in them is found without.
 *
 * @param paths absolute, below the root
 */
export function kustomizationsAbout(paths: Iterable<string>, root: string): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    if (isManifestName(basename(path))) continue;
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) {
      folders.add(folder);
      if (folder === root || folder === dirname(folder)) break;
    }
  }
  return new Set([...folders].flatMap((folder) => names.map((name) => join(folder, name))));
}
