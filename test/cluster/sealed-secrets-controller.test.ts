import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Plaintext } from '../../src/core/plaintext.ts';
import type { SealingPlace, SealingScope } from '../../src/core/sealing-place.ts';
import type { SealingCertificate } from '../../src/crypto/x509.ts';
import { removeItem } from '../../src/manifest/sealed-secret-edit.ts';
import {
  itemsOf,
  resealSecret,
  sealSecret,
  setSealedValue,
  unsealSecret,
} from '../../src/schemes/sealed-secrets/sealing.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { edited, onlySealedSecret, secretIn, startOfKind } from '../support/sealed-secrets.ts';
import { SealingCluster, service } from './sealing-cluster.ts';

const scopes: readonly SealingScope[] = ['strict', 'namespace-wide', 'cluster-wide'];
const { signal } = new AbortController();
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
const large = base64(randomBytes(100_000));

function plainSecret(name: string): string {
  return `# a Secret with everything
apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: prod
  labels:
    app: x # of the app
    "odd/label": "true"
  annotations:
    note: |
      two
      lines
type: example.com/thing
data:
  both: b25l
  binary: ${base64(Uint8Array.from({ length: 256 }, (_, index) => index))}
  large: ${large}
  nothing: ""
stringData:
  both: two # wins
  url: |
    https://example.com/\u{1f511}

  "dotted.key": "with \\"quotes\\""
`;
}

