import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { GitHistory } from '../../../src/node/git-history.ts';
import { longHistory } from '../../bench/long-history.mjs';
import { useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';
import { secretYaml } from '../../support/workspace.ts';

const { sandbox } = useCli();
const windows = process.platform === 'win32';
const value = 'hunter2-canary/é';
const pem = `-----BEGIN KEY-----\n${'canary'.repeat(10)}\nabc\n\nlast\n-----END KEY-----\n`;

function find(repo: GitRepository, values: readonly string[], signal = new AbortController().signal) {
  const history = new GitHistory(repo.env);
  const plaintexts = values.map((one) => Plaintext.fromText(one));
  return history.find(`${repo.folder}/a.yaml`, plaintexts, signal);
}

/** A repository in whose only other commit this was the content of a file. */
function having(content: string): GitRepository {
  const repo = GitRepository.init(sandbox());
  repo.sandbox.write('a.yaml', content);
  repo.commit();
  repo.sandbox.write('a.yaml', 'nothing: here\n');
  repo.commit();
  return repo;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const indented = pem.replaceAll(/^(?=.)/gm, '      ');

describe('what stood in plaintext', () => {
  it('is counted by commits, from the first on', async () => {
    const repo = GitRepository.init(sandbox());
    const write = (text: string) => {
      repo.sandbox.write('a.yaml', text);
      repo.commit();
      return repo.git('rev-parse', '--short', 'HEAD').trim();
    };
    write('a: b\n');
    const first = write(secretYaml('one', { password: value }));
    write(`${secretYaml('one', { password: value })}  # more\n`);
    write('c: d\n');
    expect(await find(repo, ['another-canary', value])).toEqual({
      found: [false, true],
      commits: 2,
      first,
      searched: 'all',
    });
  });

  it.each([
    ['as it is', value, `stringData:\n  a: ${value}\n`],
    ['in data', value, `data:\n  a: ${base64(value)}\n`],
    ['in a URL', value, `url: "postgres://ann:${value}@db.example.com/"\n`],
    ['in JSON', 'a"b\\c canary', JSON.stringify({ stringData: { a: 'a"b\\c canary' } })],
    ['in JSON, behind a newline', value, JSON.stringify({ a: `b\n${value}` })],
    ['in single quotes', "it's a canary", "stringData: {a: 'it''s a canary'}\n"],
    ['in a block', pem, `stringData:\n  a:\n    key: |\n${indented}`],
    ['in a block with CRLF', pem, `stringData:\n  key: |\n${indented}`.replaceAll('\n', '\r\n')],
    ['as a file', pem, pem],
    ['on one line', pem, `key: ${JSON.stringify(pem)}\n`],
  ])('is found %s', async (_, text, content) => {
    expect(await find(having(content), [text])).toMatchObject({ found: [true], commits: 1 });
  });

  it.each([
    ['a part of a longer word', value, `a: ${value}2\nb: x${value}\n`],
    ['a part of longer base64', value.slice(0, 9), `a: ${base64(value)}\n`],
    ['other lines around the longest', pem, indented.replace('last', 'lost')],
    ['fewer lines', pem, indented.replace('abc\n', '')],
    ['a short value', 'canary', 'a: canary\n'],
  ])('is not found in %s', async (_, text, content) => {
    expect(await find(having(content), [text])).toMatchObject({ found: [false], commits: 0 });
  });

  it('is found among a thousand values and in every branch, and not in what was only staged or stashed', async () => {
    const repo = having('a: b\n');
    const values = Array.from({ length: 1000 }, (_, index) => `canary-${index}-${base64(`${index}`)}`);
    repo.git('checkout', '-q', '-b', 'other');
    repo.sandbox.write('b.yaml', `a: ${values[700] ?? ''}\n`);
    repo.commit();
    repo.git('checkout', '-q', 'main');
    repo.sandbox.write('c.yaml', `a: ${values[1] ?? ''}\n`);
    repo.git('add', '-A');
    repo.git('stash', '-q');
    const found = (await find(repo, values))?.found ?? [];
    expect(found.flatMap((is, index) => (is ? [index] : []))).toEqual([700]);
  });

  it('counts a merge only for what is new in it', async () => {
    const repo = having('a: b\n');
    repo.git('checkout', '-q', '-b', 'other', 'HEAD~1');
    repo.sandbox.write('b.yaml', `a: ${value}\n`);
    repo.commit();
    repo.git('checkout', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '-m', 'merged', 'other');
    expect(await find(repo, [value])).toMatchObject({ commits: 1 });
    repo.sandbox.write('c.yaml', `b: ${value}\n`);
    repo.git('add', '-A');
    repo.git('commit', '-q', '--amend', '--no-verify', '--no-edit');
    expect(await find(repo, [value])).toMatchObject({ commits: 2 });
  });
});

describe('a clone with a part of the history', () => {
  it.each([
    ['shallow', ['--depth=1']],
    ['without blobs', ['--filter=blob:none']],
    ['without trees', ['--filter=tree:0']],
  ])('that is %s says so, and fetches nothing', async (_, options) => {
    const origin = having(`a: ${value}\n`);
    origin.git('config', 'uploadpack.allowFilter', 'true');
    const folder = sandbox().path('clone');
    origin.git('clone', '-q', ...options, `file://${origin.folder}`, folder);
    const clone = origin.at(folder);
    const objects = () => clone.git('count-objects', '-v');
    const before = objects();
    expect(await find(clone, [value])).toMatchObject({ found: [false], searched: 'clone' });
    expect(objects()).toBe(before);
  });
});

describe('a search of the history', () => {
  it('has nothing to say outside of a repository', async () => {
    const repo = new GitRepository(sandbox());
    expect(await find(repo, [value])).toBeUndefined();
  });

  it('ends when it is cancelled', async () => {
    const aborted = AbortSignal.abort();
    await expect(find(having('a: b\n'), [value], aborted)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.skipIf(windows)('runs no program of the repository, and puts no value on a command line', async () => {
    const repo = having(secretYaml('one', { password: value }));
    repo.sandbox.write('.gitattributes', '* diff=x filter=x\n');
    repo.commit();
    const marker = repo.sandbox.path('ran');
    const program = repo.sandbox.write('evil', `#!/bin/sh\ntouch '${marker}'\ncat\n`, 0o755);
    for (const name of [
      'diff.x.textconv',
      'diff.x.command',
      'filter.x.smudge',
      'filter.x.clean',
      'diff.external',
      'core.fsmonitor',
      'core.pager',
      'gpg.program',
    ])
      repo.git('config', name, program);
    repo.git('config', 'log.showSignature', 'true');
    // Every git that runs writes down its arguments and its environment.
    const bin = sandbox();
    const told = bin.path('told');
    const git = spawnSync('which', ['git'], { encoding: 'utf8' }).stdout.trim();
    bin.write('git', `#!/bin/sh\n{ echo "$@"; env; } >> '${told}'\nexec ${git} "$@"\n`, 0o755);
    const history = new GitHistory({ ...repo.env, PATH: `${bin.root}:${process.env['PATH'] ?? ''}` });
    const path = `${repo.folder}/a.yaml`;
    const past = await history.find(path, [Plaintext.fromText(value)], new AbortController().signal);
    expect(past).toMatchObject({ found: [true] });
    expect(readdirSync(repo.folder)).not.toContain('ran');
    const calls = readFileSync(told, 'utf8');
    expect(calls).toContain('cat-file --batch');
    for (const spelling of [value, base64(value)]) expect(calls).not.toContain(spelling);
  });

  it('goes through 5,000 commits, and through large files not at all', async () => {
    const repo = GitRepository.init(sandbox());
    const planted = (commit: number) => {
      if (commit === 40) return secretYaml('one', { password: value });
      if (commit === 4000) return `data:\n  a: ${base64(value)}\n`;
      return commit === 4500 ? 'large'.repeat(300_000) + value : undefined;
    };
    const input = longHistory(5000, planted);
    const made = spawnSync('git', ['fast-import', '--quiet'], { cwd: repo.folder, env: repo.env, input });
    expect(made.status, made.stderr.toString()).toBe(0);
    expect(repo.git('rev-list', '--count', 'main').trim()).toBe('5000');
    const past = await find(repo, [value, 'another-canary']);
    const first = repo.git('rev-parse', '--short', 'main~4960').trim();
    expect(past).toEqual({ found: [true, false], commits: 2, first, searched: 'all' });
    expect(await find(repo, ['gAAAAABcanary-of-nothing'])).toMatchObject({ found: [false] });
  });
});
