import { describe, expect, it } from 'vitest';
import { ageRepository } from '../../support/age-repository.ts';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { rsaPair, secretYaml, symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const [first, second] = [rsaPair(), rsaPair()];
const clear = `${secretYaml('main', { password: 'hunter2-canary' })}  # a comment\ntype: Opaque\n`;

function policy(scheme: string, ...keys: readonly string[]): string {
  return `version: 1\nrules:\n  - path: "**/*.{yaml,enc}"\n    scheme: ${scheme}\n    keys: [${keys.join(', ')}]\n`;
}

/** Files sealed to a first key, and then another key put before it. */
async function rotated(scheme: 'fernet' | 'secretbox', paths: readonly string[]): Promise<Sandbox> {
  const repo = sandbox();
  repo.secret('hunter2-canary');
  for (const name of ['old', 'new']) repo.localKey(`${name}.${scheme}`, repo.secret(symmetricKey()));
  repo.write('.purser.yaml', policy(scheme, 'local:old'));
  for (const path of paths) {
    repo.write(path, clear);
    expect((await repo.run(['encrypt', path, '-i'])).code).toBe(0);
  }
  repo.write('.purser.yaml', policy(scheme, 'local:new', 'local:old'));
  return repo;
}

describe('purser rotate', () => {
  it.each(['fernet', 'secretbox'] as const)(
    'moves %s values below a folder to the first key, once',
    async (scheme) => {
      const paths = ['a.yaml', 'deep/er/b.yaml'];
      const repo = await rotated(scheme, paths);
      const before = paths.map((path) => repo.text(path));
      const dry = await repo.run(['rotate', '.', '--dry-run']);
      expect(dry).toMatchObject({
        code: 0,
        stderr: 'purser: a.yaml: 1 to be sealed again\npurser: deep/er/b.yaml: 1 to be sealed again\n',
      });
      expect(paths.map((path) => repo.text(path))).toEqual(before);
      const ran = await repo.run(['rotate', '.']);
      expect(ran.stderr).toBe('purser: a.yaml: 1 sealed again\npurser: deep/er/b.yaml: 1 sealed again\n');
      const sealed = /(password: ).*/;
      expect(repo.text('a.yaml')).not.toBe(before[0]);
      expect(repo.text('a.yaml').replace(sealed, '$1')).toBe(before[0]?.replace(sealed, '$1'));
      repo.write('.purser.yaml', policy(scheme, 'local:new'));
      for (const path of paths) expect((await repo.run(['decrypt', path])).stdout).toBe(clear);
      const again = await repo.run(['rotate', '.']);
      expect(again).toMatchObject({
        code: 0,
        stderr: "purser: nothing to seal again (2 sealed to today's keys)\n",
      });
    },
  );

  it('takes whole files, and values of another scheme', async () => {
    const repo = await rotated('fernet', ['a.yaml']);
    repo.write('b.enc', 'hunter2-canary\n');
    await repo.run(['encrypt', 'b.enc', '-i', '--whole', '--key', 'local:old', '--scheme', 'fernet']);
    repo.write('.purser.yaml', policy('fernet', 'local:new'));
    expect((await repo.run(['rotate', 'b.enc'])).code).toBe(0);
    repo.localKey('box.secretbox', symmetricKey());
    repo.write('.purser.yaml', policy('secretbox', 'local:box'));
    expect((await repo.run(['rotate', 'a.yaml'])).code).toBe(0);
    expect(repo.text('a.yaml')).toContain('k8s:enc:secretbox:v1:box:');
    expect((await repo.run(['decrypt', 'a.yaml'])).stdout).toBe(clear);
    expect((await repo.run(['decrypt', 'b.enc'])).stdout).toBe('hunter2-canary\n');
  });

  it('moves a JWE to an accepted key where the old one is at hand, and lists it where none is', async () => {
    const repo = sandbox();
    repo.secret('hunter2-canary');
    repo.write('old.pub.pem', first.publicPem);
    repo.write('new.pub.pem', second.publicPem);
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'old.pub.pem']);
    repo.write('.purser.yaml', policy('jwe', 'new.pub.pem'));
    const untrusted = await repo.run(['rotate', 'a.yaml']);
    expect(untrusted.code).toBe(2);
    const fingerprint = /SHA256:[\w+/]{43}=?/.exec(untrusted.stderr)?.[0] ?? '';
    const accept = ['rotate', '.', '--accept-key', fingerprint];
    const shut = await repo.run(accept);
    expect(shut.code).toBe(1);
    expect(shut.stderr).toMatch(/^purser: a\.yaml:7: stringData\.password: no key at hand opens this jwe/);
    repo.write('k/old.pem', first.privatePem);
    const ran = await repo.run([...accept, '--key', 'k/old.pem']);
    expect(ran.stderr).toContain('purser: a.yaml: 1 sealed again (not opened again to verify');
    repo.write('k/new.pem', second.privatePem);
    expect((await repo.run(['decrypt', 'a.yaml', '--key', 'k/new.pem'])).stdout).toBe(clear);
  });

  it('opens what it sealed again with a key that is named for it', async () => {
    const repo = sandbox();
    repo.secret('hunter2-canary');
    repo.write('old.pub.pem', first.publicPem);
    repo.write('new.pub.pem', second.publicPem);
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'old.pub.pem']);
    repo.write('.purser.yaml', policy('jwe', 'new.pub.pem'));
    repo.write('k/old.pem', first.privatePem);
    repo.write('k/new.pem', second.privatePem);
    const both = ['rotate', '.', '--key', 'k/old.pem', '--key', 'k/new.pem'];
    const untrusted = await repo.run(both);
    expect(untrusted.code).toBe(2);
    const fingerprint = /SHA256:[\w+/]{43}=?/.exec(untrusted.stderr)?.[0] ?? '';
    const ran = await repo.run([...both, '--accept-key', fingerprint]);
    expect(ran).toMatchObject({ code: 0, stderr: 'purser: a.yaml: 1 sealed again\n' });
  });

  it('says of a key that was not accepted once that it was not, and how many files wait for it', async () => {
    const repo = sandbox();
    repo.secret('hunter2-canary');
    repo.write('old.pub.pem', first.publicPem);
    repo.write('new.pub.pem', second.publicPem);
    for (const path of ['a.yaml', 'b.yaml', 'c.yaml']) {
      repo.write(path, clear);
      await repo.run(['encrypt', path, '-i', '--key', 'old.pub.pem']);
    }
    repo.write('.purser.yaml', policy('jwe', 'new.pub.pem'));
    const ran = await repo.run(['rotate', '.']);
    expect(ran.code).toBe(2);
    expect(ran.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^purser: a\.yaml: the key new\.pub\.pem \(SHA256:.* was never accepted here; /),
      expect.stringMatching(/^purser: 2 more files wait for the key new\.pub\.pem \(SHA256:/),
    ]);
  });

  it('does not tell of damage that a comment silences', async () => {
    const repo = await rotated('fernet', ['a.yaml']);
    const damaged = (comment: string) =>
      repo.text('a.yaml').replace('stringData:\n', `stringData:\n${comment}  cut: gAAAAAxx\n`);
    const whole = repo.text('a.yaml');
    repo.write('a.yaml', damaged(''));
    expect((await repo.run(['rotate', 'a.yaml', '--dry-run'])).stderr).toContain(
      'this fernet ciphertext is damaged',
    );
    repo.write('a.yaml', whole);
    repo.write('a.yaml', damaged('  # purser:ignore malformed-ciphertext a sample of what is cut\n'));
    expect(await repo.run(['rotate', 'a.yaml', '--dry-run'])).toMatchObject({
      code: 0,
      stderr: 'purser: a.yaml: 1 to be sealed again\n',
    });
  });

  it('seals the rest of a file where one value cannot be opened, and leaves a moved one alone', async () => {
    const repo = sandbox();
    repo.secret('hunter2-canary');
    repo.write('p.pem', first.publicPem);
    repo.localKey('own.pem', first.privatePem);
    repo.localKey('new.pem', second.privatePem);
    repo.write(
      'a.yaml',
      `${secretYaml('one', { a: 'hunter2-canary' })}---\n${secretYaml('two', { a: 'hunter2-canary' })}`,
    );
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'p.pem']);
    repo.write('a.yaml', repo.text('a.yaml').replace('name: two', 'name: three'));
    repo.write('n.pem', second.publicPem);
    repo.write('.purser.yaml', policy('jwe', 'n.pem'));
    const ran = await repo.run(['rotate', 'a.yaml'], { mayWrite: true });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /a\.yaml: 1 sealed again\npurser: a\.yaml:\d+: stringData\.a: this ciphertext was made for/,
    );
  });

  it('leaves a JWE alone that was made for a value and stands alone in a file', async () => {
    const repo = sandbox();
    repo.secret('hunter2-canary');
    repo.write('p.pem', first.publicPem);
    repo.localKey('own.pem', first.privatePem);
    repo.localKey('new.pem', second.privatePem);
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i', '--key', 'p.pem']);
    const token = /password: "(eyJ[^"]+)"/.exec(repo.text('a.yaml'))?.[1] ?? '';
    repo.write('deep/notes.enc', token);
    repo.write('n.pem', second.publicPem);
    repo.write('.purser.yaml', policy('jwe', 'n.pem'));
    expect(await repo.run(['rotate', 'deep'])).toMatchObject({
      code: 1,
      stderr:
        'purser: deep/notes.enc: this ciphertext was made for db/main#password but stands at notes.enc; find out who moved it, or set the value again\n',
    });
    expect(repo.text('deep/notes.enc')).toBe(token);
  });

  it('changes the recipients of a SOPS file, and says where policy wants another scheme', async () => {
    const { repo, env, recipient } = await ageRepository(sandbox());
    const other = await ageRepository(sandbox());
    repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i'], { env });
    const same = await repo.run(['rotate', 'a.yaml'], { env });
    expect(same.stderr).toContain('nothing to seal again (1 sealed');
    repo.write('.sops.yaml', repo.text('.sops.yaml').replace(recipient, other.recipient));
    repo.write('b.yaml', repo.text('a.yaml'));
    const waiting = await repo.run(['rotate', '.'], { env });
    expect(waiting.code).toBe(2);
    expect(waiting.stderr.match(/were not accepted/g)).toHaveLength(1);
    expect(waiting.stderr).toContain(
      `purser: 1 more file waits for recipients of .sops.yaml: ${other.recipient}\n`,
    );
    const ran = await repo.run(['rotate', 'a.yaml', '--accept-key', other.recipient], { env });
    expect(ran.code, ran.stderr).toBe(0);
    expect((await repo.run(['decrypt', 'a.yaml'], { env: other.env })).stdout).toBe(clear);
    repo.write('.purser.yaml', policy('jwe', 'x.pem'));
    const wrong = await repo.run(['rotate', 'a.yaml'], { env: other.env });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('this is encrypted with SOPS, and policy says JWE here');
  });

  it.each([
    ['no path', [], 'name a file or a folder'],
    ['a path that is not there', ['nope'], 'purser: nope: there is no such file'],
    ['a file that no policy is about', ['a.yaml'], 'purser: a.yaml: nothing says how to encrypt this file'],
  ])('refuses %s', async (_, paths, says) => {
    const repo = await rotated('fernet', ['a.yaml']);
    repo.write('.purser.yaml', 'version: 1\nrules: []\n');
    const ran = await repo.run(['rotate', ...paths]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
  });
});
