import { describe, expect, it } from 'vitest';
import { planDecrypt } from '../../../src/app/decrypt.ts';
import { type EncryptChoice, planEncrypt } from '../../../src/app/encrypt.ts';
import { ManifestText } from '../../../src/app/manifest-text.ts';
import type { SealingKey } from '../../../src/app/sealing-key.ts';
import { findOrPlace, planAdd, planSet } from '../../../src/app/set-value.ts';
import { isWholeToken, openWhole, sealWhole } from '../../../src/app/whole-file.ts';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { findEntry, readAddress } from '../../../src/manifest/address.ts';
import { allSchemes, newKey } from '../../support/schemes.ts';

const registry = allSchemes();
const material = newKey('secretbox', 'dev');
const scheme = registry.byId('secretbox');
const { signal } = new AbortController();

async function key(): Promise<SealingKey> {
  const crypto = await scheme.load();
  return { scheme, material, facts: crypto.inspect(material), opensWith: material };
}

async function encrypt(text: string, which: EncryptChoice['which'] = 'plaintext', only?: string) {
  const manifest = ManifestText.read(text);
  const among =
    only === undefined ? manifest.entries() : [findEntry(manifest.manifest, readAddress(only), only)];
  return planEncrypt(
    manifest,
    { which: only === undefined ? which : 'these', among },
    await key(),
    registry,
    signal,
  );
}

async function decrypt(text: string, allowMoved = false) {
  const manifest = ManifestText.read(text);
  const { groups } = registry.find(manifest.manifest);
  return planDecrypt(manifest, groups, async () => [material], registry, { allowMoved });
}

