import { createPrivateKey } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { JoinedVaults } from '../../../../src/app/joined-vaults.ts';
import { KeyLocks } from '../../../../src/app/key-locks.ts';
import { KeyRing } from '../../../../src/app/key-ring.ts';
import { type KeySources, KnownKeys } from '../../../../src/app/keys/known-keys.ts';
import { openerHere, openerInCluster } from '../../../../src/app/keys/who-opens.ts';
import { sopsKeyFile } from '../../../../src/node/age-identities.ts';
import { KeyFolder } from '../../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../../src/node/node-files.ts';
import { readPolicy } from '../../../../src/policy/read-policy.ts';
import { nativeIdentity } from '../../../support/age-keys.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { rsaPair, symmetricKey, Workspace } from '../../../support/workspace.ts';

const registry = allSchemes();
const pair = rsaPair();
const none: KeySources = { policies: [], sopsConfigs: [], files: [], elsewhere: [] };
const made: Workspace[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) folder.remove();
});

/** A person with a key folder. Reading a variable, or asking for a passphrase, fails the test. */
class Person {
  readonly folder = new Workspace();
  readonly vaults: JoinedVaults;
  readonly ring: KeyRing;

  constructor() {
    made.push(this.folder);
    const files = new NodeFiles();
    this.vaults = new JoinedVaults([new KeyFolder(() => this.folder.path('keys'), files)]);
    const asked = () => Promise.reject(new Error('somebody was asked'));
    this.ring = new KeyRing(files, this.vaults, { read: asked }, new KeyLocks(asked));
  }

  async knows(policy?: string, sources = none) {
    const base = this.folder.root;
    const rules = policy === undefined ? [] : readPolicy(policy).policy.rules;
    const policies = rules.length === 0 ? [] : [{ base, root: base, rules }];
    const { keys } = await new KnownKeys(this.ring, this.vaults, registry).all({ ...sources, policies });
    return keys;
  }

  async opener(scheme: 'jwe' | 'sops' | 'fernet', recipients: readonly string[]) {
    const elsewhere = await this.elsewhere();
    return openerHere(scheme, recipients, { ring: this.ring, vaults: this.vaults, registry, elsewhere });
  }

  /** What sops itself would find without a variable. */
  elsewhere() {
    const { root: home } = this.folder;
    return sopsKeyFile({ files: new NodeFiles(), home, configFolder: this.folder.path('.config') });
  }
}

const policyOf = (scheme: string, ...keys: readonly string[]) =>
  `version: 1\nrules:\n  - path: "**"\n    scheme: ${scheme}\n    keys: [${keys.join(', ')}]\n`;

it('finds nothing where there is nothing', async () => {
  expect(await new Person().knows()).toEqual([]);
});

it('joins a key of the repository with its private half, however often policies name it', async () => {
  const person = new Person();
  person.folder.write('.purser/keys/a.pub.pem', pair.publicPem);
  person.folder.write('keys/mine.pem', pair.privatePem, 0o600);
  const policy = `${policyOf('jwe', '.purser/keys/a.pub.pem')}  - path: b\n    scheme: jwe\n    keys: [.purser/keys/a.pub.pem]\n`;
  const [key, ...others] = await person.knows(policy);
  expect(others).toEqual([]);
  expect(key).toMatchObject({ title: '.purser/keys/a.pub.pem', opens: true });
  expect(key?.places.map((place) => place.in)).toEqual(['repository', 'vault']);
});

it('reads no variable, and says that it is one', async () => {
  const [key] = await new Person().knows(policyOf('fernet', 'env:ENCRYPTION_KEY'));
  expect(key).toMatchObject({ title: 'env:ENCRYPTION_KEY', description: 'a variable, read when it is used' });
});

it('tells keys that a policy names and nobody has, and what ciphertexts call them', async () => {
  const keys = await new Person().knows(policyOf('secretbox', 'local:dev', '.purser/keys/gone'));
  expect(keys.map(({ title, description, opens }) => [title, description, opens])).toEqual([
    ['local:dev', 'named by a policy, and not among your keys', false],
    ['.purser/keys/gone', 'named by a policy, and not there', false],
  ]);
  expect(keys[0]?.names).toEqual([{ scheme: 'secretbox', name: 'dev' }]);
});

