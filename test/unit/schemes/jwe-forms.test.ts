import { CompactEncrypt, FlattenedEncrypt, GeneralEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { planDecrypt } from '../../../src/app/decrypt.ts';
import { ManifestText } from '../../../src/app/manifest-text.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';
import { rsaPair } from '../../support/workspace.ts';

const pair = rsaPair();
const registry = allSchemes();
const plaintext = Buffer.from('hunter2');
const header = { enc: 'A128CBC-HS256', kid: 'my key' };

/** The forms of RFC 7516 §7, as tools print them. */
async function forms(): Promise<readonly (readonly [string, string])[]> {
  const { importSPKI } = await import('jose');
  const alg = 'RSA-OAEP-256';
  const key = await importSPKI(pair.publicPem, alg);
  const compact = await new CompactEncrypt(plaintext).setProtectedHeader({ ...header, alg }).encrypt(key);
  const flattened = await new FlattenedEncrypt(plaintext)
    .setProtectedHeader({ enc: header.enc })
    .setUnprotectedHeader({ alg, kid: header.kid })
    .encrypt(key);
  const general = await new GeneralEncrypt(plaintext)
    .setProtectedHeader({ enc: header.enc })
    .addRecipient(key)
    .setUnprotectedHeader({ alg, kid: header.kid })
    .encrypt();
  return [
    ['compact', compact],
    ['compact over lines of 64', compact.replace(/(.{64})/g, '$1\n')],
    ['flattened', JSON.stringify(flattened)],
    ['flattened, pretty-printed', JSON.stringify(flattened, null, 2)],
    ['flattened, broken inside of strings', JSON.stringify(flattened).replace(/([\w-]{64})/g, '$1\n')],
    ['general', JSON.stringify(general)],
    ['general, pretty-printed', JSON.stringify(general, null, 2)],
  ];
}

const indented = (text: string) => text.replace(/^/gm, '    ');
const secret = (map: string, scalar: string, key: string) =>
  `# a comment\napiVersion: v1\nkind: Secret\nmetadata:\n  name: main\n${map}:\n  first: PLACEHOLDER # stays\n  ${key}: ${scalar}\n  last: ""\n`;

/** Every way in which YAML can hold the text. */
const holders: readonly (readonly [string, (text: string) => string])[] = [
  ['a literal block', (text) => secret('stringData', `|\n${indented(text)}`, 'password')],
  [
    'a literal block without a final newline',
    (text) => secret('stringData', `|-\n${indented(text)}`, 'password'),
  ],
  [
    'a literal block with a sign of its indentation',
    (text) => secret('stringData', `|4-\n${text.replace(/^/gm, '      ')}`, 'password'),
  ],
  ['a folded block', (text) => secret('stringData', `>\n${indented(text)}`, 'password')],
  [
    'a folded block that keeps its newlines',
    (text) => secret('stringData', `>+\n${indented(text)}\n`, 'password'),
  ],
  ['single quotes', (text) => secret('stringData', `'${text.replaceAll('\n', '\n    ')}'`, 'password')],
  ['double quotes', (text) => secret('stringData', JSON.stringify(text), 'password')],
  ['data', (text) => secret('data', Buffer.from(text).toString('base64'), 'password')],
  [
    'a literal block of data',
    (text) =>
      secret(
        'data',
        `|\n${indented(
          Buffer.from(text)
            .toString('base64')
            .replace(/(.{76})/g, '$1\n'),
        )}`,
        'password',
      ),
  ],
  [
    'a literal block after CRLF',
    (text) => secret('stringData', `|\n${indented(text)}`, 'password').replaceAll('\n', '\r\n'),
  ],
];

describe.each(holders)('JWE in %s', (_, hold) => {
  it('is found without a key, and opened in place in each of its forms', async () => {
    const keysFor = async () => [{ ref: 'k', name: undefined, bytes: Plaintext.fromText(pair.privatePem) }];
    for (const [form, token] of await forms()) {
      const text = hold(token);
      const manifest = ManifestText.read(text);
      const { groups, malformed } = registry.find(scan(text));
      expect(malformed, form).toEqual([]);
      expect(
        groups.map((group) => registry.byId(group.scheme).describe(group)),
        form,
      ).toEqual([expect.objectContaining({ algorithm: 'RSA-OAEP-256', recipient: header.kid, bytes: 16 })]);
      const found = registry.find(manifest.manifest).groups;
      const plan = await planDecrypt(manifest, found, keysFor, registry, { allowMoved: false });
      const after = scan(plan.text).documents.flatMap(({ objects }) =>
        objects.flatMap(({ entries }) => entries),
      );
      const opened = after.find(({ key }) => key === 'password');
      const value = opened?.map === 'data' ? Buffer.from(opened.text, 'base64').toString() : opened?.text;
      expect(value, form).toBe('hunter2');
      expect(plan.text.startsWith('# a comment'), form).toBe(true);
      expect(plan.text, form).toContain('first: PLACEHOLDER # stays');
      expect(plan.text, form).toContain('last: ""');
    }
  });
});

describe('JWE while it is typed or cut', () => {
  it('is looked at after every keystroke: it is sealed, damaged or nothing, and takes no time', async () => {
    const before = process.cpuUsage();
    for (const [form, token] of await forms()) {
      const text = secret('stringData', `|\n${indented(token)}`, 'password');
      const complete = text.indexOf('  last:');
      for (let end = 0; end <= text.length; end += end > text.indexOf('stringData') ? 7 : 40) {
        const { groups } = registry.find(scan(text.slice(0, end)));
        expect(groups.length === 0 || end > complete - 20, `${form} cut at ${end}`).toBe(true);
      }
      expect(registry.find(scan(text)).groups).toHaveLength(1);
    }
    expect(process.cpuUsage(before).user / 1_000_000).toBeLessThan(20);
  });
});