const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: main, namespace: db}\n${body}`;

describe('encrypting', () => {
  it('seals what needs it, and leaves names, placeholders and empty values', async () => {
    const text = secret(
      'stringData:\n  username: admin\n  password: hunter2\n  token: ${TOKEN}\n  none: ""\n',
    );
    const plan = await encrypt(text);
    expect(plan).toMatchObject({ sealed: 1, alreadySealed: 0, verification: 'opened' });
    expect(plan.text).toMatch(
      /username: admin\n {2}password: k8s:enc:secretbox:v1:dev:\S+\n {2}token: \$\{TOKEN\}\n {2}none: ""\n$/,
    );
  });

  it('seals every literal when told to, but never placeholders and empty values', async () => {
    const text = secret(
      'stringData:\n  username: admin\n  password: hunter2\n  token: ${TOKEN}\n  none: ""\n',
    );
    const plan = await encrypt(text, 'all-literals');
    expect(plan.sealed).toBe(2);
    expect(plan.text).toContain('token: ${TOKEN}');
  });

  it('skips and counts what is sealed already: its bytes stay', async () => {
    const once = await encrypt(secret('stringData:\n  password: hunter2\n'));
    const twice = await encrypt(`${once.text}  token: hunter3\n`);
    expect(twice).toMatchObject({ sealed: 1, alreadySealed: 1 });
    expect(twice.text.startsWith(once.text)).toBe(true);
  });

  it('gives the original back, byte for byte, when it is decrypted', async () => {
    const text = secret(
      "data:\n  b64: cGFzc3dvcmQtMTIzNA==\nstringData:\n  password: hunter2 # c\n  q: \"hunter\\t2-secret\"\n  s: 'hunter2''s pass'\n  key: |\n    -----BEGIN PRIVATE KEY-----\n    MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ\n    -----END PRIVATE KEY-----\n",
    );
    const plan = await encrypt(text, 'all-literals');
    expect(plan.sealed).toBe(5);
    expect((await decrypt(plan.text)).text).toBe(text);
  });

  it.each([
    ['an alias', 'stringData:\n  a: &x hunter2\n  password: *x\n', 'stringData.password', 'entry.alias', 6],
    [
      'a value that an alias repeats',
      'stringData:\n  password: &x hunter2\n  b: *x\n',
      'stringData.password',
      'entry.alias',
      5,
    ],
    [
      'a key that stands twice',
      'stringData:\n  x: y\n  password: a1\ndata:\n  z: eA==\n  z: eQ==\n',
      undefined,
      'entry.duplicate',
      8,
    ],
    [
      'a map that stands twice',
      'stringData:\n  password: hunter2\nstringData:\n  token: hunter3\n',
      'stringData.password',
      'entry.duplicate',
      5,
    ],
    ['a tagged value', 'data:\n  password: !!binary aHVudGVyMg==\n', 'data.password', 'entry.tagged', 5],
    ['a list', 'stringData:\n  password: [a, b]\n', 'stringData.password', 'entry.not-scalar', 5],
    ['no base64 under data', 'data:\n  password: hunter2!\n', 'data.password', 'entry.not-base64', 5],
  ] as const)('refuses %s, with the line', async (_name, body, only, code, line) => {
    const failure: unknown = await encrypt(secret(body), 'all-literals', only).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Failure).code).toBe(code);
    expect((failure as Failure).place.line).toBe(line);
  });

  it('replaces a value of one line in a Helm template, which no parser reads', async () => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ include "x" . }}\nstringData:\n  {{- if .Values.on }}\n  password: hunter2\n  {{- end }}\n`;
    const plan = await encrypt(text);
    expect(plan.text).toBe(text.replace('hunter2', /k8s:\S+/.exec(plan.text)?.[0] ?? ''));
  });

  it('does not replace a value of several lines there, and says why', async () => {
    const text = `kind: Secret\nstringData:\n  {{- if .on }}\n  password: |\n    hunter2\n    hunter3\n  {{- end }}\n x: [\n`;
    await expect(encrypt(text)).rejects.toThrow('manifest.unparsable');
  });

  it('changes nothing when it is cancelled', async () => {
    const aborted = AbortSignal.abort();
    const manifest = ManifestText.read(secret('stringData:\n  password: hunter2\n'));
    const choice = { which: 'plaintext', among: manifest.entries() } as const;
    await expect(planEncrypt(manifest, choice, await key(), registry, aborted)).rejects.toThrow();
  });

  it('says that it was not verified where the private key is elsewhere', async () => {
    const manifest = ManifestText.read(secret('stringData:\n  password: hunter2\n'));
    const sealing = { ...(await key()), opensWith: undefined };
    const plan = await planEncrypt(
      manifest,
      { which: 'plaintext', among: manifest.entries() },
      sealing,
      registry,
      signal,
    );
    expect(plan.verification).toBe('read');
  });

  it('writes nothing that would not open again', async () => {
    const manifest = ManifestText.read(secret('stringData:\n  password: hunter2\n'));
    const sealing = { ...(await key()), opensWith: newKey('secretbox', 'dev') };
    const choice = { which: 'plaintext', among: manifest.entries() } as const;
    await expect(planEncrypt(manifest, choice, sealing, registry, signal)).rejects.toThrow('edit.unverified');
  });
});

