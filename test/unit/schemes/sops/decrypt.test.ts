import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { sealSopsValue } from '../../../../src/crypto/sops/value.ts';
import type { SopsFormat } from '../../../../src/manifest/sops-tree.ts';
import { decryptSops } from '../../../../src/schemes/sops/decrypt.ts';
import { runs } from '../../../support/arbitraries.ts';
import { commentedYaml } from '../../../support/commented-yaml.ts';
import { plainValues } from '../../../support/sops.ts';
import { opening, sealed } from './clear-keys.ts';

const everything = { name: 'unencrypted_suffix', text: '_unencrypted' } as const;

async function decrypted(text: string, format: SopsFormat = 'yaml'): Promise<string> {
  const file = await sealed(text, { rule: everything, format });
  return applyEdits(file, decryptSops(await opening(file, format)).edits);
}

describe('decrypting a file', () => {
  it('gives back what stood there, comments in lists too', async () => {
    const text = `# above
a: text # behind
list:
  # of two
  - one
  # and
  - two
nothing:
empty: ""
clear_unencrypted: yes
pem: |
  -----BEGIN-----
  AAAA
`;
    expect(await decrypted(text)).toBe(text);
  });

  it('leaves a list empty of which SOPS has kept nothing but a comment', async () => {
    const file = await sealed('a: x\nl: []\nb:\n  m: []\n', { rule: everything });
    const { dataKey } = await opening(file, 'yaml');
    const comment = (path: string) =>
      sealSopsValue({ type: 'comment', bytes: new TextEncoder().encode(' none') }, dataKey, path);
    const asSops = file
      .replace('l: []', () => `l:\n    - ${comment('l:')}`)
      .replace('m: []', () => `m:\n    - ${comment('b:m:')}\n    - ${comment('b:m:')}`);
    const clear = applyEdits(asSops, decryptSops(await opening(asSops, 'yaml')).edits);
    expect(clear).toBe('a: x\nl: []\n    # none\nb:\n  m: []\n    # none\n    # none\n');
  });

  it('writes each value as of its type, and quotes a text that would read as another', async () => {
    const text = 'i: 5\nf: 1.5\nb: true\nn: .nan\nm: -.inf\ns: "5"\nt: "true"\n';
    const now = await decrypted(text);
    expect(plainValues(now, 'yaml')).toEqual(plainValues(text, 'yaml'));
    expect(now).toContain('i: 5\n');
    expect(now).toContain('b: true\n');
  });

  it('does not let a text of several lines take in a comment below it', async () => {
    for (const gap of ['', '\n', '  \n\n']) {
      const text = `a:\n  b: |\n     text\n${gap}    # deeper\nc: x\n`;
      expect(plainValues(await decrypted(text), 'yaml')).toEqual(plainValues(text, 'yaml'));
      expect(await decrypted(text)).toContain('    # deeper\n');
    }
  });

  it('leaves nothing of SOPS behind, in several documents and in JSON', async () => {
    const documents = 'a: x\n---\nb: z\n';
    expect(await decrypted(documents)).toBe(documents);
    const json = '{\n  "a": "x",\n  "n": 1.0\n}\n';
    expect(plainValues(await decrypted(json, 'json'), 'json')).toEqual(plainValues(json, 'json'));
  });

  it('gives the same values, of the same types, for any file that can be encrypted', async () => {
    await fc.assert(
      fc.asyncProperty(commentedYaml, async (text) => {
        let now: string;
        try {
          now = await decrypted(text);
        } catch (error) {
          if (Failure.is(error, 'sops.nothing-selected') || Failure.is(error, 'document.not-editable'))
            return;
          throw error;
        }
        expect(plainValues(now, 'yaml')).toEqual(plainValues(text, 'yaml'));
      }),
      runs(200),
    );
  });

  it('refuses a file whose MAC is wrong', async () => {
    const file = (await sealed('a: x\nb_unencrypted: y\n', { rule: everything })).replace(': y\n', ': z\n');
    const open = await opening(file);
    expect(() => decryptSops(open)).toThrow('sops.mac-mismatch');
  });
});
