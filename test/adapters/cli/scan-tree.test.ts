import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { GitWorkTree, noGit } from '../../support/git-work-tree.ts';
import { secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';
const mac = process.platform === 'darwin';
const clear = secretYaml('main', { password: 'hunter2-canary' });

function repository(): Sandbox {
  const repo = sandbox();
  repo.secret('hunter2-canary');
  return repo;
}

interface Report {
  readonly findings: readonly { readonly path: string }[];
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** The paths with findings, and a line for each problem. */
async function scan(repo: Sandbox, ...paths: readonly string[]): Promise<[string[], string[]]> {
  const { stdout } = await repo.run(['scan', '--format', 'json', ...paths]);
  const { findings, problems }: Report = JSON.parse(stdout);
  return [findings.map(({ path }) => path), problems.map(({ path, message }) => `${path}: ${message}`)];
}

describe('a scan of a whole tree', () => {
  it('tells of every file that is no manifest, and goes on', async () => {
    const repo = repository();
    repo.write('a/binary.yaml', Buffer.from(`\0\x01\x02${clear}`));
    repo.write('b/latin1.yaml', Buffer.from(clear.replace('kind', '# é\nkind'), 'latin1'));
    repo.write('c/utf16.yaml', Buffer.from(`\ufeff${clear}`, 'utf16le'));
    truncateSync(repo.write('d/huge.yaml', ''), 100 * 1024 * 1024);
    repo.folder('e/folder.yaml');
    repo.write('z.yaml', clear);
    const [findings, problems] = await scan(repo);
    expect(findings).toEqual(['b/latin1.yaml', 'c/utf16.yaml', 'z.yaml']);
    expect(problems).toEqual([
      expect.stringMatching(/^a\/binary\.yaml: it is not a text file: it holds NUL bytes; /),
      'b/latin1.yaml: some bytes are not valid text; the rest was looked at',
      'd/huge.yaml: it is too large (100.0 MB; the limit is 16.0 MB); split it',
    ]);
  });

  it.skipIf(windows)('follows no links and opens no pipes', async () => {
    const repo = repository();
    symlinkSync('..', repo.path(repo.folder('a') && 'a/up'));
    symlinkSync('loop.yaml', repo.path('loop.yaml'));
    const outside = repository();
    outside.write('secret.yaml', clear);
    symlinkSync(outside.root, repo.path('out'));
    symlinkSync(outside.path('secret.yaml'), repo.path('out.yaml'));
    execFileSync('mkfifo', [repo.path('pipe.yaml')]);
    repo.write('z.yaml', clear);
    expect(await scan(repo)).toEqual([
      ['z.yaml'],
      [
        expect.stringMatching(/^loop\.yaml: .* go in a circle/),
        expect.stringMatching(/^out\.yaml: this symbolic link leads out of the repository/),
        expect.stringMatching(/^pipe\.yaml: it is not a regular file/),
      ],
    ]);
    const [findings, problems] = await scan(repo, 'pipe.yaml', 'z.yaml');
    expect(findings).toEqual(['z.yaml']);
    expect(problems).toEqual([
      'pipe.yaml: it cannot be read: it is not a regular file; check the path and its permissions',
    ]);
  });

  it.skipIf(windows || mac)(
    'keeps names from writing lines of their own, and tells of those that are no UTF-8',
    async () => {
      const repo = repository();
      repo.write('a\nb.yaml', clear);
      repo.write('-rf.yaml', clear);
      writeFileSync(
        Buffer.concat([Buffer.from(`${repo.root}/c`), Buffer.from([0xff]), Buffer.from('.yaml')]),
        clear,
      );
      const { stdout, stderr, code } = await repo.run(['scan']);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^-rf\.yaml:\d.*\na\ufffdb\.yaml:\d.*\n$/);
      expect(stderr).toContain(
        'purser: c\ufffd.yaml: its name is not valid UTF-8, so it is not looked into; rename it\n',
      );
    },
  );

  it.skipIf(noGit)(
    'passes over what git ignores, but not what it tracks, also with no git on the PATH',
    async () => {
      const repo = repository();
      const real = new GitWorkTree();
      real.write('.gitignore', 'local/\n*.local.yaml\n');
      for (const path of ['a.local.yaml', 'b.local.yaml', 'local/c.yaml', 'local/d.yaml', 'e.yaml'])
        real.write(path, clear);
      real.git('add', '-f', 'b.local.yaml', 'local/d.yaml');
      rmSync(repo.path('.git'), { recursive: true });
      renameSync(real.root, repo.path('repo'));
      const there = ['b.local.yaml', 'e.yaml', 'local/d.yaml'].map((path) => `repo/${path}`);
      expect(await scan(repo)).toEqual([there, []]);
      expect(await scan(repo, 'repo/a.local.yaml')).toEqual([['repo/a.local.yaml'], []]);
      const ran = await repo.run(['scan'], { env: { PATH: '' } });
      expect(ran.stdout.trim().split('\n')).toHaveLength(3);
    },
  );

  it('is not misled by a .gitignore that cannot be read', async () => {
    const repo = repository();
    repo.write('a.yaml', clear);
    truncateSync(repo.write('.gitignore', '*\n'), 100 * 1024 * 1024);
    expect(await scan(repo)).toEqual([
      ['a.yaml'],
      ['.gitignore: it is too large (100.0 MB; the limit is 1.0 MB); split it'],
    ]);
  });
});
