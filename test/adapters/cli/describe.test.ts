import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const clear = secretYaml('main', { password: 'hunter2-canary', user: 'ann' });

describe('purser describe', () => {
  it('tells a line an entry, and never a value', async () => {
    const repo = sandbox();
    repo.localKey('dev.fernet', symmetricKey());
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'fernet', '--key', 'local:dev']);
    const ran = await repo.run(['describe', 'a.yaml']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      /^stringData\.password: fernet \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 16 B sha256:[\da-f]{8}\nstringData\.user: plaintext 3 B\n$/,
    );
    expect(await repo.run(['describe', '-'], { input: repo.bytes('a.yaml') })).toMatchObject({
      stdout: ran.stdout,
    });
  });

  it.each([
    [
      'a file that does not parse',
      `{{ if }}\n${clear}  broken: [\n`,
      /^stringData\.password: plaintext 14 B\n/,
    ],
    ['an empty file', '', /^$/],
    ['a file without a Secret', 'kind: ConfigMap\n', /^$/],
    ['what is no text', '\0\0', /^the file: no text, 2 B\n$/],
  ])('is content with %s', async (_, content, says) => {
    const repo = sandbox();
    repo.write('a.yaml', content);
    const ran = await repo.run(['describe', 'a.yaml']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(says);
    expect(ran.stdout).not.toContain('canary');
  });

  it('tells a version of a value by the SHA-256 of its ciphertext', async () => {
    const repo = sandbox();
    repo.localKey('dev.secretbox', symmetricKey());
    repo.write('a.yaml', clear);
    const lines = new Set<string>();
    for (const value of ['hunter2', 'hunter3']) {
      const seals = ['set', 'a.yaml', 'stringData.password', '--key', 'local:dev'];
      repo.write(
        '.purser.yaml',
        'version: 1\nrules:\n  - {path: "**", scheme: secretbox, keys: [local:dev]}\n',
      );
      await repo.run(seals, { input: value });
      const token = /k8s:enc:[^"\s]+/.exec(repo.text('a.yaml'))?.[0] ?? '';
      const digest = createHash('sha256').update(token).digest('hex').slice(0, 8);
      const [line = ''] = (await repo.run(['describe', 'a.yaml'])).stdout.split('\n');
      expect(line).toBe(`stringData.password: secretbox XSalsa20-Poly1305 key dev 7 B sha256:${digest}`);
      lines.add(line);
    }
    expect(lines.size).toBe(2);
  });

  it('shows in git diff what changed', async () => {
    const repo = sandbox();
    const work = GitRepository.init(repo);
    work.git('config', 'diff.purser.textconv', `"${process.execPath}" "${repo.program}" describe`);
    repo.write('.gitattributes', '*.yaml diff=purser\n');
    repo.write('a.yaml', clear);
    work.commit();
    repo.localKey('dev.fernet', symmetricKey());
    await repo.run(['encrypt', 'a.yaml', '-i', '--scheme', 'fernet', '--key', 'local:dev']);
    const lines = work
      .git('diff')
      .split('\n')
      .filter((line) => /^[-+]\w/.test(line));
    expect(lines).toEqual([
      '-stringData.password: plaintext 14 B',
      expect.stringMatching(/^\+stringData\.password: fernet /),
    ]);
  });

  it.each([
    ['no file', [], 'describe takes a file'],
    ['two files', ['a', 'b'], 'describe takes a file'],
    [
      'a file that is not there',
      ['nope.yaml'],
      'purser: nope.yaml: it cannot be read: there is no such file',
    ],
  ])('refuses %s', async (_, args, says) => {
    const ran = await sandbox().run(['describe', ...args]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
  });
});
