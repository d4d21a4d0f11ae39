import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { unsealItem } from '../../../src/crypto/sealed-secrets.ts';
import { readControllerKeys } from '../../../src/schemes/sealed-secrets/controller-keys.ts';
import { onlySealedSecret, valuesIn } from '../../support/sealed-secrets.ts';

const folder = fileURLToPath(new URL('../../golden/sealed-secrets/', import.meta.url));
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const keys = () =>
  readControllerKeys({
    ref: 'controller.key',
    name: undefined,
    bytes: Plaintext.fromText(textOf('test-keys/controller.key')),
  });

const files = readdirSync(folder).filter((name) => /\.(?:yaml|json)$/.test(name) && name !== 'secret.yaml');
const hex = (text: string) => Buffer.from(text).toString('hex');

/** The items of a file, in hex; undefined where one does not open. */
async function openedBy(name: string, namespace: string): Promise<Record<string, string | undefined>> {
  const { spec } = valuesIn(textOf(name)) as { spec: { encryptedData: Record<string, string> } };
  const { scope } = onlySealedSecret(textOf(name)).place;
  const opening = await keys();
  const items = Object.entries(spec.encryptedData).map(([key, item]) => {
    const opened = unsealItem(item, opening, { namespace, name: 'db', scope });
    return [key, opened && Buffer.from(opened).toString('hex')];
  });
  return Object.fromEntries(items);
}

describe('what kubeseal wrote', () => {
  it('is all here', () => {
    expect(files).toEqual([
      'cluster-wide.yaml',
      'merged.yaml',
      'namespace-wide.yaml',
      'strict.json',
      'strict.yaml',
    ]);
  });

  it.each(files)('is opened without any tool: %s', async (name) => {
    const opened = await openedBy(name, 'prod');
    expect(opened).toEqual({
      binary: '000102ff',
      empty: '',
      password: hex("it's: a test"),
      user: hex('admin'),
    });
  });

  it('is opened as a single item', async () => {
    const place = { namespace: 'prod', name: 'db', scope: 'strict' } as const;
    const opened = unsealItem(textOf('raw-password.txt').trim(), await keys(), place);
    expect(Buffer.from(opened ?? []).toString()).toBe("it's: a test");
  });

  it('opens in another namespace where it is for the whole cluster, and nowhere else', async () => {
    for (const name of files) {
      const values = Object.values(await openedBy(name, 'dev'));
      expect(values.every((value) => (value !== undefined) === (name === 'cluster-wide.yaml'))).toBe(true);
    }
  });
});