it('lists a key that is kept once, also where a policy names it', async () => {
  const person = new Person();
  person.folder.write('keys/dev.secretbox', symmetricKey(), 0o600);
  const keys = await person.knows(policyOf('secretbox', 'local:dev'));
  expect(keys.map(({ title, opens }) => [title, opens])).toEqual([['local:dev', true]]);
});

it('asks nobody for the passphrase of a key that is kept', async () => {
  const person = new Person();
  const locked = createPrivateKey(pair.privatePem).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'secret words',
  });
  person.folder.write('keys/locked.pem', locked.toString(), 0o600);
  person.folder.write(
    'keys/damaged.pem',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    0o600,
  );
  const keys = await person.knows(policyOf('jwe', 'local:locked'));
  expect(keys.map(({ title, description }) => [title, description])).toEqual([
    ['local:damaged', expect.stringMatching(/^cannot be used: /)],
    ['local:locked', 'private key under a passphrase'],
  ]);
});

it('reads no key through a policy that leads out of the repository', async () => {
  const person = new Person();
  const outside = new Workspace();
  made.push(outside);
  const path = outside.write('secret.pem', pair.privatePem);
  const keys = await person.knows(policyOf('jwe', `../${path.split('/').slice(-2).join('/')}`));
  expect(keys).toMatchObject([{ opens: false, fingerprint: undefined }]);
});

it('says which of your keys opens a ciphertext, and that none does', async () => {
  const person = new Person();
  const identity = await nativeIdentity();
  person.folder.write('keys/me.age', `${identity}\n`, 0o600);
  const [own] = await person.knows();
  const recipient = own?.fingerprint ?? '';
  expect(await person.opener('sops', ['age1other', recipient])).toBe('Your key local:me opens it.');
  // A variable, an SSH key or gpg may have the key: only opening would tell.
  expect(await person.opener('sops', ['age1other'])).toBeUndefined();
  expect(await person.opener('jwe', [recipient])).toBe('None of your keys opens it.');
  expect(await person.opener('fernet', [])).toBeUndefined();
});

it('finds the keys of sops where sops keeps them', async () => {
  const person = new Person();
  const [first, second] = [await nativeIdentity(), await nativeIdentity()];
  person.folder.write('.config/sops/age/keys.txt', `# mine\n${first}\n${second}\n`, 0o600);
  const [key, ...others] = await person.knows(undefined, { ...none, elsewhere: await person.elsewhere() });
  expect(others).toEqual([]);
  expect(key).toMatchObject({ title: '~/.config/sops/age/keys.txt', opens: true, fingerprint: undefined });
  expect(key?.names).toHaveLength(2);
  for (const { name } of key?.names ?? [])
    expect(await person.opener('sops', ['age1other', name])).toBe(
      'Your key ~/.config/sops/age/keys.txt opens it.',
    );
});

it('joins the recipient of a .sops.yaml with the only key in the file of sops', async () => {
  const person = new Person();
  person.folder.write('.config/sops/age/keys.txt', await nativeIdentity(), 0o600);
  const elsewhere = await person.elsewhere();
  const [own] = await person.knows(undefined, { ...none, elsewhere });
  const name = own?.fingerprint ?? '';
  const recipient = {
    kind: 'age',
    fields: new Map([['recipient', name]]),
    text: name,
    span: { start: 0, end: 0 },
  } as const;
  const sopsConfigs = [{ path: '/repo/.sops.yaml', recipients: [{ recipient, line: 3 }] }];
  const [key, ...others] = await person.knows(undefined, { ...none, elsewhere, sopsConfigs });
  expect(others).toEqual([]);
  expect(key).toMatchObject({ opens: true, fingerprint: name });
  expect(key?.places.map((place) => place.in)).toEqual(['elsewhere', 'sops-config']);
});

it('says what opens it in the cluster, and that nothing is said to', () => {
  const answers = [
    openerInCluster('sealed-secrets', undefined),
    openerInCluster('sops', undefined),
    openerInCluster('jwe', { openedBy: 'webhook' }),
    openerInCluster('fernet', { openedBy: 'pipeline' }),
    openerInCluster('jwe', { openedBy: undefined }),
  ];
  expect(answers.map((answer) => /controller|Flux|webhook|pipeline|Nothing/.exec(answer)?.[0])).toEqual([
    'controller',
    'Flux',
    'webhook',
    'pipeline',
    'Nothing',
  ]);
});
