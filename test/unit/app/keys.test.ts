import { generateKeyPairSync } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { howToSeal } from '../../../src/app/how-to-seal.ts';
import { JoinedVaults } from '../../../src/app/joined-vaults.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { countSealedTo } from '../../../src/app/keys-in-use.ts';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import type { UnknownKey } from '../../../src/app/ports.ts';
import { sealingKey } from '../../../src/app/sealing-key.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { readKeyArgument, readKeyReference } from '../../../src/policy/key-reference.ts';
import { allSchemes, newKey } from '../../support/schemes.ts';
import { Workspace } from '../../support/workspace.ts';

const registry = allSchemes();
const files = new NodeFiles();
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

const workspaces: Workspace[] = [];
afterEach(() => {
  for (const workspace of workspaces.splice(0)) workspace.remove();
});

function start() {
  const workspace = new Workspace();
  workspaces.push(workspace);
  workspace.folder('repo/.git');
  const folder = new KeyFolder(() => workspace.path('keys'), files);
  const asked: UnknownKey[] = [];
  const keys = new KeyRing(files, folder, { read: async (name) => (name === 'SET' ? 'value' : undefined) });
  const policies = new PolicyFinder(files, () => workspace.path('repo'));
  const site = { base: workspace.path('repo'), root: workspace.path('repo') };
  const trust = (answer: boolean) => ({
    accepts: async (key: UnknownKey) => {
      asked.push(key);
      return answer;
    },
  });
  return { workspace, folder, keys, policies, site, asked, trust };
}

describe('trust on first use', () => {
  const request = (ref: string, named = false, accepted: readonly string[] = []) => ({
    scheme: registry.byId('jwe'),
    reference: readKeyReference(ref),
    named,
    accepted,
  });

  it('asks before sealing to a public key that nothing speaks for, and refuses on no', async () => {
    const { workspace, keys, site, asked, trust } = start();
    workspace.write('repo/a.pem', publicPem);
    await expect(sealingKey({ ...request('a.pem'), site }, keys, trust(false))).rejects.toThrow(
      'key.untrusted',
    );
    expect(asked).toMatchObject([{ ref: 'a.pem', description: 'RSA 2048', root: site.root }]);
    const { opensWith } = await sealingKey({ ...request('a.pem'), site }, keys, trust(true));
    expect(opensWith).toBeUndefined();
  });

  it('does not ask where the key is named, accepted, pinned, or its private half is at hand', async () => {
    const { workspace, keys, folder, site, asked, trust } = start();
    workspace.write('repo/a.pem', publicPem);
    const { facts } = await sealingKey({ ...request('a.pem', true), site }, keys, trust(false));
    const fingerprint = facts.fingerprint ?? '';
    await sealingKey(
      { ...request('a.pem', false, [fingerprint.replace('=', '')]), site },
      keys,
      trust(false),
    );
    await sealingKey({ ...request(`a.pem#${fingerprint}`), site }, keys, trust(false));
    await folder.save({ name: 'a', extension: 'pem' }, Plaintext.fromText(privatePem));
    const { opensWith } = await sealingKey({ ...request('a.pem'), site }, keys, trust(false));
    expect(opensWith?.ref).toBe('local:a');
    expect(asked).toEqual([]);
  });

  it('refuses a key that is not the pinned one, whoever names it', async () => {
    const { workspace, keys, site, trust } = start();
    workspace.write('repo/a.pem', publicPem);
    const ref = `a.pem#SHA256:${'A'.repeat(43)}=`;
    await expect(sealingKey({ ...request(ref, true), site }, keys, trust(true))).rejects.toThrow(
      'key.pin-mismatch',
    );
  });
});

describe('a key reference', () => {
  it('of a policy does not lead out of the repository, by dots or by a link', async () => {
    const { workspace, keys, site } = start();
    workspace.write('outside.pem', publicPem);
    symlinkSync(workspace.path('outside.pem'), workspace.path('repo/inside.pem'));
    for (const ref of ['../outside.pem', 'inside.pem', workspace.path('outside.pem')]) {
      await expect(keys.resolve(readKeyReference(ref), 'jwe', site)).rejects.toThrow('key.outside-repo');
    }
    const typed = await keys.resolve(readKeyArgument('../outside.pem'), 'jwe', { ...site, root: undefined });
    expect(typed.bytes.exposeText()).toBe(publicPem);
  });

  it('says what is missing', async () => {
    const { keys, site } = start();
    for (const ref of ['none.pem', 'local:none', 'env:UNSET']) {
      await expect(keys.resolve(readKeyReference(ref), 'jwe', site)).rejects.toMatchObject({
        code: 'key.not-found',
        details: { ref },
      });
    }
  });

  it('of a rule that this person does not have is passed over for opening', async () => {
    const { keys, folder, site } = start();
    await folder.save({ name: 'mine', extension: 'fernet' }, newKey('fernet').bytes);
    const found = await keys.openingKeys(
      [readKeyReference('local:theirs'), readKeyReference('none.key')],
      'fernet',
      site,
    );
    expect(found.map(({ ref }) => ref)).toEqual(['local:mine']);
  });
});

