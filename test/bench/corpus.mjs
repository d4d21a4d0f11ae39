import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../host/cache.mjs';
import {
  configMap,
  customResourceDefinition,
  deployment,
  externalSecret,
  helmTemplate,
  plaintextSecret,
  sealedSecret,
  sopsSecret,
  templatedSecret,
} from './manifests.mjs';
import { seeded } from './random.mjs';

/** @import { Random } from './random.mjs' */

const FILES = 10_000;
/** Files a folder. */
const FOLDER = 5;
/** Findings of one `plaintextSecret`. */
const FINDINGS = 4;

/** @typedef {{ folder: string, findings: number | undefined }} Corpus `findings` is undefined where they are not known */

/**
 * A tree of manifests as 52 real repositories were found to be: 7.5 KB a file on average, one file in six mentions a
 * Secret, one in 20 is about one (plaintext, templated, encrypted, a reference), a fifth are Helm templates. About
 * 80 MB, all of it staged for a first commit where git is there; made once into the cache.
 * `PURSER_CORPUS` names a checkout to use instead.
 *
 * @returns {Promise<Corpus>}
 */
export async function scanCorpus() {
  const own = process.env['PURSER_CORPUS'];
  if (own !== undefined) return { folder: own, findings: undefined };
  const { files, findings } = plan();
  const folder = await cached('bench-corpus-4', async (partial) => {
    for (const [path, text] of files()) {
      await mkdir(join(partial, path, '..'), { recursive: true });
      await writeFile(join(partial, path), text);
    }
    await stageAll(partial);
  });
  return { folder, findings };
}

/** A repository of its own, so that the search for policies ends here. @param {string} folder */
async function stageAll(folder) {
  const git = (/** @type {string[]} */ ...args) =>
    promisify(execFile)('git', ['-C', folder, '-c', 'core.autocrlf=false', ...args]);
  try {
    await git('init', '--quiet');
    await git('add', '--all');
  } catch {
    await mkdir(join(folder, '.git'), { recursive: true });
  }
}

/** What stands in file `index`. @param {number} index @param {Random} random */
function content(index, random) {
  if (index % 50 === 0) return plaintextSecret(random);
  if (index % 100 === 25) return templatedSecret(random);
  if (index % 200 === 75) return sopsSecret(random);
  if (index % 200 === 175) return sealedSecret(random);
  if (index % 100 === 35) return externalSecret(random);
  const share = index % 10;
  if (share === 1) return customResourceDefinition(random);
  if (share <= 3) return helmTemplate(random);
  if (share <= 6) return configMap(random);
  return Array.from({ length: 1 + random.below(3) }, () => deployment(random)).join('---\n');
}

function plan() {
  let findings = 0;
  for (let index = 0; index < FILES; index += 50) findings += FINDINGS;
  /** @returns {Generator<[string, string]>} */
  function* files() {
    const random = seeded(20261121);
    for (let index = 0; index < FILES; index++) {
      const app = Math.floor(index / FOLDER);
      const path = join(`cluster-${app % 8}`, `area-${Math.floor(app / 8) % 12}`, `app-${app}`);
      yield [join(path, `manifest-${index}.yaml`), content(index, random)];
    }
  }
  return { files, findings };
}