describeKubeApi(
  'the controller of Sealed Secrets',
  () => {
    let cluster: SealingCluster;
    let certificate: SealingCertificate;

    beforeAll(async () => {
      cluster = await SealingCluster.start();
      certificate = await cluster.certificate();
    });
    afterAll(() => cluster?.stop());

    const seal = async (text: string, scope?: SealingScope) => {
      const options = {
        namespace: undefined,
        scope,
        sealedWith: certificate.fingerprint,
        allowEmpty: false,
      };
      const start = startOfKind(text, 'Secret');
      return edited(text, await sealSecret(text, start, certificate, options, signal));
    };
    const set = async (text: string, key: string, plaintext: Plaintext) => {
      const secret = onlySealedSecret(text);
      const value = { key, plaintext, place: secret.place };
      return edited(text, await setSealedValue(text, secret, value, certificate));
    };
    const unseal = async (text: string) => {
      const { place, span } = onlySealedSecret(text);
      return edited(text, await unsealSecret(text, span.start, await cluster.keys(), [place], signal));
    };
    /** With what a scope that was asked for leaves in the Secret. */
    const scoped = (
      secret: Awaited<ReturnType<typeof cluster.meant>>,
      scope: SealingScope,
    ): typeof secret => {
      if (scope === 'strict') return secret;
      const annotations = { ...secret.annotations, [`sealedsecrets.bitnami.com/${scope}`]: 'true' };
      return { ...secret, annotations };
    };

    describe.each(scopes)('in the scope %s', (scope) => {
      it('unseals what Purser sealed into the Secret that it was', async () => {
        const name = `sealed-${scope}`;
        const text = plainSecret(name);
        const before = await cluster.meant(text);
        const sealed = await seal(text, scope);
        await expect(cluster.validate(sealed)).resolves.toBeUndefined();
        await cluster.apply(sealed);
        await expect.poll(() => cluster.secret(name)).toEqual(scoped(before, scope));
        expect(await cluster.said(name)).toBe('True: ');
      });

      it('unseals what Purser set, added and took out afterwards', async () => {
        const name = `changed-${scope}`;
        const text = plainSecret(name);
        const before = await cluster.meant(text);
        let sealed = await seal(text, scope);
        await cluster.apply(sealed);
        await expect.poll(() => cluster.secret(name)).toBeDefined();
        sealed = await set(sealed, 'url', Plaintext.fromText('changed\n'));
        sealed = await set(sealed, 'binary', new Plaintext(Uint8Array.of(0xff, 0, 0xfe)));
        sealed = await set(sealed, 'added', Plaintext.fromText(''));
        sealed = edited(sealed, removeItem(sealed, onlySealedSecret(sealed), 'large'));
        await expect(cluster.validate(sealed)).resolves.toBeUndefined();
        await cluster.apply(sealed);
        const { large: _large, ...kept } = before.data;
        const data = { ...kept, url: base64('changed\n'), binary: '/wD+', added: '' };
        await expect.poll(() => cluster.secret(name)).toEqual({ ...scoped(before, scope), data });
      });

      it('has keys that open with Purser what kubeseal sealed', async () => {
        const text = plainSecret(`opened-${scope}`);
        const sealed = await cluster.kubeseal(text, '--scope', scope);
        await expect(cluster.validate(sealed)).resolves.toBeUndefined();
        expect(secretIn(await unseal(sealed)).data).toEqual((await cluster.meant(text)).data);
      });

      it('unseals under another name, and in another namespace, what Purser does', async () => {
        const sealed = await seal(plainSecret(`moved-${scope}`), scope);
        const renamed = sealed.replaceAll(`name: moved-${scope}`, `name: renamed-${scope}`);
        const elsewhere = sealed.replaceAll('namespace: prod', 'namespace: stage');
        const opens = async (text: string, name: string, namespace: string) => {
          const purser = await succeeds(unseal(text));
          const kubeseal = await succeeds(cluster.validate(text));
          await cluster.apply(text);
          await expect.poll(() => cluster.said(name, namespace)).toBeDefined();
          const said = await cluster.said(name, namespace);
          const controller = (await cluster.secret(name, namespace)) !== undefined;
          expect(said).toMatch(controller ? /^True: $/ : /^False: .*no key could decrypt secret/);
          return { purser, kubeseal, controller };
        };
        const all = (it: boolean) => ({ purser: it, kubeseal: it, controller: it });
        expect(await opens(renamed, `renamed-${scope}`, 'prod')).toEqual(all(scope !== 'strict'));
        expect(await opens(elsewhere, `moved-${scope}`, 'stage')).toEqual(all(scope === 'cluster-wide'));
      });
    });

    it('unseals all of its items, or none', async () => {
      const other = /^ *url: (\S+)/m.exec(await seal(plainSecret('other')))?.[1] ?? '';
      const mixed = (await seal(plainSecret('mixed'))).replace(/^( *url: )\S+/m, `$1${other}`);
      await expect(cluster.validate(mixed)).rejects.toThrow(/unable to decrypt sealed secret: mixed/);
      await expect(unseal(mixed)).rejects.toMatchObject({ code: 'open.failed' });
      await cluster.apply(mixed);
      await expect.poll(() => cluster.said('mixed')).toMatch(/^False: .*no key could decrypt secret.*url/);
      expect(await cluster.secret('mixed')).toBeUndefined();
    });

    it('unseals what Purser sealed in JSON, and in the second document of a file', async () => {
      const json = JSON.stringify({ ...parse(plainSecret('json')), immutable: true }, undefined, 2);
      const first = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: first, namespace: prod}\n';
      const second = plainSecret('second');
      const before = [await cluster.meant(json), await cluster.meant(second)];
      await cluster.apply(await seal(json));
      await cluster.apply(await seal(`${first}---\n${second}`));
      await expect.poll(() => cluster.secret('json')).toEqual(before[0]);
      await expect.poll(() => cluster.secret('second')).toEqual(before[1]);
      expect(await cluster.get('configmap', 'first', 'prod')).toBeDefined();
    });

    it('is found by Purser, and gives it the certificate to seal to', async () => {
      const session = await cluster.openSession();
      try {
        const [found, ...others] = await session.sealedSecrets(AbortSignal.timeout(20_000));
        expect(others).toEqual([]);
        if (found === undefined) throw new Error('there is none');
        expect(found).toMatchObject({ ...service, keys: [{ state: 'active' }] });
        const fetched = await session.fetchCertificate(found, AbortSignal.timeout(20_000));
        expect(fetched.fingerprint).toBe(certificate.fingerprint);
        const sealed = onlySealedSecret(await seal(plainSecret('asked')));
        const canOpen = (place: SealingPlace) =>
          session.canOpen(found, { place, items: itemsOf(sealed) }, AbortSignal.timeout(20_000));
        expect(await canOpen(sealed.place)).toBe(true);
        expect(await canOpen({ ...sealed.place, name: 'other' })).toBe(false);
      } finally {
        session.close();
      }
    });

    it('unseals with a new key alone what Purser sealed anew to it', async () => {
      const text = plainSecret('anew');
      const secret = await cluster.meant(text);
      const before = await seal(text);
      await cluster.replaceKey();
      const next = await cluster.certificate();
      expect(next.fingerprint).not.toBe(certificate.fingerprint);
      const sealed = onlySealedSecret(before);
      const keys = await cluster.keys();
      const after = edited(before, await resealSecret(before, sealed, keys, next, [sealed.place], signal));
      expect(onlySealedSecret(after).sealedWith?.text).toBe(next.fingerprint);
      await expect(cluster.validate(before)).rejects.toThrow(/unable to decrypt sealed secret: anew/);
      await expect(cluster.validate(after)).resolves.toBeUndefined();
      await cluster.apply(after);
      await expect.poll(() => cluster.secret('anew')).toEqual(secret);
    });
  },
  'sealedSecretsController',
  'kubeseal',
);

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