describe('kept keys', () => {
  it('are 0600 in a folder of their own and never overwritten', async () => {
    const { workspace, folder } = start();
    await folder.save({ name: 'a', extension: 'fernet' }, Plaintext.fromText('x'));
    expect(workspace.mode('keys/a.fernet')).toBe(0o600);
    expect(workspace.mode('keys')).toBe(0o700);
    await expect(folder.save({ name: 'a', extension: 'fernet' }, Plaintext.fromText('y'))).rejects.toThrow(
      'key.exists',
    );
    expect(workspace.text('keys/a.fernet')).toBe('x');
  });

  it('of one name and kind must be one key', async () => {
    const { workspace, folder } = start();
    workspace.write('keys/a.pem', privatePem);
    workspace.write('keys/a.jwk', '{}');
    workspace.write('keys/notes.txt', 'no key');
    await expect(folder.find('jwe', 'a')).rejects.toThrow('key.ambiguous');
    expect((await folder.kept()).length).toBe(2);
  });

  it('may be in two places if they are the same', async () => {
    const { workspace } = start();
    const vault = (name: string) => new KeyFolder(() => workspace.path(name), files);
    const joined = new JoinedVaults([vault('one'), vault('two')]);
    workspace.write('one/a.fernet', 'same');
    workspace.write('two/a.fernet', 'same');
    expect((await joined.list('fernet')).length).toBe(1);
    expect((await joined.find('fernet', 'a'))?.bytes.exposeText()).toBe('same');
    workspace.write('two/a.fernet', 'other');
    await expect(joined.find('fernet', 'a')).rejects.toThrow('key.ambiguous');
  });

  it('are counted in use where values are sealed to them', async () => {
    for (const id of ['fernet', 'secretbox', 'jwe'] as const) {
      const scheme = registry.byId(id);
      const [key, other] = [newKey(id, 'mine'), newKey(id, 'theirs')];
      const crypto = await scheme.load();
      const token = (await crypto.token?.seal(Plaintext.fromText('v'), key)) ?? '';
      const text = new TextEncoder().encode(`kind: Secret\nstringData:\n  a: ${token}\n  b: plain\n`);
      expect(await countSealedTo(key, scheme, registry, text)).toBe(1);
      expect(await countSealedTo(other, scheme, registry, text)).toBe(0);
      expect(await countSealedTo(key, scheme, registry, new TextEncoder().encode(token))).toBe(1);
      expect(await countSealedTo(key, scheme, registry, new Uint8Array([0, 1, 2]))).toBe(0);
    }
  });
});

describe('how to seal', () => {
  const rule = 'version: 1\nrules:\n  - path: "*.yaml"\n    scheme: secretbox\n    keys: [local:dev]\n';
  const none = (site: { base: string; root: string }) => ({ scheme: undefined, keys: [], site });

  it('is what the nearest policy says, and no other', async () => {
    const { workspace, policies, keys, site } = start();
    workspace.write('repo/.purser.yaml', rule);
    workspace.write('repo/sub/.purser.yaml', 'version: 1\n');
    expect(
      await howToSeal(await policies.find(workspace.path('repo/a.yaml')), none(site), keys),
    ).toMatchObject({ scheme: 'secretbox', named: false });
    const below = await policies.find(workspace.path('repo/sub/a.yaml'));
    await expect(howToSeal(below, none(site), keys)).rejects.toThrow('policy.none');
  });

  it('is refused where the policy has a mistake', async () => {
    const { workspace, policies, keys, site } = start();
    workspace.write('repo/.purser.yaml', `${rule}wrong: 1\n`);
    const answer = await policies.find(workspace.path('repo/a.yaml'));
    await expect(howToSeal(answer, none(site), keys)).rejects.toMatchObject({
      code: 'policy.invalid',
      place: { line: 6 },
    });
  });

  it('is never another scheme where .sops.yaml covers the file', async () => {
    const { workspace, policies, keys, site } = start();
    workspace.write('repo/.sops.yaml', 'creation_rules:\n  - path_regex: apps/.*\n');
    const covered = await policies.find(workspace.path('repo/apps/a.yaml'));
    await expect(howToSeal(covered, none(site), keys)).rejects.toMatchObject({
      code: 'policy.scheme-unavailable',
      details: { scheme: 'sops' },
    });
    const other = await policies.find(workspace.path('repo/other/a.yaml'));
    await expect(howToSeal(other, none(site), keys)).rejects.toThrow('policy.none');
  });

  it('gives the same answers when many files are asked about', async () => {
    const { workspace, policies } = start();
    workspace.write('repo/.purser.yaml', rule);
    workspace.write('repo/a/b/.purser.yaml', 'version: 1\nignore: ["**"]\n');
    workspace.folder('repo/a/nested/.git');
    const remembering = policies.remembering();
    for (const path of [
      'x.yaml',
      'a/x.yaml',
      'a/b/x.yaml',
      'a/b/c/x.yaml',
      'a/nested/x.yaml',
      'a/nested/d/x.yaml',
      '../out.yaml',
      '../o/out.yaml',
    ]) {
      const full = workspace.path('repo', path);
      expect(await remembering.findPolicy(full), path).toEqual(await policies.findPolicy(full));
    }
  });
});
