import { existsSync, readdirSync, rmSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLookedAt } from '../../../src/audit/looked-at.ts';
import { walk } from '../../../src/node/walk.ts';
import { runs } from '../../support/arbitraries.ts';
import { GitWorkTree, noGit } from '../../support/git-work-tree.ts';

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const folderName = pick('a', 'b', 'ab', '.d', 'ä', 'a b', 'A', 'a.yaml');
const plainName = pick(
  'a.yaml',
  'b.yaml',
  'ab.yaml',
  'abab.yaml',
  'a.json',
  '.yaml',
  'A.yaml',
  'ä.yaml',
  'aä.yml',
);
const oddName = pick(
  '#a.yaml',
  '!a.yaml',
  '-a.yaml',
  'a\\b.yaml',
  'a*.yaml',
  '[a].yaml',
  ' .yaml',
  'b.yaml ',
  'a\n.yaml',
);
const fileName = fc.oneof(plainName, oddName);
const filePath = fc
  .tuple(fc.array(folderName, { maxLength: 3 }), fileName)
  .map(([folders, name]) => [...folders, name].join('/'));

const piece = fc.oneof(
  { weight: 6, arbitrary: pick('a', 'b', 'ab', 'a.yaml', '.yaml', '.json', 'ä', '.d', 'b.yaml') },
  { weight: 6, arbitrary: pick('*', '**', '?', '/', '/', '/**/', '**/', '/**', '***', '*/') },
  {
    weight: 2,
    arbitrary: pick('[ab]', '[!a]', '[^b]', '[a-b]', '[]a]', '[a-', '[[:alpha:]]', '[[:x:]]', '[\\]]'),
  },
  {
    weight: 2,
    arbitrary: pick('[[:]', '[a-]', '[--b]', '[!]a]', '[A-Z]', '[[:upper:][:digit:]]', '[/]', '[ä]'),
  },
  { weight: 1, arbitrary: pick('\\', '\\a', '\\*', '\\ ', ' ', '!', '#', '\r', '\t', '\\/', '\0', '\ufeff') },
);
const pattern = fc
  .tuple(
    pick('', '', '!', '/', '!/', '**/'),
    fc.array(piece, { maxLength: 5 }),
    pick('', '', '', '/', ' ', '/**'),
  )
  .map(([before, pieces, after]) => `${before}${pieces.join('')}${after}`);
const patternFile = fc
  .tuple(
    fc.array(fc.oneof(pattern, filePath), { minLength: 1, maxLength: 5 }),
    pick('\n', '\n', '\r\n'),
    fc.boolean(),
  )
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''));

/** A repository's files, its patterns by folder, and which of its files are tracked, by number. */
interface Tree {
  readonly files: readonly string[];
  readonly ignoreFiles: Readonly<Record<string, string>>;
  readonly exclude: string;
  readonly tracked: readonly number[];
}
const tree: fc.Arbitrary<Tree> = fc.record({
  files: fc.uniqueArray(filePath, { minLength: 4, maxLength: 14 }),
  ignoreFiles: fc.dictionary(pick('', 'a/', 'b/', 'a/b/', 'ab/'), patternFile, { maxKeys: 3 }),
  exclude: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: patternFile }),
  tracked: fc.array(fc.nat(), { maxLength: 3 }),
});

function plant(repo: GitWorkTree, { files, ignoreFiles, exclude, tracked }: Tree): void {
  for (const name of readdirSync(repo.root))
    if (name !== '.git') rmSync(repo.path(name), { recursive: true });
  rmSync(repo.path('.git/index'), { force: true });
  const there = files.filter((path) => canBeWritten(repo, path, ''));
  for (const [folder, text] of Object.entries(ignoreFiles))
    if (existsSync(repo.path(folder))) repo.write(`${folder}.gitignore`, text);
  repo.write('.git/info/exclude', exclude);
  const added = tracked.flatMap((index) => there[index % there.length] ?? []);
  if (added.length > 0) repo.git('--literal-pathspecs', 'add', '--force', '--', ...added);
}

/** A file cannot stand where a folder stands, and Windows has not all names. */
function canBeWritten(repo: GitWorkTree, path: string, content: string): boolean {
  try {
    repo.write(path, content);
    return true;
  } catch {
    return false;
  }
}

function walked(repo: GitWorkTree): string[] {
  const paths: string[] = [];
  for (const { path, problem } of walk(repo.root)) {
    expect(problem, path).toBeUndefined();
    paths.push(relative(repo.root, path).split(sep).join('/'));
  }
  return paths.sort();
}

describe.skipIf(noGit)('what is passed over is what git ignores and does not track', () => {
  let repo: GitWorkTree;
  beforeAll(() => {
    repo = new GitWorkTree();
  });
  afterAll(() => repo.remove());

  it('in any tree with any patterns', () => {
    fc.assert(
      fc.property(tree, (planted) => {
        plant(repo, planted);
        expect(walked(repo)).toEqual(repo.notIgnored().filter((path) => isLookedAt(posix.basename(path))));
      }),
      runs(150, 5000),
    );
  });
});
