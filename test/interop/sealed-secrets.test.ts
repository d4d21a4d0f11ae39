import { createPrivateKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Plaintext } from '../../src/core/plaintext.ts';
import type { SealingScope } from '../../src/core/sealing-place.ts';
import { sealItem, unsealItem } from '../../src/crypto/sealed-secrets.ts';
import { readSealingCertificate, type SealingCertificate } from '../../src/crypto/x509.ts';
import type { SealingOptions } from '../../src/manifest/seal-secret.ts';
import { removeItem } from '../../src/manifest/sealed-secret-edit.ts';
import { readControllerKeys } from '../../src/schemes/sealed-secrets/controller-keys.ts';
import {
  resealSecret,
  sealSecret,
  setSealedValue,
  unsealSecret,
} from '../../src/schemes/sealed-secrets/sealing.ts';
import { runs } from '../support/arbitraries.ts';
import { describeTls, type TestCertificate } from '../support/certificates.ts';
import { describePeer, privateFolder } from '../support/peers.ts';
import {
  edited,
  onlySealedSecret,
  type PlainSecret,
  placeIn,
  secretIn,
  shapeOf,
  startOfKind,
  valuesIn,
} from '../support/sealed-secrets.ts';

const scopes: readonly SealingScope[] = ['strict', 'namespace-wide', 'cluster-wide'];
const plain: SealingOptions = {
  namespace: undefined,
  scope: undefined,
  sealedWith: undefined,
  allowEmpty: false,
};
const { signal } = new AbortController();
const utf8 = (text: string) => new TextEncoder().encode(text);
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

const anything = `# a Secret with everything
apiVersion: v1
kind: Secret # not for long
metadata:
  name: db
  namespace: prod
  uid: 12345678-1234-1234-1234-123456789012
  resourceVersion: "17"
  generation: 3
  selfLink: /x
  creationTimestamp: "2026-01-01T00:00:00Z"
  ownerReferences:
    - apiVersion: v1
      kind: ConfigMap
      name: owner
      uid: 12345678-1234-1234-1234-123456789012
  finalizers: [example.com/hold]
  labels:
    # of the app
    app: x
    "odd/label": "true"
  annotations:
    note: |
      two
      lines
    kubectl.kubernetes.io/last-applied-configuration: |
      {"stringData":{"url":"canary"}}
type: example.com/thing
immutable: true
data:
  both: b25l
  binary: /wD+AQ==
  "wrapped.txt": | # in lines
    aGVs
    bG8=
stringData:
  both: two # wins
  url: |
    https://example.com

    # no comment
  empty: ""
`;

