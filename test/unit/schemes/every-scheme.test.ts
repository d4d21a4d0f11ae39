import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { applyEdits } from '../../../src/core/span.ts';
import { locatedEntries } from '../../../src/manifest/address.ts';
import { scan } from '../../../src/manifest/scan.ts';
import type { KeyMaterial } from '../../../src/schemes/keys.ts';
import type { Scheme, SchemeId } from '../../../src/schemes/scheme.ts';
import { runs } from '../../support/arbitraries.ts';
import { allSchemes, newKey } from '../../support/schemes.ts';

const registry = allSchemes();
const { signal } = new AbortController();

/** One Secret with a value in every style a value can stand in; each is sealed at its key. */
const everyStyle = `apiVersion: v1
kind: Secret
metadata:
  name: main # kept
  namespace: db
data:
  b64: cGxhaW4= # kept too
stringData:
  plain: one two # kept
  single: 'it''s'
  "double": "x\\ty"
  literal: |- # kept as well
    one

    two
  folded: >
    one
    two
  flow: 1
# the end
`;

async function sealAll(scheme: Scheme, key: KeyMaterial, text: string, bytes: Uint8Array) {
  const crypto = await scheme.load();
  const values = locatedEntries(scan(text)).map((located) => ({
    ...located,
    plaintext: new Plaintext(bytes),
  }));
  return { edits: await crypto.seal({ text, values }, key, signal), values };
}

async function openAll(scheme: Scheme, keys: readonly KeyMaterial[], text: string) {
  const crypto = await scheme.load();
  const groups = registry.find(scan(text)).groups.filter((group) => group.scheme === scheme.id);
  return (await Promise.all(groups.map((group) => crypto.open(group, keys)))).flat();
}

