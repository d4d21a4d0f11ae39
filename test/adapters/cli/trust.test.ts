import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../../support/cli.ts';
import { rsaPair, secretYaml, symmetricKey, Workspace } from '../../support/workspace.ts';

const { sandbox } = useCli();
const [rsa, other] = [rsaPair(), rsaPair()];
const clear = secretYaml('main', { password: 'hunter2-canary' });

function fingerprint(publicPem: string): string {
  const der = createPublicKey(publicPem).export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64')}`;
}

function repository(keys: string, scheme = 'jwe'): Sandbox {
  const repo = sandbox();
  repo.write(
    '.purser.yaml',
    `version: 1\nrules:\n  - path: "**"\n    scheme: ${scheme}\n    keys: ["${keys}"]\n`,
  );
  repo.write('keys/prod.pub.pem', rsa.publicPem);
  repo.write('a.yaml', clear);
  repo.secret('hunter2-canary');
  return repo;
}

const sealIt = ['encrypt', 'a.yaml', '-i'];

describe('trust on first use at the command line', () => {
  it('refuses a repository key that nothing speaks for, and prints its fingerprint', async () => {
    const ran = await repository('keys/prod.pub.pem').run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`--accept-key ${fingerprint(rsa.publicPem)}`);
    expect(ran.stderr).toMatch(
      /^purser: a\.yaml: the key keys\/prod\.pub\.pem \(SHA256:\S+\) was never accepted here; /,
    );
  });

  it.each([
    ['with padding', fingerprint(rsa.publicPem)],
    ['without padding', fingerprint(rsa.publicPem).replace('=', '')],
  ])('seals to a pinned key, %s', async (_, pin) => {
    const ran = await repository(`keys/prod.pub.pem#${pin}`).run(sealIt);
    expect(ran.code, ran.stderr).toBe(0);
  });

  it('seals to a key given with --accept-key, and to one named on the command line', async () => {
    const accepted = await repository('keys/prod.pub.pem').run([
      ...sealIt,
      '--accept-key',
      fingerprint(rsa.publicPem),
    ]);
    expect(accepted.code, accepted.stderr).toBe(0);
    const named = await repository('keys/prod.pub.pem').run([...sealIt, '--key', 'keys/prod.pub.pem']);
    expect(named.code, named.stderr).toBe(0);
  });

  it('does not take --accept-key of another key', async () => {
    const ran = await repository('keys/prod.pub.pem').run([
      ...sealIt,
      '--accept-key',
      fingerprint(other.publicPem),
    ]);
    expect(ran.code).toBe(2);
  });

  it('seals to a key whose private half is in the key folder', async () => {
    const repo = repository('keys/prod.pub.pem');
    repo.localKey('prod.pem', rsa.privatePem);
    expect((await repo.run(sealIt)).code).toBe(0);
  });

  it('refuses a pinned key that was exchanged, whatever else is said', async () => {
    const repo = repository(`keys/prod.pub.pem#${fingerprint(other.publicPem)}`);
    const ran = await repo.run([...sealIt, '--accept-key', fingerprint(rsa.publicPem)]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(
      `is ${fingerprint(rsa.publicPem)}, but the policy pins ${fingerprint(other.publicPem)}`,
    );
  });

  it('does not trust a key because the repository holds its private half too', async () => {
    const repo = repository('keys/attacker.pem');
    repo.write('keys/attacker.pem', other.privatePem);
    const ran = await repo.run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('was never accepted here');
  });

  it('asks the same of set', async () => {
    const repo = repository('keys/prod.pub.pem');
    const set = ['set', 'a.yaml', 'stringData.password'];
    expect((await repo.run(set, { input: 'x' })).code).toBe(2);
    const ran = await repo.run([...set, '--accept-key', fingerprint(rsa.publicPem)], { input: 'x' });
    expect(ran.code).toBe(0);
  });
});

