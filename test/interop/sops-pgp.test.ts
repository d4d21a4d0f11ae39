import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/core/span.ts';
import type { KeyPlan } from '../../src/crypto/sops/data-key.ts';
import { dataKeySealer, dataKeySource } from '../../src/crypto/sops/key-sources.ts';
import { type KeyRecipient, recipientName } from '../../src/crypto/sops/stanza.ts';
import { Gpg } from '../../src/node/gpg.ts';
import { rotateSopsDataKey, updateSopsRecipients } from '../../src/schemes/sops/rewrap.ts';
import { sealSops } from '../../src/schemes/sops/seal.ts';
import { GpgHome } from '../support/gpg.ts';
import { describePeer } from '../support/peers.ts';
import {
  numberedFiles,
  openingBy,
  plainValues,
  ruleOf,
  SopsHolders,
  sealedOn,
  valuesOf,
} from '../support/sops.ts';
import { type SopsCase, sopsCases } from '../support/sops-cases.ts';

const names = [
  'the rule encrypted_regex',
  'comments in lists',
  'documents, of one kind',
  'JSON with a Secret',
  'a file with CRLF',
];
const cases = sopsCases.filter(({ name }) => names.includes(name));

/** Groups of the holders `a` and `b` of age keys and `P` and `Q` of PGP keys. */
const plans: Readonly<Record<string, { readonly groups: readonly string[]; readonly threshold: number }>> = {
  'PGP alone': { groups: ['P'], threshold: 0 },
  'two PGP keys': { groups: ['PQ'], threshold: 0 },
  'PGP and age': { groups: ['Pa'], threshold: 0 },
  'groups of PGP and age': { groups: ['P', 'a'], threshold: 2 },
  'groups of both, two of three': { groups: ['P', 'ab', 'Qb'], threshold: 2 },
};

