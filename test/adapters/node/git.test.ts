import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder } from '../../../src/node/data-folder.ts';
import { Git } from '../../../src/node/git.ts';
import { readBlobs } from '../../../src/node/git-blobs.ts';
import { IndexFiles } from '../../../src/node/git-index-files.ts';
import { findGit } from '../../../src/node/git-program.ts';
import { useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';

describe('the git that is run', () => {
  it.skipIf(windows)(
    'is the first on the PATH that neither the repository nor the current folder brings',
    () => {
      const repo = sandbox();
      const program = repo.write('tools/git', '#!/bin/sh\n', 0o755);
      repo.write('plain/git', 'no program', 0o644);
      repo.folder('folder/git');
      const inside = repo.folder('work/bin');
      symlinkSync(program, join(inside, 'git'));
      const path = [
        '',
        '.',
        'bin',
        '../tools',
        inside,
        repo.path('work'),
        repo.path('plain'),
        repo.path('folder'),
      ];
      const find = (...entries: string[]) => findGit({ PATH: entries.join(':') }, repo.path('work'));
      expect(find(...path)).toBeUndefined();
      expect(find(...path, repo.path('tools'))).toBe(program);
      expect(findGit({}, repo.path('work'))).toBeUndefined();
    },
  );

  it('says in one sentence why it cannot', () => {
    const repo = GitRepository.init(sandbox());
    const git = Git.around(repo.folder, repo.env);
    expect(() => git.run(['rev-parse', 'nope'])).toThrow(
      expect.objectContaining({
        code: 'git.failed',
        details: { reason: expect.stringMatching(/^[^\n]*nope[^\n]*$/) },
      }),
    );
  });
});

describe('the content of objects', () => {
  it('comes in order, whatever its size, and says of each what is the matter', async () => {
    const repo = GitRepository.init(sandbox());
    const sizes = [0, 1, 5, 65_535, 65_536, 65_537, 300_000, 17 * 1024 * 1024, 3];
    for (const size of sizes) repo.sandbox.write(`${size}`, Buffer.alloc(size, `${size}\n`));
    const objects = sizes.map((size) => repo.git('hash-object', '-w', `${size}`).trim());
    objects.splice(4, 0, '0123456789012345678901234567890123456789');
    const answers: unknown[] = [];
    for await (const blob of readBlobs(Git.around(repo.folder, repo.env), objects))
      answers.push(
        blob.ok
          ? Buffer.from(blob.value).equals(Buffer.alloc(blob.value.length, `${blob.value.length}\n`)) &&
              blob.value.length
          : blob.failure.code,
      );
    expect(answers).toEqual([
      0,
      1,
      5,
      65_535,
      'file.unreadable',
      65_536,
      65_537,
      300_000,
      'file.too-large',
      3,
    ]);
  });
});

describe('the files of an index', () => {
  it('are what a commit would hold', async () => {
    const repo = GitRepository.init(sandbox());
    repo.sandbox.write('a/staged.yaml', 'staged');
    repo.git('add', '.');
    repo.sandbox.write('a/staged.yaml', 'later');
    repo.sandbox.write('untracked.yaml', 'x');
    const files = new IndexFiles(Git.around(repo.folder, repo.env));
    const path = (name: string) => join(repo.folder, name);
    expect(Buffer.from(await files.read(path('a/staged.yaml'))).toString()).toBe('staged');
    expect(await files.exists(path('a/staged.yaml'))).toBe(true);
    expect(await files.exists(path('untracked.yaml'))).toBe(false);
    expect(await files.exists(path('.git'))).toBe(true);
    expect(await files.exists(path('a/.git'))).toBe(false);
    await expect(files.read(path('untracked.yaml'))).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  it.skipIf(windows)('are no links', async () => {
    const repo = GitRepository.init(sandbox());
    repo.sandbox.link('/etc/passwd', 'link.yaml');
    repo.git('add', '.');
    const files = new IndexFiles(Git.around(repo.folder, repo.env));
    await expect(files.read(join(repo.folder, 'link.yaml'))).rejects.toMatchObject({
      code: 'file.unreadable',
      details: { reason: 'it is not a regular file' },
    });
  });
});

describe('the data folder', () => {
  it.skipIf(windows)('is where the platform has such things', () => {
    const home = '/home/ann';
    expect(dataFolder({ HOME: home }, 'linux')).toBe('/home/ann/.local/share/purser');
    expect(dataFolder({ HOME: home, XDG_DATA_HOME: '' }, 'linux')).toBe('/home/ann/.local/share/purser');
    expect(dataFolder({ HOME: home, XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/purser');
    expect(dataFolder({ HOME: home }, 'darwin')).toBe('/home/ann/Library/Application Support/purser');
    expect(dataFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/purser');
  });
});
