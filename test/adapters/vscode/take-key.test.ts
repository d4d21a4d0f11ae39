import { createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeKey } from '../../../src/vscode/keys/take-key.ts';
import { describeTls } from '../../support/certificates.ts';
import { Editor } from '../../support/editor.ts';
import { answers, messages } from '../../support/fake-vscode.ts';
import { rsaPair } from '../../support/workspace.ts';

const pair = rsaPair();
const key = createPublicKey(pair.publicPem);
const jwk = key.export({ format: 'jwk' });
let editor: Editor;
beforeEach(() => (editor = new Editor()));
afterEach(() => editor.close());

const drop = (content: string | Uint8Array) => {
  const data = async () => (typeof content === 'string' ? new TextEncoder().encode(content) : content);
  return takeKey({ name: 'dropped', uri: undefined, data } as never, editor.services);
};

it.each([
  ['PEM', pair.publicPem],
  ['a JSON Web Key', JSON.stringify(jwk)],
  ['a set of them', JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', use: 'sig' }, jwk] })],
  ['DER', key.export({ type: 'spki', format: 'der' })],
])('takes a public key that is dropped as %s for the repository', async (_, content) => {
  answers.push('prod', '**', 'Add Key');
  await drop(content);
  expect(editor.folder.text('.purser/keys/prod.pub.pem')).toBe(pair.publicPem);
  expect(messages.join('\n')).toContain('.purser.yaml pins it');
});

it.each([
  ['a private JSON Web Key', JSON.stringify({ kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') })],
  ['one that leaves its password out', JSON.stringify({ kty: 'oct', alg: 'PBES2-HS256+A128KW' })],
])('imports %s', async (_, content) => {
  answers.push('own', 'In the key folder');
  await drop(content);
  expect(editor.folder.text('keys/own.jwk')).toBe(content);
});

it('says what is wrong with a public key that cannot encrypt', async () => {
  const misfit = JSON.stringify({ ...jwk, use: 'sig' });
  await expect(drop(misfit)).rejects.toMatchObject({
    code: 'key.unusable',
    details: { reason: 'it is for signatures ("use"), not for encryption' },
  });
});

describeTls('a certificate that is dropped', (make) => {
  it('goes into the repository for what the person says', async () => {
    answers.push('JWE', 'prod', '**', 'Add Key');
    await drop(make({ name: 'prod.example', rsaBits: 2048 }).cert);
    expect(editor.folder.text('.purser/keys/prod.pub.pem')).toContain('-----BEGIN PUBLIC KEY-----');
  });
});
