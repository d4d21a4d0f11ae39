import { CompactEncrypt, importSPKI } from 'jose';
import { expect, it } from 'vitest';
import { weaklySealed, weakSentence } from '../../../src/app/weak-sealing.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';
import { rsaPair, secretYaml } from '../../support/workspace.ts';

const { publicPem } = rsaPair();

async function sealed(alg: string): Promise<string> {
  const header = { alg, enc: 'A128GCM' };
  return new CompactEncrypt(Buffer.from('x'))
    .setProtectedHeader(header)
    .encrypt(await importSPKI(publicPem, alg));
}

it('finds what is sealed with SHA-1, and nothing else', async () => {
  const values = { old: await sealed('RSA-OAEP'), now: await sealed('RSA-OAEP-256'), clear: 'hunter2' };
  const registry = allSchemes();
  const { groups } = registry.find(scan(secretYaml('main', values)));
  const weak = weaklySealed(groups, registry);
  expect(weak.map(({ group, weakness }) => [group.envelopes[0]?.entry.key, weakness])).toEqual([
    ['old', 'RSA-OAEP (SHA-1)'],
  ]);
  expect(weakSentence('RSA-OAEP (SHA-1)')).toMatch(/; purser rotate seals it again$/);
});