describe.each<SchemeId>(['jwe', 'fernet', 'secretbox'])('%s', (id) => {
  const scheme = registry.byId(id);
  const key = newKey(id);
  const other = newKey(id, 'other');

  it('opens what it sealed, in data and stringData and every style of scalar', async () => {
    const bytes = new TextEncoder().encode('p@ss\nword');
    const { edits, values } = await sealAll(scheme, key, everyStyle, bytes);
    const sealed = applyEdits(everyStyle, edits);
    const results = await openAll(scheme, [key], sealed);
    expect(results.length).toBe(values.length);
    for (const result of results) expect(result.ok && result.value.plaintext.exposeText()).toBe('p@ss\nword');
  });

  it('seals any bytes so that exactly they come back', async () => {
    const text = 'kind: Secret\ndata:\n  k: AA==\n';
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const { edits } = await sealAll(scheme, key, text, bytes);
      const [result] = await openAll(scheme, [key], applyEdits(text, edits));
      expect(result?.ok === true && Buffer.from(result.value.plaintext.expose())).toEqual(Buffer.from(bytes));
    });
    await fc.assert(property, runs(25));
  });

  it('leaves comments, quotes and every other byte alone', async () => {
    const { edits, values } = await sealAll(scheme, key, everyStyle, new Uint8Array([1]));
    const sealed = applyEdits(everyStyle, edits);
    for (const comment of ['# kept', '# kept too', '# kept as well', '# the end', 'apiVersion: v1', "'"]) {
      expect(sealed).toContain(comment);
    }
    const now = locatedEntries(scan(sealed));
    const token = (index: number) => sealed.slice(now[index]?.entry.span.start, now[index]?.entry.span.end);
    expect(now.map(({ entry }) => entry.key)).toEqual(values.map(({ entry }) => entry.key));
    expect([token(2)[0], token(3)[0]]).toEqual(["'", '"']);
    const blank = (text: string) =>
      locatedEntries(scan(text))
        .toReversed()
        .reduce((rest, { entry }) => rest.slice(0, entry.span.start) + rest.slice(entry.span.end), text);
    // With the values cut out, what is left differs only in the block scalars' empty last lines and header comment.
    expect(blank(sealed).replace(/\s+/g, ' ').replace(' # kept as well', '')).toBe(
      blank(everyStyle).replace(/\s+/g, ' '),
    );
  });

  it('does not open with another key, and says that no key fits', async () => {
    const { edits } = await sealAll(scheme, key, everyStyle, new Uint8Array([1]));
    const results = await openAll(scheme, [other], applyEdits(everyStyle, edits));
    expect(results.length).toBeGreaterThan(0);
    for (const result of results)
      expect(result.ok ? 'opened' : result.failure.code).toMatch(/^(?:key\.missing|open\.failed)$/);
  });

  it('opens with any of several keys', async () => {
    const { edits } = await sealAll(scheme, key, everyStyle, new Uint8Array([1]));
    const results = await openAll(scheme, [other, key], applyEdits(everyStyle, edits));
    expect(results.every(({ ok }) => ok)).toBe(true);
  });

  it('says what is sealed without a key', async () => {
    const { edits } = await sealAll(scheme, key, everyStyle, new Uint8Array([1]));
    const [group] = registry.find(scan(applyEdits(everyStyle, edits))).groups;
    const description = group && scheme.describe(group);
    expect(group?.scheme).toBe(id);
    expect(description?.algorithm).toMatch(/^(?:RSA-OAEP-256|Fernet|XSalsa20-Poly1305)$/);
    expect(description?.bytes).toBeGreaterThan(0);
    if (id === 'secretbox') expect(description?.recipient).toBe('test');
    if (id === 'jwe') expect(description?.boundTo).toBe('db/main#b64');
  });

  it('does not open a ciphertext of which one character was changed', async () => {
    const crypto = await scheme.load();
    const token = (await crypto.token?.seal(Plaintext.fromText('value'), key)) ?? '';
    const property = fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom('A', 'b', '7', '_', '/', '.'),
      async (at, char) => {
        fc.pre(token[at] !== char);
        const altered = token.slice(0, at) + char + token.slice(at + 1);
        await expect(crypto.token?.open(altered, [key])).rejects.toThrow();
      },
    );
    await fc.assert(property, runs(80));
  });

  it('stops between batches when it is cancelled', async () => {
    const entries = Array.from({ length: 200 }, (_, index) => `  k${index}: v`).join('\n');
    const text = `kind: Secret\nstringData:\n${entries}\n`;
    const values = locatedEntries(scan(text)).map((located) => ({
      ...located,
      plaintext: Plaintext.fromText('v'),
    }));
    const controller = new AbortController();
    const crypto = await scheme.load();
    const sealing = crypto.seal({ text, values }, key, controller.signal);
    controller.abort();
    await expect(sealing).rejects.toThrow('aborted');
  });
});

describe('the registry', () => {
  it('attributes each token to exactly one scheme', async () => {
    for (const scheme of registry.all) {
      const crypto = await scheme.load();
      const token = (await crypto.token?.seal(Plaintext.fromText('value'), newKey(scheme.id))) ?? '';
      const owners = registry.all.filter((candidate) => candidate.token?.recognise(token).is === 'yes');
      expect(owners.map(({ id }) => id)).toEqual([scheme.id]);
      expect(registry.ofToken(token)?.id).toBe(scheme.id);
    }
  });

  it('takes no ordinary value for a ciphertext', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    for (const text of [
      '',
      'password',
      jwt,
      'k8s:enc:aescbc:v1:key1:AAAA',
      'ENC[AES256_GCM,data:x]',
      '{"a": 1}',
    ]) {
      expect(registry.ofToken(text)).toBeUndefined();
    }
  });

  it('finds nothing in what is no Secret', () => {
    const text = `kind: ConfigMap\ndata:\n  a: ${'gAAAAA'.padEnd(100, 'A')}\n`;
    expect(registry.find(scan(text))).toEqual({ groups: [], malformed: [] });
  });
});
