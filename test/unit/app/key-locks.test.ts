import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { openGroups } from '../../../src/app/decrypt.ts';
import { KeyLocks } from '../../../src/app/key-locks.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { ManifestText } from '../../../src/app/manifest-text.ts';
import { sealingKey } from '../../../src/app/sealing-key.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { readKeyReference } from '../../../src/policy/key-reference.ts';
import { jweScheme } from '../../../src/schemes/jwe.ts';
import type { KeyMaterial } from '../../../src/schemes/keys.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { ecPair, type PemPair, rsaPair, secretYaml, Workspace } from '../../support/workspace.ts';
import { failureOf } from './planning.ts';

const files = new NodeFiles();
const made: Workspace[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) folder.remove();
});

const [rsa, otherRsa, ec] = [rsaPair(), rsaPair(), ecPair()];
const locked = ({ privatePem }: PemPair, passphrase: string) =>
  createPrivateKey(privatePem)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
    .toString();
const passwordJwk = JSON.stringify({ kty: 'oct', alg: 'PBES2-HS256+A128KW', kid: 'team' });

/** A key folder, and a person who answers what they are asked in turn. */
class Person {
  readonly folder = new Workspace();
  readonly asked: string[] = [];
  readonly ring: KeyRing;
  answers: (string | undefined)[] = [];

  constructor(keys: Readonly<Record<string, string>> = {}) {
    made.push(this.folder);
    for (const [name, content] of Object.entries(keys)) this.folder.write(`keys/${name}`, content);
    const locks = new KeyLocks(async (what, ref) => {
      this.asked.push(`${what} of ${ref}`);
      return this.answers.shift();
    });
    const own = new KeyFolder(() => this.folder.path('keys'), files);
    this.ring = new KeyRing(files, own, { read: async () => undefined }, locks);
  }

  async keys(): Promise<readonly KeyMaterial[]> {
    return this.ring.openingKeys([], 'jwe', { base: this.folder.root, root: undefined });
  }

  /** Opens with what the ring has now: what a command does. */
  async open(token: string, ...answers: (string | undefined)[]): Promise<string | undefined> {
    this.answers = answers;
    const crypto = (await jweScheme().load()).token;
    const opened = await crypto?.open(token, await this.keys());
    return opened?.plaintext.exposeText();
  }

  async sealTo(ref: string, ...answers: (string | undefined)[]): Promise<string> {
    this.answers = answers;
    return this.seal(ref, true);
  }

  /** @param named not by a policy, whose keys everyone gets with the repository */
  async seal(ref: string, named: boolean): Promise<string> {
    const { root: base } = this.folder;
    const site = { base, root: named ? undefined : base };
    const request = { scheme: jweScheme(), reference: readKeyReference(ref), site, named, accepted: [] };
    const never = { accepts: async () => false };
    const key = await sealingKey(request, this.ring, never, { holds: async () => !named });
    return (await key.scheme.load()).token?.seal(Plaintext.fromText('hunter2'), key.material) ?? '';
  }
}

async function sealedTo(pem: string): Promise<string> {
  const crypto = (await jweScheme().load()).token;
  const material = { ref: 'k', name: undefined, bytes: Plaintext.fromText(pem) };
  return (await crypto?.seal(Plaintext.fromText('hunter2'), material)) ?? '';
}

const withPassword = (password: string, header: object = {}) =>
  new CompactEncrypt(Buffer.from('hunter2'))
    .setProtectedHeader({ alg: 'PBES2-HS384+A192KW', enc: 'A256GCM', ...header })
    .encrypt(Buffer.from(password));