describe('decrypting', () => {
  it('opens all or nothing', async () => {
    const one = await encrypt(secret('stringData:\n  password: hunter2\n'));
    const token = /k8s:\S+/.exec(one.text)?.[0] ?? '';
    const broken = `${one.text}  token: ${token.slice(0, -8)}AAAAAAA=\n`;
    const failure: unknown = await decrypt(broken).catch((error: unknown) => error);
    expect((failure as Failure).code).toBe('open.failed');
    expect((failure as Failure).place).toMatchObject({ line: 6, entry: 'stringData.token' });
  });

  it('does not put binary into stringData', async () => {
    const crypto = await scheme.load();
    const token = await crypto.token?.seal(new Plaintext(new Uint8Array([0xff, 0xfe, 0])), material);
    await expect(decrypt(secret(`stringData:\n  key: ${token}\n`))).rejects.toThrow('entry.not-text');
  });

  it('asks first where a ciphertext was made for another place', async () => {
    const jwe = newKey('jwe');
    const crypto = await registry.byId('jwe').load();
    const manifest = ManifestText.read(secret('stringData:\n  password: hunter2\n'));
    const facts = crypto.inspect(jwe);
    const sealing = { scheme: registry.byId('jwe'), material: jwe, facts, opensWith: jwe };
    const plan = await planEncrypt(
      manifest,
      { which: 'plaintext', among: manifest.entries() },
      sealing,
      registry,
      signal,
    );
    const moved = ManifestText.read(plan.text.replace('password:', 'token:'));
    const { groups } = registry.find(moved.manifest);
    const open = (allowMoved: boolean) =>
      planDecrypt(moved, groups, async () => [jwe], registry, { allowMoved });
    await expect(open(false)).rejects.toMatchObject({
      code: 'entry.moved',
      details: { boundTo: 'db/main#password', standsAt: 'db/main#token' },
    });
    expect((await open(true)).text).toContain('token: hunter2');
  });
});

describe('setting', () => {
  const set = async (text: string, spelled: string, value: string) => {
    const manifest = ManifestText.read(text);
    const address = readAddress(spelled);
    const target = findOrPlace(manifest, address, spelled);
    const plaintext = Plaintext.fromText(value);
    return 'entry' in target
      ? planSet(manifest, target, plaintext, await key())
      : planAdd(manifest, target, address, plaintext, await key());
  };

  it('changes one value and nothing else', async () => {
    const text = secret('stringData:\n  a: "x" # one\n  b: y # two\n');
    const plan = await set(text, 'stringData.a', 'new');
    expect(plan.text.replace(/"k8s:[^"]+"/, '"x"')).toBe(text);
    expect(plan.verification).toBe('opened');
  });

  it.each([
    ['after the last entry', secret('stringData:\n  a: x # one\ntype: Opaque\n')],
    ['into an empty map', secret('stringData: {}\n')],
    ['into a map that is absent', secret('type: Opaque\n')],
    ['into a map without a value', secret('stringData:\ntype: Opaque\n')],
    ['into JSON', '{"apiVersion": "v1", "kind": "Secret", "stringData": {"a": "x"}}'],
    ['into JSON of several lines', '{\n  "kind": "Secret",\n  "stringData": {\n    "a": "x"\n  }\n}\n'],
  ])('adds an entry %s', async (_name, text) => {
    const plan = await set(text, 'stringData.new-key', 'value');
    expect(plan.added).toBe(true);
    const opened = await decrypt(plan.text);
    const found = findEntry(ManifestText.read(opened.text).manifest, readAddress('stringData.new-key'), '');
    expect(found.entry.text).toBe('value');
  });

  it('does not guess between two Secrets', () => {
    const manifest = ManifestText.read(
      `${secret('stringData:\n  a: x\n')}---\n${secret('stringData:\n  b: y\n').replace('main', 'other')}`,
    );
    expect(() => findOrPlace(manifest, readAddress('stringData.c'), 'stringData.c')).toThrow(
      'entry.ambiguous',
    );
    expect(findOrPlace(manifest, readAddress('Secret/db/other#stringData.c'), '')).toMatchObject({
      name: 'other',
    });
  });

  it('adds no key that Kubernetes would refuse', async () => {
    await expect(set(secret('stringData:\n  a: x\n'), 'stringData.a b', 'v')).rejects.toThrow('usage');
  });
});

describe('a file that is a secret as a whole', () => {
  it('becomes one token and comes back the same', async () => {
    const content = Plaintext.fromText('apiVersion: v1\nkind: Config\n');
    const { token, verification } = await sealWhole(content, await key());
    expect(verification).toBe('opened');
    expect(isWholeToken(`${token}\n`, registry)).toBe(true);
    expect((await openWhole(`${token}\n`, async () => [material], registry)).equals(content)).toBe(true);
  });
});