describeTls('certificates of a controller', (make) => {
  let own: TestCertificate;
  let certificate: SealingCertificate;
  const files = privateFolder();
  let count = 0;
  const file = (text: string) => files.write(`file-${count++}`, text);
  let certFile: string;
  let keyFile: string;

  beforeAll(() => {
    own = make({ name: 'sealing.example', rsaBits: 2048 });
    certificate = readSealingCertificate(utf8(own.cert), 'cert');
    certFile = file(own.cert);
    keyFile = file(own.key);
  });
  afterAll(() => files.remove());

  const ours = async (text: string, options: Partial<SealingOptions> = {}) =>
    edited(
      text,
      await sealSecret(text, startOfKind(text, 'Secret'), certificate, { ...plain, ...options }, signal),
    );
  const keysIn = (text: string) =>
    readControllerKeys({ ref: 'keys', name: undefined, bytes: Plaintext.fromText(text) });
  const opened = async (text: string, namespace?: string) =>
    edited(
      text,
      await unsealSecret(
        text,
        startOfKind(text, 'SealedSecret'),
        await keysIn(own.key),
        [placeIn(text, namespace)],
        signal,
      ),
    );

  describePeer('kubeseal', 'kubeseal', (kubeseal) => {
    const theirs = (text: string, ...args: readonly string[]) =>
      kubeseal(['--cert', certFile, '-o', 'yaml', ...args], text).toString();
    /** What kubeseal makes of a SealedSecret, without the reference that means nothing outside of a cluster. */
    const recovered = (text: string, key = keyFile): PlainSecret => {
      const args = ['--recovery-unseal', '--recovery-private-key', key, '-o', 'yaml'];
      const { metadata, ...secret } = secretIn(kubeseal(args, text).toString());
      const { ownerReferences: _owner, ...rest } = metadata;
      // Go writes null for no bytes.
      const data = Object.entries(secret.data ?? {}).map(([key, value]) => [key, value ?? '']);
      return { ...secret, data: Object.fromEntries(data), metadata: rest };
    };
    const scoped = (scope: SealingScope) =>
      anything.replace('  annotations:', `  annotations:\n    sealedsecrets.bitnami.com/${scope}: "true"`);

    describe.each(scopes)('in the scope %s', (scope) => {
      it('makes the same object, and each opens what the other sealed', async () => {
        const [mine, other] = [await ours(anything, { scope }), theirs(anything, '--scope', scope)];
        expect(shapeOf(mine)).toEqual(shapeOf(other));
        expect(recovered(mine)).toEqual(recovered(other));
        expect(valuesIn(await opened(mine))).toEqual(recovered(other));
        expect(valuesIn(await opened(other))).toEqual(recovered(other));
      });

      it('takes it from the annotations where nothing else says', async () => {
        const text = scoped(scope);
        const [mine, other] = [await ours(text), theirs(text)];
        expect(shapeOf(mine)).toEqual(shapeOf(other));
        expect(recovered(mine)).toEqual(valuesIn(await opened(other)));
      });

      it('makes single items that each opens', async () => {
        const place = { namespace: 'prod', name: 'db', scope };
        const names = ['--name', 'db', '--namespace', 'prod', '--scope', scope];
        const text = `${randomBytes(50).toString('hex')} \ud83d\udd11\n`;
        const item = kubeseal(['--cert', certFile, '--raw', '--from-file', file(text), ...names], '');
        expect(unsealItem(item.toString(), await keysIn(own.key), place)).toEqual(utf8(text));
        const sealed = theirs(anything, '--scope', scope).replace(
          /url: \S+/,
          `url: ${sealItem(utf8(text), certificate, place)}`,
        );
        expect(recovered(sealed).data?.['url']).toBe(base64(utf8(text)));
      });
    });

    it('makes the same of JSON', async () => {
      for (const indent of [undefined, 2, '\t']) {
        const text = JSON.stringify(valuesIn(anything), undefined, indent);
        const mine = await ours(text);
        expect(shapeOf(mine)).toEqual(shapeOf(theirs(text)));
        expect(recovered(mine)).toEqual(JSON.parse(await opened(mine)));
      }
    });

    it('makes the same of any Secret', async () => {
      const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
      const key = fc.stringMatching(/^[-._a-zA-Z0-9]{1,12}$/).filter((name) => name !== '..' && name !== '.');
      const secrets = fc.record({
        apiVersion: fc.constant('v1'),
        kind: fc.constant('Secret'),
        metadata: fc.record(
          {
            name: word,
            namespace: word,
            labels: fc.dictionary(word, word, { minKeys: 1, maxKeys: 2 }),
            annotations: fc.dictionary(
              fc.oneof(
                word,
                fc.constant('sealedsecrets.bitnami.com/cluster-wide'),
                fc.constant('sealedsecrets.bitnami.com/namespace-wide'),
                fc.constant('kubecfg.ksonnet.io/last-applied-configuration'),
              ),
              fc.oneof(fc.constant('true'), fc.string()),
              { minKeys: 1, maxKeys: 3 },
            ),
          },
          { requiredKeys: ['name', 'namespace'] },
        ),
        data: fc.dictionary(key, fc.uint8Array({ maxLength: 40 }).map(base64), { minKeys: 1, maxKeys: 3 }),
        stringData: fc.dictionary(key, fc.string({ unit: 'grapheme', maxLength: 20 }), { maxKeys: 3 }),
        type: fc.constantFrom('Opaque', 'kubernetes.io/tls'),
      });
      const written = fc.constantFrom<(secret: unknown) => string>(
        (secret) => JSON.stringify(secret),
        (secret) => JSON.stringify(secret, undefined, 2),
        (secret) => stringify(secret, { version: '1.1' }),
        (secret) => stringify(secret, { version: '1.1', indent: 4, defaultStringType: 'QUOTE_SINGLE' }),
      );
      await fc.assert(
        fc.asyncProperty(secrets, written, async (secret, write) => {
          const text = write(secret);
          const mine = await ours(text);
          expect(shapeOf(mine)).toEqual(shapeOf(theirs(text)));
          expect(recovered(mine)).toEqual(valuesIn(await opened(mine)));
        }),
        runs(30, 400),
      );
    });

    it.each([
      ['nothing at all', new Uint8Array()],
      ['bytes that are no text', Uint8Array.from({ length: 256 }, (_, index) => index)],
      ['100 kB', new Uint8Array(randomBytes(100_000))],
    ])('opens a value of %s', async (_name, bytes) => {
      const text = anything.replace('/wD+AQ==', base64(bytes));
      const mine = await ours(text);
      expect(recovered(mine).data?.['binary'] ?? '').toBe(base64(bytes));
      const theirSecret = secretIn(await opened(theirs(text)));
      expect(theirSecret.data?.['binary']).toBe(base64(bytes));
    });

    it('refuses a Secret without values, unless it is told otherwise', async () => {
      const text = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: b\n';
      expect(() => theirs(text)).toThrow(/data is empty/);
      await expect(ours(text)).rejects.toMatchObject({ code: 'sealing.empty' });
      const mine = await ours(text, { allowEmpty: true });
      expect(shapeOf(mine)).toEqual(shapeOf(theirs(text, '--allow-empty-data')));
    });

    it('takes the namespace it is given where none is stated', async () => {
      const text = anything.replace('  namespace: prod\n', '');
      const mine = await ours(text, { namespace: 'stage' });
      expect(shapeOf(mine)).toEqual(shapeOf(theirs(text, '--namespace', 'stage')));
      expect(valuesIn(await opened(mine))).toEqual(recovered(mine));
      const bare = mine.replaceAll(/^ *namespace: stage\n/gm, '');
      expect(secretIn(await opened(bare, 'stage')).data).toEqual(recovered(mine).data);
    });

    it('opens what was set, removed, and sealed to another certificate', async () => {
      const before = theirs(anything);
      const edits = [
        (text: string) =>
          setSealedValue(
            text,
            onlySealedSecret(text),
            { key: 'url', plaintext: Plaintext.fromText('new'), place: placeIn(text) },
            certificate,
          ),
        (text: string) =>
          setSealedValue(
            text,
            onlySealedSecret(text),
            { key: 'added', plaintext: Plaintext.fromText('more'), place: placeIn(text) },
            certificate,
          ),
        async (text: string) => removeItem(text, onlySealedSecret(text), 'empty'),
      ];
      let text = before;
      for (const edit of edits) text = edited(text, await edit(text));
      const { empty: _empty, ...data } = recovered(before).data ?? {};
      const now = { ...data, url: base64(utf8('new')), added: base64(utf8('more')) };
      expect(recovered(text).data).toEqual(now);
      const next = make({ name: 'next.example', rsaBits: 3072 });
      const nextCertificate = readSealingCertificate(utf8(next.cert), 'next');
      const secret = onlySealedSecret(text);
      const anew = edited(
        text,
        await resealSecret(text, secret, await keysIn(own.key), nextCertificate, [secret.place], signal),
      );
      expect(recovered(anew, file(next.key)).data).toEqual(now);
      expect(() => recovered(anew)).toThrow(/no key could decrypt/);
    });

    it('takes the same backups of keys', async () => {
      const [one, other] = [own.key, make({ name: 'old.example', rsaBits: 2048 }).key];
      const pkcs1 = createPrivateKey(one).export({ type: 'pkcs1', format: 'pem' }).toString();
      const secretOf = (pem: string) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'sealed-secrets-key' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': base64(utf8(own.cert)), 'tls.key': base64(utf8(pem)) },
      });
      const list = { apiVersion: 'v1', kind: 'List', items: [secretOf(other), secretOf(pkcs1)] };
      const sealed = theirs(anything);
      for (const backup of [pkcs1, JSON.stringify(secretOf(one)), JSON.stringify(list, undefined, 2)]) {
        const keys = await keysIn(backup);
        const mine = edited(
          sealed,
          await unsealSecret(sealed, onlySealedSecret(sealed).span.start, keys, [placeIn(sealed)], signal),
        );
        expect(valuesIn(mine)).toEqual(recovered(sealed, file(backup)));
      }
    });
  });
});
