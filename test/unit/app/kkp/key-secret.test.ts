import { describe, expect, it } from 'vitest';
import {
  copiedSecretName,
  keySecretManifest,
  newKkpKey,
  problemOfKeyName,
  suggestKeyName,
} from '../../../../src/app/kkp/key-secret.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { readGoBase64 } from '../../../../src/manifest/at-rest/go-base64.ts';
import { parse } from '../../../../src/manifest/parse.ts';

describe('a new key', () => {
  it('is 32 bytes in base64, as KKP takes them, and another each time', () => {
    const keys = [newKkpKey(), newKkpKey()].map((key) => key.exposeText() ?? '');
    for (const key of keys) expect(readGoBase64(key)).toEqual({ length: 32 });
    expect(new Set(keys).size).toBe(2);
  });

  it('has a name of its month that none before had', () => {
    const now = new Date('2026-11-22T00:00:00Z');
    expect(suggestKeyName([], now)).toBe('encryption-key-2026-11');
    const used = ['encryption-key-2026-11', 'encryption-key-2026-11-2'];
    expect(suggestKeyName(used, now)).toBe('encryption-key-2026-11-3');
    expect(problemOfKeyName('encryption-key-2026-11', used)).toContain('keeps the value');
    expect(problemOfKeyName('encryption-key-2026-12', used)).toBeUndefined();
  });

  it.each(['', 'A', 'a:b', '-a', 'a b', 'a'.repeat(300)])('is not called %j', (name) => {
    expect(problemOfKeyName(name, [])).toBeDefined();
  });
});

describe('the Secret of a key', () => {
  const entries = new Map([
    ['2026', Plaintext.fromText('value')],
    ['true', Plaintext.fromText('null')],
  ]);
  const entriesOf = (text: string) =>
    parse(text).documents.flatMap(({ problems, objects }) => [
      ...problems,
      ...objects.flatMap(({ namespace, name, entries }) =>
        entries.map((entry) => [namespace, name, entry.map, entry.key, entry.text]),
      ),
    ]);

  it('reads back as it was meant, whatever its names look like', () => {
    const secret = { name: '2026', namespace: 'cluster-abc', copiedTo: undefined, entries };
    const text = keySecretManifest(secret).exposeText() ?? '';
    expect(entriesOf(text)).toEqual([
      ['cluster-abc', '2026', 'stringData', '2026', 'value'],
      ['cluster-abc', '2026', 'stringData', 'true', 'null'],
    ]);
    expect(text).not.toContain('annotations');
    expect(text).toContain('"null"');
  });

  it('names the user cluster that KKP copies it to', () => {
    const name = copiedSecretName('abc');
    const text = keySecretManifest({ name, namespace: 'kubermatic', copiedTo: 'abc', entries }).exposeText();
    expect(text).toContain('name: encryption-key-cluster-abc\n');
    expect(text).toContain('annotations:\n    kubermatic.io/cluster-name: abc\n');
  });
});