describe('key references', () => {
  it('refuses a policy path that leaves the repository by ..', async () => {
    const outside = new Workspace();
    outside.write('k.pem', rsa.publicPem);
    const repo = repository(`../${outside.root.split('/').at(-1) ?? ''}/k.pem`);
    const ran = await repo.run(sealIt);
    outside.remove();
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('leads out of the repository');
  });

  it.skipIf(process.platform === 'win32')(
    'refuses a policy path that leaves it by a symbolic link',
    async () => {
      const outside = new Workspace();
      const target = outside.write('k.pem', rsa.publicPem);
      const repo = repository('keys/link.pem');
      repo.link(target, 'keys/link.pem');
      const ran = await repo.run(sealIt);
      outside.remove();
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain('purser: a.yaml: the key keys/link.pem leads out of the repository');
    },
  );

  it('lets a person name any path', async () => {
    const outside = new Workspace();
    const target = outside.write('k.pem', rsa.publicPem);
    const ran = await repository('local:none').run([...sealIt, '--key', target]);
    outside.remove();
    expect(ran.code, ran.stderr).toBe(0);
  });

  it.each([
    'local:../../x',
    'local:',
    'local:.hidden',
    `local:${'x'.repeat(64)}`,
    'env:A-B',
    'keys/prod.pub.pem#SHA256:short',
  ])('refuses %s in a policy, with the line', async (reference) => {
    const ran = await repository(reference).run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^purser: \S*\.purser\.yaml:5: the policy cannot be followed: /);
  });

  it('refuses local:../../x on the command line', async () => {
    const ran = await repository('local:x').run([...sealIt, '--key', 'local:../../x']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('local:../../x is no key reference');
  });

  it.each([
    ['a local key', 'local:gone'],
    ['an environment variable', 'env:GONE'],
    ['a file', 'keys/gone.pem'],
  ])('says which key it misses: %s', async (_, reference) => {
    const ran = await repository(reference).run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`purser: a.yaml: there is no key ${reference}; `);
  });

  it('refuses two different local keys of one name', async () => {
    const repo = repository('local:prod');
    repo.localKey('prod.pem', rsa.privatePem);
    repo.localKey('prod.jwk', JSON.stringify({ kty: 'oct', k: 'A'.repeat(43) }));
    const ran = await repo.run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('two different keys are called local:prod (prod.jwk, prod.pem)');
  });

  it('takes env: for symmetric keys, and names secretbox tokens after the variable', async () => {
    const repo = repository('env:SHIP', 'secretbox');
    const ran = await repo.run(sealIt, { env: { SHIP: repo.secret(symmetricKey()) } });
    expect(ran.code, ran.stderr).toBe(0);
    expect(repo.text('a.yaml')).toContain('k8s:enc:secretbox:v1:SHIP:');
  });

  it('takes NAME=FILE for secretbox, and asks for the name where there is none', async () => {
    const repo = repository('local:none', 'secretbox');
    repo.write('box.key', repo.secret(symmetricKey()));
    const nameless = await repo.run([...sealIt, '--key', 'box.key']);
    expect(nameless.code).toBe(2);
    expect(nameless.stderr).toContain('it has no name to seal under; write NAME=FILE');
    const named = await repo.run([...sealIt, '--key', 'ship=box.key']);
    expect(named.code, named.stderr).toBe(0);
    expect(repo.text('a.yaml')).toContain('k8s:enc:secretbox:v1:ship:');
  });

  it.each([
    ['an RSA key of 1024 bits', rsaPair(1024).publicPem, '1024 bits'],
    ['a text file', 'hello\n', 'it is neither PEM, DER nor JWK'],
    ['half a PEM', rsa.publicPem.slice(0, 100), 'cannot be used'],
    ['a huge file', 'x'.repeat(100_000), 'it is larger than 65536 bytes'],
  ])('refuses to seal to %s', async (_, content, says) => {
    const repo = repository('keys/bad.pem');
    repo.write('keys/bad.pem', content);
    const ran = await repo.run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(`the key keys/bad.pem cannot be used: `);
    expect(ran.stderr).toContain(says);
  });
});

describe('policies at the command line', () => {
  it('use the nearest file upwards, alone', async () => {
    const repo = repository('local:none');
    repo.localKey('near.fernet', symmetricKey());
    repo.write(
      'a/b/.purser.yaml',
      'version: 1\nrules:\n  - path: "c/*.yaml"\n    scheme: fernet\n    keys: [local:near]\n',
    );
    repo.write('a/b/c/d.yaml', clear);
    repo.write('a/b/other.yaml', clear);
    expect((await repo.run(['encrypt', 'a/b/c/d.yaml', '-i'])).code).toBe(0);
    expect(repo.text('a/b/c/d.yaml')).toContain('gAAAAA');
    const none = await repo.run(['encrypt', 'a/b/other.yaml', '-i']);
    expect(none.stderr).toContain('nothing says how to encrypt this file');
  });

  it('are not looked for above the git root', async () => {
    const repo = repository('local:none');
    repo.folder('inner/.git');
    repo.write('inner/a.yaml', clear);
    const ran = await repo.run(['encrypt', 'inner/a.yaml', '-i']);
    expect(ran.stderr).toContain('nothing says how to encrypt this file');
  });

  it('refuse to be sealed by when they have a mistake, and scan goes on and reports it', async () => {
    const repo = repository('keys/prod.pub.pem');
    repo.write('.purser.yaml', `${repo.text('.purser.yaml')}colour: red\n`);
    const ran = await repo.run([...sealIt, '--scheme', 'jwe', '--key', 'keys/prod.pub.pem']);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /^purser: \S*\.purser\.yaml:6: the policy cannot be followed: unknown key "colour"/,
    );
    const scanned = await repo.run(['scan', '--format', 'json']);
    expect(scanned.code).toBe(2);
    const { findings, problems } = JSON.parse(scanned.stdout);
    expect(findings).toHaveLength(1);
    expect(problems).toEqual([
      { path: '.purser.yaml', line: 6, message: expect.stringContaining('unknown key "colour"') },
    ]);
  });

  it.each([
    [
      'a rule of SOPS that names nobody',
      '.sops.yaml',
      'creation_rules:\n  - path_regex: a\\.yaml$\n',
      'the policy cannot be followed: it names nobody to encrypt to',
    ],
    [
      'a rule that says sops where no .sops.yaml is',
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: sops}\n',
      'no creation rule of a .sops.yaml is for this file',
    ],
    [
      'a rule that names a certificate which is not there',
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [c.pem]}\n',
      'there is no key c.pem',
    ],
  ])('never take another scheme for %s', async (_, file, content, says) => {
    const repo = sandbox();
    repo.write(file, content);
    repo.write('a.yaml', clear);
    const ran = await repo.run(sealIt);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(says);
    expect(ran.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('leave a file alone that no .sops.yaml rule matches', async () => {
    const repo = sandbox();
    repo.write('.sops.yaml', 'creation_rules:\n  - path_regex: ^other/\n');
    repo.write('a.yaml', clear);
    const ran = await repo.run(sealIt);
    expect(ran.stderr).toContain('nothing says how to encrypt this file');
  });
});
