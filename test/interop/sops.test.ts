import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../src/core/errors.ts';
import { applyEdits } from '../../src/core/span.ts';
import { ageKeySealer } from '../../src/crypto/sops/age-keys.ts';
import type { SopsValue } from '../../src/crypto/sops/value.ts';
import type { SopsFormat } from '../../src/manifest/sops-tree.ts';
import { openSops } from '../../src/schemes/sops/open.ts';
import { rotateSopsDataKey, updateSopsRecipients } from '../../src/schemes/sops/rewrap.ts';
import { addSopsValue, changeSopsValue, removeSopsValue } from '../../src/schemes/sops/set-value.ts';
import { runs } from '../support/arbitraries.ts';
import { commentedYaml } from '../support/commented-yaml.ts';
import { describePeer, type Run } from '../support/peers.ts';
import { described, numberedFiles, plainValues, SopsHolders, sealedOn } from '../support/sops.ts';
import { type SopsCase, sopsCases } from '../support/sops-cases.ts';

const files = numberedFiles();
afterAll(files.remove);

let holders: SopsHolders;
const now = new Date('2026-02-03T04:05:06Z');

beforeAll(async () => {
  holders = await SopsHolders.create();
  process.env['SOPS_AGE_KEY_FILE'] = files.write('keys.txt', holders.keyFile(0, 1, 2, 3));
});

function configOf({ groups, rule }: SopsCase): string {
  const recipients = holders.recipients.slice(0, groups.count);
  const listed = recipients.map((age) => `      - age: [${age}]\n`).join('');
  const keys =
    groups.count === 1
      ? `age: ${recipients[0]}`
      : `shamir_threshold: ${groups.threshold}\n    key_groups:\n${listed}`;
  return files.write('.sops.yaml', `creation_rules:\n  - ${keys}\n    ${rule}\n`);
}

const sopsOf = (run: Run) => ({
  encrypt: (one: SopsCase) =>
    run(['--config', configOf(one), 'encrypt', files.write(`x.${one.format}`, one.text)], '').toString(),
  decrypt: (text: string, format: SopsFormat) =>
    run(['decrypt', files.write(`x.${format}`, text)], '').toString(),
});

const text = (value: string): SopsValue => ({ type: 'str', bytes: new TextEncoder().encode(value) });

/** Lines of `after` that `before` does not have at the same place. */
function changedLines(before: string, after: string): readonly string[] {
  const lines = before.split('\n');
  return after.split('\n').filter((line, at) => line !== lines[at]);
}

