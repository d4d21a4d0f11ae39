import * as l10n from '@vscode/l10n';
import { Finding, type Matter } from '../audit/finding.ts';
import { envFileValues, fileValue, type GeneratedValue } from '../audit/generator-file.ts';
import { type GeneratorReference, generatorReferences } from '../audit/generator-references.ts';
import { IgnoreComments } from '../audit/ignore-comment.ts';
import { auditKeyFile } from '../audit/key-file.ts';
import { isKeyFileName } from '../audit/looked-at.ts';
import { wholeFilePlace } from '../audit/whole-file.ts';
import { Failure } from '../core/errors.ts';
import { textOf } from '../manifest/file-text.ts';
import type { Manifest, Problem } from '../manifest/manifest.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { sentenceOf } from './messages.ts';
import type { Files } from './ports.ts';
import { onOneLine } from './sentence.ts';

/** What following a kustomization's references needs. */
export interface Following {
  /** Where the files are read: the work tree, or what is about to be committed. */
  readonly files: Pick<Files, 'read' | 'exists' | 'realPath' | 'parent' | 'join' | 'contains' | 'relative'>;
  readonly registry: SchemeRegistry;
  /** The repository's folder: nothing outside of it is read. */
  readonly root: string;
  /** Whether git has a file, or would take it with the next `git add`. `path` is absolute, symlinks resolved. */
  readonly isCommitted: (path: string) => boolean | Promise<boolean>;
}

/** A file that a Secret is made of, and what stands in it in plaintext. */
export interface FollowedFile {
  /** Absolute, symlinks resolved. */
  readonly path: string;
  readonly text: string;
  /** Errors where it holds plaintext for certain. */
  readonly findings: readonly Finding[];
}

export interface Followed {
  readonly files: readonly FollowedFile[];
  /** References that lead out of the repository, and files that cannot be read. */
  readonly problems: readonly Problem[];
}

/**
 * Looks into the files that a kustomization makes Secrets of. `path` is the kustomization's own, absolute. A file that
 * is not there, and one that git ignores, is nobody's finding. Throws nothing but bugs.
 */
export async function followGenerators(
  manifest: Manifest,
  path: string,
  following: Following,
): Promise<Followed> {
  const references = generatorReferences(manifest);
  if (references.length === 0) return nothing;
  const ignored = new IgnoreComments(manifest.text);
  const files = new Map<string, FollowedFile>();
  const problems: Problem[] = [];
  for (const reference of references) {
    if (ignored.silence(reference.span.start, 'secret-generator-literal')) continue;
    try {
      const file = await fileBehind(reference, path, following);
      // Two generators may take the same file: what stands in it is told once.
      if (file !== undefined && file.findings.length > 0 && !files.has(file.path)) files.set(file.path, file);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const message = onOneLine(`${reference.path}: ${sentenceOf(error)}`);
      problems.push({ offset: reference.span.start, message });
    }
  }
  return { files: [...files.values()], problems };
}

const nothing: Followed = Object.freeze({ files: [], problems: [] });

/** Undefined for a file that is not there or that git ignores. Throws `file.unreadable` and `file.too-large`. */
async function fileBehind(
  reference: GeneratorReference,
  from: string,
  { files, registry, root, isCommitted }: Following,
): Promise<FollowedFile | undefined> {
  const path = files.join(files.parent(from), reference.path);
  if (!(await files.exists(path))) return undefined;
  const real = await files.realPath(path);
  const realRoot = await files.realPath(root);
  if (!files.contains(realRoot, real))
    throw new Failure('file.unreadable', { reason: l10n.t('it is outside of the repository') }, { path });
  if (!(await isCommitted(real))) return undefined;
  const bytes = await files.read(real);
  // A file that git-crypt locked, say, has no lines.
  const text = textOf(bytes) ?? '';
  // What stands in a key file is told as what it is.
  const name = files.relative(files.parent(real), real);
  if (isKeyFileName(name) && auditKeyFile(text, name).length > 0) return undefined;
  const values =
    reference.key === undefined ? envFileValues(text, registry) : fileValue(reference.key, bytes, registry);
  const ignored = new IgnoreComments(text);
  const maker = onOneLine(files.relative(realRoot, await files.realPath(from)));
  const findings = values
    .map((value) => findingOf(value, text, maker))
    .filter(({ span }) => !ignored.silence(span.start, 'secret-generator-literal'));
  return { path: real, text, findings };
}

/** @param maker the kustomization, as it is called below the root */
function findingOf({ key, span, certain }: GeneratedValue, text: string, maker: string): Finding {
  const place = { ...wholeFilePlace(text), entry: onOneLine(key) };
  const matter: Matter = certain
    ? (where) =>
        l10n.t(
          '{0} is not encrypted, git does not ignore this file, and {1} makes a Secret of it',
          where,
          maker,
        )
    : (where) =>
        l10n.t(
          '{0} may be a secret and is not encrypted, git does not ignore this file, and {1} makes a Secret of it',
          where,
          maker,
        );
  return new Finding(
    span === undefined ? place : { ...place, span },
    'secret-generator-literal',
    certain ? 'error' : 'warning',
    matter,
  );
}
