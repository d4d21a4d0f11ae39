import { expect, it } from 'vitest';
import { tlsKeysIn } from '../../../src/manifest/tls-keys.ts';

const keys = (text: string) => tlsKeysIn(text).map((plaintext) => plaintext.exposeText());

it('finds the tls.key of every Secret, and of nothing else', () => {
  const secret = (value: string) => `kind: Secret\ndata:\n  tls.crt: eg==\n  tls.key: ${value}\n`;
  expect(keys(`${secret('eA==')}---\n${secret('eQ==')}`)).toEqual(['x', 'y']);
  expect(keys('kind: List\nitems:\n- kind: Secret\n  stringData: {tls.key: z}\n- kind: Service\n')).toEqual([
    'z',
  ]);
  expect(keys(secret('eA==').replace('Secret', 'ConfigMap'))).toEqual([]);
  expect(keys('')).toEqual([]);
});

it('says which value is no base64', () => {
  expect(() => keys('kind: Secret\ndata:\n  tls.key: hunter2!\n')).toThrow(
    expect.objectContaining({ code: 'entry.not-base64' }),
  );
});