describePeer('sops', 'sops', (run) => {
  const { encrypt, decrypt } = sopsOf(run);

  describe.each(sopsCases)('$name', (one) => {
    it('is opened by Purser', async () => {
      const sealed = encrypt(one);
      const opened = await holders.opened(sealed, one.format);
      expect(opened).toEqual(plainValues(decrypt(sealed, one.format), one.format));
      expect(opened).toEqual(plainValues(one.text, one.format));
    });

    it('is decrypted when Purser has sealed it', async () => {
      const sealed = await holders.seal(one);
      const clear = decrypt(sealed, one.format);
      expect(plainValues(clear, one.format)).toEqual(plainValues(one.text, one.format));
      // Comments that stand elsewhere to sops than to Purser would be left encrypted.
      expect(clear).not.toContain('ENC[');
    });

    it('is decrypted when Purser has changed one value, which is three lines a document', async () => {
      const sealed = encrypt(one);
      const opening = await holders.opening(sealed, one.format);
      const { values } = openSops(opening.file, opening.dataKey, opening.selects);
      const target = values.findLast(({ encrypted }) => encrypted);
      if (target === undefined) throw new Error('nothing is encrypted');
      const changed = applyEdits(sealed, changeSopsValue(opening, target, text('changed: 1'), now));
      expect(changedLines(sealed, changed)).toHaveLength(1 + 2 * opening.file.blocks.length);
      const meant = described(target.document, target.place, 'str', text('changed: 1').bytes);
      const before = plainValues(decrypt(sealed, one.format), one.format);
      const after = plainValues(decrypt(changed, one.format), one.format);
      expect(after).toEqual(before.with(values.indexOf(target), meant));
    });
  });

  const withComments = sopsCases.filter(({ name }) => /^comments (?:in|nested|on)|deep lists/.test(name));
  it.each(withComments)('decrypts each value changed alone: $name', async (one) => {
    const sealed = encrypt(one);
    const opening = await holders.opening(sealed, one.format);
    const { values } = openSops(opening.file, opening.dataKey, opening.selects);
    for (const [index, target] of values.entries()) {
      const changed = applyEdits(sealed, changeSopsValue(opening, target, text('new # one'), now));
      const clear = decrypt(changed, one.format);
      const meant = described(target.document, target.place, 'str', text('new # one').bytes);
      const others = plainValues(one.text, one.format).toSpliced(index, 1);
      expect(plainValues(clear, one.format).toSpliced(index, 1)).toEqual(others);
      expect(plainValues(clear, one.format)[index]).toBe(meant);
      expect(clear).not.toContain('ENC[');
    }
  });

  // What holds one kind of scalar each has been through the same hands above.
  const composed = sopsCases.filter(({ name }) => !/ in (?:a list|the clear)$|scalar$/.test(name));
  describe.each(composed)('$name', (one) => {
    it('is decrypted with a new data key, and the old one opens nothing', async () => {
      const sealed = encrypt(one);
      const opening = await holders.opening(sealed, one.format);
      const plan = holders.plan([[1], [3]], 2);
      const rotated = applyEdits(
        sealed,
        await rotateSopsDataKey(opening, plan, { sealer: ageKeySealer, now }),
      );
      const clear = decrypt(rotated, one.format);
      expect(plainValues(clear, one.format)).toEqual(plainValues(decrypt(sealed, one.format), one.format));
      expect(clear).not.toContain('ENC[');
      const { file, selects } = await holders.opening(rotated, one.format, 1, 3);
      expect(() => openSops(file, opening.dataKey, selects)).toThrow('open.failed');
    });

    it('is decrypted when Purser has wrapped its data key for others, with values and MAC as they were', async () => {
      const sealed = encrypt(one);
      const opening = await holders.opening(sealed, one.format);
      const tools = { sealer: ageKeySealer, now };
      const rewrapped = applyEdits(
        sealed,
        await updateSopsRecipients(opening, holders.plan([[3, 2]]), tools),
      );
      expect(decrypt(rewrapped, one.format)).toBe(decrypt(sealed, one.format));
      const { file } = await holders.opening(rewrapped, one.format, 2);
      expect(file.metadata.mac).toBe(opening.file.metadata.mac);
      await expect(holders.opening(rewrapped, one.format, 0)).rejects.toThrow('key.missing');
    });
  });

  it.each(['yaml', 'json'] as const)('decrypts what Purser adds to and takes out of %s', async (format) => {
    const one = sopsCases.find(
      ({ name }) => name === (format === 'json' ? 'JSON by a rule' : 'the rule encrypted_regex'),
    );
    if (one === undefined) throw new Error('there is no such file');
    const sealed = encrypt(one);
    const place = ['stringData', 'token'];
    const opening = await holders.opening(sealed, format);
    const added = applyEdits(sealed, addSopsValue(opening, { document: 0, place }, text('new'), now));
    const clear = plainValues(decrypt(added, format), format);
    expect(clear).toContain('0 stringData.token str new');
    expect(clear).toHaveLength(plainValues(one.text, format).length + 1);
    const again = await holders.opening(added, format);
    const removed = applyEdits(added, removeSopsValue(again, { document: 0, place }, sealedOn));
    expect(plainValues(decrypt(removed, format), format)).toEqual(plainValues(one.text, format));
    expect(changedLines(sealed, removed)).toHaveLength(2);
  });

  it.each([
    ['at the top', ['extra']],
    ['where the rule leaves it in the clear', ['metadata', 'namespace']],
    ['in flow style', ['metadata', 'labels', 'tier']],
  ])('decrypts a key added %s', async (_where, place) => {
    const one = sopsCases.find(({ name }) => name === 'the rule encrypted_regex');
    const sealed = await holders.seal(one ?? (sopsCases[0] as SopsCase));
    const opening = await holders.opening(sealed, 'yaml');
    const added = applyEdits(sealed, addSopsValue(opening, { document: 0, place }, text('it is: new'), now));
    expect(plainValues(decrypt(added, 'yaml'), 'yaml')).toContain(`0 ${place.join('.')} str it is: new`);
  });

  it.each([undefined, 'encrypted_comment_regex', 'unencrypted_comment_regex'])(
    'decrypts what Purser sealed, wherever there are comments (rule: %s)',
    async (name) => {
      const rule = name === undefined ? '' : `${name}: "[02468]$"`;
      await fc.assert(
        fc.asyncProperty(commentedYaml, async (clear) => {
          const one = {
            name: '',
            format: 'yaml',
            text: clear,
            rule,
            groups: { count: 1, threshold: 0 },
          } as const;
          const sealed = await holders.seal(one).catch((error: unknown) => {
            // A rule that no comment asks for, or one in a place that Go may take for another.
            if (
              error instanceof Failure &&
              /^(?:sops.nothing-selected|document.not-editable)$/.test(error.code)
            )
              return undefined;
            throw error;
          });
          fc.pre(sealed !== undefined);
          expect(plainValues(decrypt(sealed ?? '', 'yaml'), 'yaml')).toEqual(plainValues(clear, 'yaml'));
        }),
        runs(40),
      );
    },
  );
});