describe('a key under a passphrase', () => {
  it('is asked for when nothing else opens a value, and once', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish'), 'b.pem': ec.privatePem });
    expect(await person.open(await sealedTo(ec.publicPem))).toBe('hunter2');
    expect(person.asked).toEqual([]);
    expect(await person.open(await sealedTo(rsa.publicPem), 'swordfish')).toBe('hunter2');
    expect(await person.open(await sealedTo(rsa.publicPem))).toBe('hunter2');
    expect(person.asked).toEqual(['passphrase of local:a']);
  });

  it('is asked for once where many values are opened at a time', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    person.answers = ['swordfish'];
    const [keys, crypto] = [await person.keys(), (await jweScheme().load()).token];
    const tokens = await Promise.all(Array.from({ length: 5 }, () => sealedTo(rsa.publicPem)));
    const opened = await Promise.all(tokens.map(async (token) => crypto?.open(token, keys)));
    expect(opened.map((one) => one?.plaintext.exposeText())).toEqual(Array(5).fill('hunter2'));
    expect(person.asked).toHaveLength(1);
  });

  it('stays locked with a wrong passphrase or none, and is asked for again by the next command', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    const token = await sealedTo(rsa.publicPem);
    expect(await failureOf(person.open(token, 'Swordfish'))).toMatchObject({
      code: 'key.locked',
      details: { ref: 'local:a', given: true },
    });
    for (const nothing of [undefined, '']) {
      expect(await failureOf(person.open(token, nothing))).toMatchObject({
        code: 'key.locked',
        details: { ref: 'local:a', given: false },
      });
    }
    expect(await person.open(token, 'swordfish')).toBe('hunter2');
  });

  it('does not keep another locked key from being tried', async () => {
    const person = new Person({ 'a.pem': locked(otherRsa, 'one'), 'b.pem': locked(rsa, 'two') });
    expect(await person.open(await sealedTo(rsa.publicPem), undefined, 'two')).toBe('hunter2');
    expect(person.asked).toEqual(['passphrase of local:a', 'passphrase of local:b']);
  });

  it('is asked for where the only other key is none that encrypts', async () => {
    const signing = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    const person = new Person({ 'a.pem': signing.toString(), 'b.pem': locked(rsa, 'swordfish') });
    expect(await person.open(await sealedTo(rsa.publicPem), 'swordfish')).toBe('hunter2');
    const alone = new Person({ 'a.pem': signing.toString() });
    expect((await failureOf(alone.open(await sealedTo(rsa.publicPem)))).code).toBe('key.unusable');
  });

  it('is not asked for where no key opens the value', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    const part = (size: number) => randomBytes(size).toString('base64url');
    const header = Buffer.from('{"alg":"RSA1_5","enc":"A128GCM"}').toString('base64url');
    const token = [header, part(256), part(12), part(8), part(16)].join('.');
    expect((await failureOf(person.open(token, 'swordfish'))).code).toBe('ciphertext.refused');
    expect(person.asked).toEqual([]);
  });

  it('is not asked for where a key at hand is named and does not fit: the value was altered', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish'), 'b.pem': ec.privatePem });
    const altered = (await sealedTo(ec.publicPem)).replace(
      /[\w-]{22}$/,
      randomBytes(16).toString('base64url'),
    );
    expect((await failureOf(person.open(altered))).code).toBe('open.failed');
    expect(person.asked).toEqual([]);
  });

  it('is asked for to seal with it', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    const token = await person.sealTo('local:a', 'swordfish');
    expect(await person.open(token)).toBe('hunter2');
    expect(person.asked).toEqual(['passphrase of local:a']);
  });

  it('may be changed meanwhile: then it is asked for again', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    expect(await person.open(await sealedTo(rsa.publicPem), 'swordfish')).toBe('hunter2');
    person.folder.write('keys/a.pem', locked(otherRsa, 'next'));
    expect(await person.open(await sealedTo(otherRsa.publicPem), 'next')).toBe('hunter2');
  });
});

