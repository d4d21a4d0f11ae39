import { afterAll, beforeAll, expect, it } from 'vitest';
import { whyDecryptionFails } from '../../src/app/clusters/why-decryption-fails.ts';
import type { ApiSession } from '../../src/cluster/session.ts';
import { pkcs8, rsaKey } from '../support/age-keys.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { SopsHolders } from '../support/sops.ts';
import { FluxCluster, namespace } from './flux-cluster.ts';
import { give } from './objects.ts';
import { knownObject, openSession, until } from './open-session.ts';

type Case = readonly [name: string, keys: () => Readonly<Record<string, string>> | undefined, groups: number];

describeKubeApi(
  'whether a cluster can open a file',
  () => {
    let cluster: FluxCluster;
    let holders: SopsHolders;
    let session: ApiSession;
    const signal = AbortSignal.timeout(110_000);

    beforeAll(async () => {
      holders = await SopsHolders.create();
      cluster = await FluxCluster.start({ 'age.agekey': holders.keyFile(0) });
      session = await openSession(cluster.api);
      await session.listed();
    });
    afterAll(async () => {
      session?.close();
      await cluster?.stop();
    });

    const file = (who: number) => holders.keyFile(who);
    const identity = (who: number) => /^AGE-SECRET-KEY-.*$/m.exec(file(who))?.[0] ?? '';
    /** What a Secret holds, and the number of key groups, of one holder each, that a file is sealed to. */
    const opened: readonly Case[] = [
      ['right', () => ({ 'age.agekey': file(0) }), 1],
      ['with-crlf', () => ({ 'age.agekey': file(0).replaceAll('\n', '\r\n') }), 1],
      ['without-a-name', () => ({ '.agekey': identity(0) }), 1],
      ['one-of-several', () => ({ 'a.agekey': file(3), 'b.agekey': `${file(1)}\n${file(0)}` }), 1],
      ['beside-an-empty-one', () => ({ 'a.agekey': '', 'b.agekey': file(0) }), 1],
      ['of-both-groups', () => ({ 'age.agekey': `${file(0)}\n${file(1)}` }), 2],
    ];
    const refused: readonly Case[] = [
      ['of-another', () => ({ 'age.agekey': file(1) }), 1],
      ['misnamed', () => ({ 'age.key': file(0) }), 1],
      ['indented', () => ({ 'age.agekey': `  ${identity(0)}` }), 1],
      ['before-a-space', () => ({ 'age.agekey': `${identity(0)} ` }), 1],
      ['on-one-line', () => ({ 'age.agekey': `${identity(0)} ${identity(1)}` }), 1],
      ['in-lower-case', () => ({ 'age.agekey': identity(0).toLowerCase() }), 1],
      ['cut-short', () => ({ 'age.agekey': identity(0).slice(0, -1) }), 1],
      ['beside-a-broken-one', () => ({ 'a.agekey': file(0), 'b.agekey': 'password' }), 1],
      ['beside-a-broken-pgp-key', () => ({ 'a.agekey': file(0), 'b.asc': 'password' }), 1],
      ['public', () => ({ 'age.agekey': holders.recipients[0] ?? '' }), 1],
      ['of-ssh', () => ({ 'age.agekey': pkcs8(rsaKey()) }), 1],
      ['not-there', () => undefined, 1],
      ['of-one-of-two-groups', () => ({ 'age.agekey': file(0) }), 2],
    ];

    it.each(opened)('is told as Flux finds it where the key is %s', async (...one) => {
      const { outcome, verdict } = await judged(...one);
      expect(outcome.status).toBe('True');
      expect(verdict).toMatchObject({ problem: undefined, files: [{ opens: 'yes' }] });
    });

    it.each(refused)('is told as Flux finds it where the key is %s', async (...one) => {
      const { outcome, verdict } = await judged(...one);
      expect(outcome.status).toBe('False');
      expect(verdict).toMatchObject({ files: [{ opens: 'no' }] });
    });

    async function judged(...[name, keys, groups]: Case) {
      const stringData = keys();
      const metadata = { name: `keys-${name}`, namespace };
      if (stringData !== undefined)
        await give(cluster.api, [{ apiVersion: 'v1', kind: 'Secret', metadata, stringData }]);
      const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: ${namespace}}\nstringData: {a: b}\n`;
      const sealed = await holders.seal({
        name,
        format: 'yaml',
        text,
        rule: 'encrypted_regex: ^(data|stringData)$',
        groups: { count: groups, threshold: groups === 1 ? 0 : groups },
      });
      const path = 'secret.yaml';
      const outcome = await cluster.deploy(name, { [path]: sealed }, { secret: metadata.name });
      await until(session, () =>
        session.flux().some(({ objects }) => objects.some((one) => one.ref.name === name)),
      );
      const decryption = await session.decryption(knownObject(session, 'Kustomization', name).ref, signal);
      const asked = { cluster: 'prod', object: name };
      return { outcome, verdict: whyDecryptionFails(asked, decryption, [{ path, text: sealed }]) };
    }
  },
  'kustomizeController',
);
