import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function filesBelow(folder: string, extension: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, extension);
    return entry.name.endsWith(extension) ? [path] : [];
  });
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = filesBelow('src', '.ts').map((path) => ({ path, text: read(path) }));
const tests = ['unit', 'adapters', 'interop', 'e2e'].flatMap((kind) => filesBelow(`test/${kind}`, '.ts'));
const imported = withInnerParts(
  tests.flatMap((test) =>
    [...read(test).matchAll(/(?:from|import\()\s*'([^']+\/src\/[^']+)'/g)].map(([, target = '']) =>
      posix.join(posix.dirname(test), target),
    ),
  ),
);

/** What tests import, and the parts of the same layer that those are made of. */
function withInnerParts(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const todo = [...paths];
  while (todo.length > 0) {
    const path = todo.pop() ?? '';
    const text = sources.find((source) => source.path === path)?.text;
    if (found.has(path) || text === undefined) continue;
    found.add(path);
    for (const [, target = ''] of text.matchAll(/(?:from|import\()\s*'(\.\/[^']+)'/g))
      todo.push(posix.join(posix.dirname(path), target));
  }
  return found;
}

/** `// no unit test: reason`, or a line saying which test goes through this file. */
const excuse = /^\/\/ no unit test: \S.{10,}$/m;

/** Files of nothing but types, which no test can run. */
function isTypesOnly(text: string): boolean {
  const code = text.replace(/\/\*[^]*?\*\//g, '');
  return !/^(?:export )?(?:async )?(?:const|function|class|let|process)/m.test(code);
}

/** Each of these folders is run as a whole by the tests named. */
const through: Readonly<Record<string, string>> = {
  'src/cli.ts': 'test/adapters/cli/keygen.test.ts',
  'src/scan-worker.ts': 'test/adapters/node/scan-thread.test.ts',
  'src/node/commands': 'test/adapters/cli/encrypt.test.ts',
  'src/node/git-changed.ts': 'test/adapters/cli/scan-git.test.ts',
  'src/node/git-staged.ts': 'test/adapters/cli/scan-git.test.ts',
  'src/node/hook': 'test/adapters/node/hook/hook-matrix.test.ts',
  'src/node/blocking-files.ts': 'test/adapters/cli/scan.test.ts',
  'src/node/arguments.ts': 'test/adapters/cli/keygen.test.ts',
  'src/node/at-rest-arguments.ts': 'test/adapters/cli/at-rest-read.test.ts',
  'src/node/read-arguments.ts': 'test/adapters/cli/keygen.test.ts',
  'src/node/terminal.ts': 'test/adapters/cli/bad-files.test.ts',
  'src/vscode': 'test/e2e/host.test.ts',
  'src/extension.ts': 'test/e2e/host.test.ts',
  'src/looking.ts': 'test/e2e/host.test.ts',
  'src/watching.ts': 'test/e2e/host.test.ts',
};

describe('every file of src', () => {
  it('has a test that imports it, is a part of one that has, or says why not', () => {
    const untested = sources.filter(
      ({ path, text }) =>
        !imported.has(path) &&
        !isTypesOnly(text) &&
        !excuse.test(text) &&
        !Object.keys(through).some((prefix) => path === prefix || path.startsWith(`${prefix}/`)),
    );
    expect(untested.map(({ path }) => path)).toEqual([]);
  });

  it('that is tested through others names tests that are there', () => {
    expect(Object.values(through).filter((test) => !existsSync(join(root, test)))).toEqual([]);
  });

  it('holds no invisible characters', () => {
    // Format controls, and the selectors that change how the character before them looks.
    const invisible = /\p{Cf}|\p{Variation_Selector}/u;
    expect(sources.filter(({ text }) => invisible.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('is named in kebab-case', () => {
    const names = sources.map(({ path }) => posix.basename(path));
    expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*\.ts$/.test(name))).toEqual([]);
  });
});