describe('a value under a password', () => {
  it('opens with the password alone, which is not kept for the next command', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    const token = await withPassword('correct horse');
    expect(await person.open(token, 'correct horse')).toBe('hunter2');
    expect(await person.open(token, 'correct horse')).toBe('hunter2');
    const what = 'password of values sealed with a password';
    expect(person.asked).toEqual([what, what]);
  });

  it.each([
    ['a wrong one', 'Correct horse', true],
    ['none', undefined, false],
    ['an empty one', '', false],
  ])('says so of %s', async (_, password, given) => {
    const person = new Person();
    expect(await failureOf(person.open(await withPassword('correct horse'), password))).toMatchObject({
      code: 'password.failed',
      details: { given },
    });
  });

  it('is not asked for where it takes too long to try', async () => {
    const person = new Person();
    const token = await withPassword('x');
    const header = { alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', p2c: 5_000_000, p2s: 'AAAAAAAAAAAAAAAA' };
    const slow = token.replace(/^[^.]+/, Buffer.from(JSON.stringify(header)).toString('base64url'));
    expect((await failureOf(person.open(slow, 'x'))).code).toBe('ciphertext.refused');
    expect(person.asked).toEqual([]);
  });

  it('is sealed to a JWK that names no password after it was typed twice', async () => {
    const person = new Person({ 'team.jwk': passwordJwk });
    const token = await person.sealTo('local:team', 'correct horse', 'correct horse');
    expect(person.asked).toEqual(['sealing password of local:team', 'password again of local:team']);
    expect(await new Person({ 'team.jwk': passwordJwk }).open(token, 'correct horse')).toBe('hunter2');
    expect(await new Person().open(token, 'correct horse')).toBe('hunter2');
    expect(JSON.stringify(token)).not.toContain(Buffer.from('correct horse').toString('base64url'));
  });

  it('is sealed again and again to a JWK of the repository, after it was typed twice', async () => {
    const person = new Person();
    person.folder.write('team.jwk', passwordJwk);
    person.answers = ['correct horse', 'correct horse'];
    const tokens = [await person.seal('team.jwk', false), await person.seal('team.jwk', false)];
    expect(person.asked).toEqual(['sealing password of team.jwk', 'password again of team.jwk']);
    for (const token of tokens) expect(await new Person().open(token, 'correct horse')).toBe('hunter2');
  });

  it('is not sealed where the second differs from the first, or none is given', async () => {
    const person = new Person({ 'team.jwk': passwordJwk });
    expect((await failureOf(person.sealTo('local:team', 'one', 'two'))).code).toBe('key.password-mistyped');
    expect((await failureOf(person.sealTo('local:team', undefined))).code).toBe('key.password-missing');
  });

  it('is told as wrong where a JWK is named, too: nothing is damaged', async () => {
    const person = new Person({ 'team.jwk': passwordJwk });
    const token = await withPassword('correct horse', { alg: 'PBES2-HS256+A128KW', kid: 'team' });
    expect(await failureOf(person.open(token, 'Correct horse'))).toMatchObject({
      code: 'password.failed',
      details: { given: true },
    });
  });

  it('is asked for by the name that the value carries, and not for another', async () => {
    const person = new Person({ 'team.jwk': passwordJwk, 'b.jwk': passwordJwk.replace('team', 'other') });
    const token = await withPassword('correct horse', { alg: 'PBES2-HS256+A128KW', kid: 'team' });
    expect(await person.open(token, 'correct horse')).toBe('hunter2');
    expect(person.asked).toEqual(['password of local:team']);
  });
});

describe('a Secret of several values', () => {
  const openAll = async (person: Person, tokens: readonly string[], answer: string | undefined) => {
    person.answers = [answer];
    const entries = Object.fromEntries(tokens.map((token, index) => [`key${index}`, token]));
    const manifest = ManifestText.read(secretYaml('main', entries));
    const registry = new SchemeRegistry([jweScheme()], []);
    const { groups } = registry.find(manifest.manifest);
    const opened = await openGroups(manifest, groups, () => person.keys(), registry);
    return opened.map((one) => one.ok);
  };

  it('has its password asked for once, given or not', async () => {
    const tokens = await Promise.all(Array.from({ length: 3 }, () => withPassword('correct horse')));
    for (const [answer, opens] of [
      ['correct horse', true],
      [undefined, false],
    ] as const) {
      const person = new Person();
      expect(await openAll(person, tokens, answer)).toEqual([opens, opens, opens]);
      expect(person.asked).toHaveLength(1);
    }
  });

  it('has the passphrase of a key asked for once where it is not given', async () => {
    const person = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    const tokens = await Promise.all(Array.from({ length: 3 }, () => sealedTo(rsa.publicPem)));
    expect(await openAll(person, tokens, undefined)).toEqual([false, false, false]);
    expect(person.asked).toEqual(['passphrase of local:a']);
  });
});

describe('a ring without anybody to ask', () => {
  it('says that the key is protected', async () => {
    const { folder } = new Person({ 'a.pem': locked(rsa, 'swordfish') });
    const own = new KeyFolder(() => folder.path('keys'), files);
    const ring = new KeyRing(files, own, { read: async () => undefined });
    const keys = await ring.openingKeys([], 'jwe', { base: folder.root, root: undefined });
    const crypto = (await jweScheme().load()).token;
    const open = crypto?.open(await sealedTo(rsa.publicPem), keys) ?? Promise.resolve();
    expect(await failureOf(open)).toMatchObject({ code: 'key.unusable', details: { ref: 'local:a' } });
  });
});