describePeer('sops with PGP', 'gpg', () => {
  describePeer('and GnuPG', 'sops', (run) => {
    let home: GpgHome;
    let holders: SopsHolders;
    let pgp: Gpg;
    const files = numberedFiles();
    const fingerprints = new Map<string, string>();

    beforeAll(async () => {
      home = new GpgHome();
      for (const name of ['P', 'Q']) fingerprints.set(name, home.addKey(name));
      holders = await SopsHolders.create();
      process.env['GNUPGHOME'] = home.folder;
      process.env['SOPS_AGE_KEY_FILE'] = files.write('none.txt', '');
      pgp = new Gpg({
        program: undefined,
        env: home.env,
        folder: home.folder,
        signal: AbortSignal.timeout(600_000),
      });
    });
    afterAll(() => {
      delete process.env['GNUPGHOME'];
      home?.remove();
      files.remove();
    });

    const recipient = (who: string): KeyRecipient =>
      /[ab]/.test(who)
        ? { kind: 'age', fields: new Map([['recipient', holders.recipients['ab'.indexOf(who)] ?? '']]) }
        : { kind: 'pgp', fields: new Map([['fp', fingerprints.get(who) ?? '']]) };
    const planOf = (name: string): KeyPlan => {
      const { groups = [], threshold = 0 } = plans[name] ?? {};
      return { groups: groups.map((group) => Array.from(group, recipient)), shamirThreshold: threshold };
    };
    const configOf = ({ groups, shamirThreshold }: KeyPlan, { rule }: SopsCase) => {
      const values = (group: KeyPlan['groups'][number], kind: string) =>
        group.filter((one) => one.kind === kind).map(recipientName);
      const listed = groups.map((group) => ({ age: values(group, 'age'), pgp: values(group, 'pgp') }));
      const config = JSON.stringify(
        shamirThreshold === 0
          ? { pgp: listed[0]?.pgp.join(','), age: listed[0]?.age.join(',') }
          : { key_groups: listed, shamir_threshold: shamirThreshold },
      ).slice(1, -1);
      const flow = rule === '' ? config : `${config}, ${rule.replace(/: (.*)/, ': "$1"')}`;
      return files.write('.sops.yaml', `creation_rules: [{${flow}}]\n`);
    };
    const encrypt = (plan: KeyPlan, one: SopsCase) =>
      run(
        ['--config', configOf(plan, one), 'encrypt', files.write(`x.${one.format}`, one.text)],
        '',
      ).toString();
    const decrypt = (text: string, { format }: SopsCase) =>
      plainValues(run(['decrypt', files.write(`x.${format}`, text)], '').toString(), format);
    /** Their age keys, and the PGP keys of the keyring. */
    const source = (...who: readonly number[]) => dataKeySource({ age: holders.keys(...who), pgp });
    const open = (text: string, { format }: SopsCase, ...who: readonly number[]) =>
      openingBy(text, format, source(...who), holders.compile);
    const seal = async (plan: KeyPlan, one: SopsCase) => {
      const request = { rule: ruleOf(one), macOnlyEncrypted: false, keys: plan };
      const tools = { compile: holders.compile, sealer: dataKeySealer({ pgp }), now: sealedOn };
      return applyEdits(one.text, await sealSops(one.text, one.format, request, tools));
    };

    describe.each(Object.keys(plans))('%s', (name) => {
      // To sops, the holder of `a` has her key where it is looked for.
      beforeAll(() => {
        process.env['SOPS_AGE_KEY_FILE'] = files.write('a.txt', holders.keyFile(0));
      });

      it.each(cases)('is opened by Purser: $name', async (one) => {
        const sealed = encrypt(planOf(name), one);
        expect(valuesOf(await open(sealed, one, 0))).toEqual(plainValues(one.text, one.format));
      });

      it.each(cases)('is decrypted when Purser has sealed it: $name', async (one) => {
        expect(decrypt(await seal(planOf(name), one), one)).toEqual(plainValues(one.text, one.format));
      });
    });

    const one = cases[0] as SopsCase;

    it('asks no more of GnuPG than it takes', async () => {
      const asked: string[] = [];
      const counted = dataKeySource({
        age: holders.keys(0, 1),
        pgp: {
          unwrap: (stanza) => {
            asked.push(recipientName(stanza));
            return pgp.unwrap(stanza);
          },
        },
      });
      for (const name of ['PGP and age', 'groups of both, two of three', 'groups of PGP and age']) {
        const { file, dataKey, selects } = await openingBy(
          encrypt(planOf(name), one),
          one.format,
          counted,
          holders.compile,
        );
        expect(valuesOf({ file, dataKey, selects })).toEqual(plainValues(one.text, one.format));
      }
      expect(asked).toEqual([fingerprints.get('P')]);
    });

    it('takes a key below another by its fingerprint and an exclamation mark', async () => {
      const [, below = ''] = home.fingerprints(fingerprints.get('P') ?? '');
      const exact = { kind: 'pgp', fields: new Map([['fp', `${below}!`]]) } as const;
      const plan = { groups: [[exact]], shamirThreshold: 0 };
      expect(decrypt(await seal(plan, one), one)).toEqual(plainValues(one.text, one.format));
      expect(valuesOf(await open(encrypt(plan, one), one))).toEqual(plainValues(one.text, one.format));
    });

    it('goes from age to PGP and back, with the old data key or a new one', async () => {
      const tools = { sealer: dataKeySealer({ pgp }), now: sealedOn };
      const toAge = { groups: [[recipient('a')]], shamirThreshold: 0 };
      const both = planOf('PGP and age');
      const sealed = encrypt(toAge, one);
      const opening = await open(sealed, one, 0);
      const rewrapped = applyEdits(sealed, await updateSopsRecipients(opening, both, tools));
      expect(valuesOf(await open(rewrapped, one))).toEqual(plainValues(one.text, one.format));
      const rotated = applyEdits(
        rewrapped,
        await rotateSopsDataKey(await open(rewrapped, one), planOf('PGP alone'), tools),
      );
      expect(decrypt(rotated, one)).toEqual(plainValues(one.text, one.format));
      await expect(openingBy(rotated, one.format, noKeys(), holders.compile)).rejects.toMatchObject({
        code: 'key.missing',
        details: { hint: fingerprints.get('P') },
      });
    });

    const noKeys = () =>
      dataKeySource({ age: holders.keys(0, 1, 2, 3), pgp: { unwrap: async () => undefined } });
  });
});
