import { expect, it } from 'vitest';
import { ageRepository, changedKeys } from '../support/age-repository.ts';
import { describeTls } from '../support/certificates.ts';
import { useCli } from '../support/cli.ts';
import { describePeer, type Run } from '../support/peers.ts';
import { valuesIn } from '../support/sealed-secrets.ts';
import { secretYaml } from '../support/workspace.ts';

const { sandbox } = useCli();
const clear = `# kept\n${secretYaml('main', { password: 'hunter2-canary', user: 'ann' })}type: Opaque # kept\n`;

/** What sops prints, with the keys of this environment alone. */
function sopsWith(run: Run, env: Readonly<Record<string, string>>) {
  return (...args: readonly string[]) => {
    Object.assign(process.env, env);
    try {
      return run(args, '').toString();
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
    }
  };
}

describePeer('sops and the command line', 'sops', (run) => {
  it('sops decrypts what purser encrypts, and what purser set changed three lines of', async () => {
    const { repo, env } = await ageRepository(sandbox());
    const sops = sopsWith(run, env);
    for (const name of ['a.yaml', 'a.json']) {
      const content = name.endsWith('json') ? JSON.stringify(valuesIn(clear), undefined, 2) : clear;
      const path = repo.write(name, content);
      expect((await repo.run(['encrypt', name, '-i'], { env })).code).toBe(0);
      expect(valuesIn(sops('decrypt', path))).toEqual(valuesIn(clear));
      const before = repo.text(name);
      const set = ['set', name, 'stringData.password'];
      expect((await repo.run(set, { env, input: 'new' })).code).toBe(0);
      expect(changedKeys(before, repo.text(name))).toEqual(['password', 'mac']);
      expect(sops('decrypt', '--extract', '["stringData"]["password"]', path)).toBe('new');
    }
  });

  it('purser decrypts and sets what sops encrypted', async () => {
    const { repo, env } = await ageRepository(sandbox());
    const sops = sopsWith(run, env);
    const path = repo.write('a.yaml', clear);
    const config = repo.path('.sops.yaml');
    repo.write('a.yaml', sops('--config', config, 'encrypt', path));
    const opened = await repo.run(['decrypt', 'a.yaml'], { env });
    expect(opened.code, opened.stderr).toBe(0);
    expect(valuesIn(opened.stdout)).toEqual(valuesIn(clear));
    const before = repo.text('a.yaml');
    await repo.run(['set', 'a.yaml', 'stringData.user'], { env, input: 'eve' });
    expect(changedKeys(before, repo.text('a.yaml'))).toEqual(['user', 'mac']);
    expect(sops('decrypt', '--extract', '["stringData"]["user"]', path)).toBe('eve');
  });

  it('sops takes the recipients that purser rotate gives a file', async () => {
    const { repo, env, recipient } = await ageRepository(sandbox());
    const other = await ageRepository(sandbox());
    const path = repo.write('a.yaml', clear);
    await repo.run(['encrypt', 'a.yaml', '-i'], { env });
    repo.write('.sops.yaml', repo.text('.sops.yaml').replace(recipient, other.recipient));
    const ran = await repo.run(['rotate', '.', '--accept-key', other.recipient], { env });
    expect(ran.code, ran.stderr).toBe(0);
    expect(repo.text('a.yaml')).not.toContain(recipient);
    expect(valuesIn(sopsWith(run, other.env)('decrypt', path))).toEqual(valuesIn(clear));
  });
});

describePeer('age-keygen and the command line', 'ageKeygen', (run) => {
  it('age-keygen reads the keys that purser makes', async () => {
    const repo = sandbox();
    await repo.run(['keygen', 'age', '-o', 'k.age', '--public-out', 'k.pub']);
    expect(run(['-y', repo.path('k.age')], '').toString()).toBe(repo.text('k.pub'));
  });
});

describeTls('kubeseal and the command line', (make) => {
  describePeer('kubeseal', 'kubeseal', (kubeseal) => {
    it('each opens what the other sealed', async () => {
      const repo = sandbox();
      const { cert, key } = make({ name: 'sealing.example', rsaBits: 2048 });
      const certPath = repo.write('cert.pem', cert);
      const keyPath = repo.write('k/controller.pem', key);
      repo.write('a.yaml', clear);
      const how = ['--scheme', 'sealed-secrets', '--key', 'cert.pem'];
      const ran = await repo.run(['encrypt', 'a.yaml', '-i', ...how]);
      expect(ran.code, ran.stderr).toBe(0);
      const recover = ['--recovery-unseal', '--recovery-private-key', keyPath, '-o', 'yaml'];
      const data = {
        password: Buffer.from('hunter2-canary').toString('base64'),
        user: Buffer.from('ann').toString('base64'),
      };
      expect(valuesIn(kubeseal(recover, repo.text('a.yaml')).toString())).toMatchObject({ data });
      repo.write('b.yaml', kubeseal(['--cert', certPath, '-o', 'yaml'], clear).toString());
      const opened = await repo.run(['decrypt', 'b.yaml', '--key', 'k/controller.pem']);
      expect(opened.code, opened.stderr).toBe(0);
      expect(valuesIn(opened.stdout)).toMatchObject({ kind: 'Secret', data });
    });
  });
});
