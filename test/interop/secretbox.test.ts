import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  generateSecretboxKey,
  openSecretbox,
  readSecretboxKey,
  sealSecretbox,
} from '../../src/crypto/secretbox.ts';
import { payloads } from '../support/payloads.ts';
import { describePeer } from '../support/peers.ts';

const script = fileURLToPath(new URL('secretbox.py', import.meta.url));
const prefix = 'k8s:enc:secretbox:v1:dev:';
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describePeer("secretbox and libsodium's SecretBox in Python", 'pynacl', (run) => {
  const text = generateSecretboxKey();
  const key = readSecretboxKey(new TextEncoder().encode(text), 'k', 'dev');
  const ask = (what: 'seal' | 'open', values: string[]): string[] =>
    JSON.parse(run([script], JSON.stringify({ do: what, key: text, values })).toString());

  it('Python opens what Purser seals', () => {
    const sealed = payloads.map((bytes) => sealSecretbox(bytes, key).slice(prefix.length));
    expect(ask('open', sealed)).toEqual(payloads.map(base64));
  });

  it('Purser opens what Python seals', () => {
    const sealed = ask('seal', payloads.map(base64));
    const opened = sealed.map((value) => base64(openSecretbox(prefix + value, key) ?? Buffer.from('none')));
    expect(opened).toEqual(payloads.map(base64));
  });
});
