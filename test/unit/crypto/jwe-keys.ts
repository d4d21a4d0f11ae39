import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Failure } from '../../../src/core/errors.ts';
import { type JweKey, readJweKey } from '../../../src/crypto/jwe-key.ts';

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const x25519 = generateKeyPairSync('x25519');

/** openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=purser-test */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBgDCCASegAwIBAgIUH7sS6BrAa+iAIi7p/BoWrPMcUs0wCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLcHVyc2VyLXRlc3QwHhcNMjYxMTIxMTIxMTM1WhcNMjYxMTIy
MTIxMTM1WjAWMRQwEgYDVQQDDAtwdXJzZXItdGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABOD3YDsP7ABgb+SyecuXLI4OzBjriFqVAWHQCN5idGhK6fnZ9QiV
l5S8wLHrEZMB9EH6etrlUZj4H3WxmyWkdo6jUzBRMB0GA1UdDgQWBBQ40rxJj8+n
MbIx+yQi71XR5T8xyDAfBgNVHSMEGDAWgBQ40rxJj8+nMbIx+yQi71XR5T8xyDAP
BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIA/5v6tncI8DNKpDI2hT
WQZBhkNa7Yq1MBEsdyEvDTd7AiBOalVYowBtlhWxiQ6agE1tTtPsZQmCxwzyJiP+
R3KmtA==
-----END CERTIFICATE-----
`;

export function key(jwk: object): JweKey {
  return readJweKey(new TextEncoder().encode(JSON.stringify(jwk)), 'k');
}
export const jwk = (pair: typeof rsa, more: object = {}) => ({
  ...pair.privateKey.export({ format: 'jwk' }),
  ...more,
});
export const publicJwk = (pair: typeof rsa, more: object = {}) => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  ...more,
});
export const oct = (size: number, more: object = {}) => ({
  kty: 'oct',
  k: randomBytes(size).toString('base64url'),
  ...more,
});

export const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
export const bytes = (value: string) => new TextEncoder().encode(value);
export const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

export async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    (value) => (value === undefined ? 'not this key' : 'opened'),
    (error: unknown) => (error instanceof Failure ? error.code : `crashed: ${String(error)}`),
  );
}
