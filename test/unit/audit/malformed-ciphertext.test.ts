import { beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { tokenValue } from '../../../src/manifest/secret.ts';
import { registry, schemeCases } from '../schemes/schemes.ts';

const of = (value: string, map: 'data' | 'stringData' = 'stringData') =>
  audit(scan(`kind: Secret\n${map}:\n  a: "${value}"\n`), registry).findings.filter(
    ({ rule }) => rule !== 'no-cluster-opener',
  );

describe.each(schemeCases)('malformed-ciphertext, $title', ({ scheme, seals }) => {
  let token = '';
  beforeAll(async () => {
    token = (await (await scheme.load()).token?.seal(Plaintext.fromText('hunter2-canary'), seals)) ?? '';
  });

  it('is no finding for a whole one', () => {
    for (const map of ['data', 'stringData'] as const) expect(of(tokenValue(map, token), map)).toEqual([]);
  });

  it.each([
    ['a cut end', (text: string) => text.slice(0, -7)],
    ['a foreign character', (text: string) => `${text.slice(0, -9)}!${text.slice(-8)}`],
    ['text after it', (text: string) => `${text} hunter2`],
  ])('is an error for %s, in stringData and in data', (_, damage) => {
    for (const map of ['data', 'stringData'] as const) {
      const [finding, ...others] = of(tokenValue(map, damage(token)), map);
      expect(finding).toMatchObject({ rule: 'malformed-ciphertext', level: 'error' });
      expect(finding?.message).toMatch(
        new RegExp(`^${map}\\.a of Secret looks like ${scheme.id} but is not: .+$`),
      );
      expect(finding?.message).not.toContain('hunter2');
      expect(others).toEqual([]);
    }
  });
});
