import { base64, type Case, data, noise, pem, raw, string, token } from './case.ts';

const E = 'encrypted';
const sops = 'ENC[AES256_GCM,data:Yk3v,iv:q7Tn,tag:8kQm,type:str]';
const b64url = (length: number, seed: number) => Buffer.from(noise(length, seed)).toString('base64url');
const jweHeader = Buffer.from('{"alg":"RSA-OAEP-256","enc":"A128CBC-HS256"}').toString('base64url');
const compactJwe = [jweHeader, b64url(256, 1), b64url(16, 2), b64url(32, 3), b64url(16, 4)].join('.');
const flattenedJwe = JSON.stringify(
  {
    protected: jweHeader,
    encrypted_key: b64url(256, 1),
    iv: b64url(16, 2),
    ciphertext: b64url(32, 3),
    tag: b64url(16, 4),
  },
  null,
  1,
);
const generalJwe = JSON.stringify({
  protected: jweHeader,
  recipients: [{ encrypted_key: b64url(256, 1) }, { encrypted_key: b64url(256, 5) }],
  iv: b64url(16, 2),
  ciphertext: b64url(32, 3),
  tag: b64url(16, 4),
});
const fernet = Buffer.from([0x80, 0, 0, 0, 0, 0x65, 1, 2, 3, ...noise(64)]).toString('base64url') + '==';
const secretbox = `k8s:enc:secretbox:v1:dev:${base64(noise(60))}`;
const sopsYaml = `password: ${sops}\nsops:\n    age: []\n    lastmodified: "2024-01-01T00:00:00Z"\n    mac: ${sops}\n    version: 3.9.0\n`;
const sopsJson = `{"data": "${sops}", "sops": {"mac": "${sops}", "version": "3.9.0"}}`;
const sealedItem = base64(new Uint8Array([2, 0, ...noise(512 + 40)]));
const ageArmor = `-----BEGIN AGE ENCRYPTED FILE-----\n${base64(noise(200))}\n-----END AGE ENCRYPTED FILE-----\n`;

/** Stands in for the schemes' own recogniser: the shapes of jwe, fernet and secretbox, nothing else. */
export function isOurs(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.startsWith('k8s:enc:secretbox:v1:') || trimmed.startsWith('gAAAA')) return true;
  if (trimmed.startsWith('{')) return trimmed.includes('"encrypted_key"') && trimmed.includes('"ciphertext"');
  return trimmed.startsWith('eyJ') && trimmed.split('.').length === 5;
}

export const sealed: readonly Case[] = [
  string(E, 'password', compactJwe, 'compact JWE'),
  data(E, 'password', compactJwe, 'compact JWE in data'),
  string(E, 'password', flattenedJwe, 'flattened JWE'),
  string(E, 'password', `     ${flattenedJwe}\n`, 'indented flattened JWE'),
  string(E, 'password', generalJwe, 'general JWE'),
  data(E, 'password', generalJwe, 'general JWE in data'),
  string(E, 'token', fernet, 'fernet'),
  data(E, 'token', fernet, 'fernet in data'),
  raw(E, 'token', fernet, 'fernet in data, not encoded again'),
  string(E, 'token', secretbox, 'secretbox'),
  data(E, 'token', secretbox, 'secretbox in data'),
  string(E, 'token', `k8s:enc:aescbc:v1:key1:${token(40)}`, 'another provider of the API server'),
  string(E, 'token', `k8s:enc:kms:v2:kms:${token(40)}`, 'kms of the API server'),
  string(E, 'password', sops, 'SOPS'),
  raw(E, 'password', sops, 'SOPS in data'),
  string(E, 'username', sops, 'SOPS under a public name'),
  string(E, 'password', 'ENC[AES256_GCM,data:,iv:q7Tn,tag:8kQm,type:str]', 'SOPS of nothing'),
  data(E, 'values.yaml', sopsYaml, 'SOPS document in data'),
  string(E, 'values.yaml', sopsYaml, 'SOPS document in stringData'),
  data(E, 'secret.json', sopsJson, 'SOPS JSON'),
  string(E, 'secret.env', `PASSWORD=${sops}\nsops_mac=${sops}\nsops_version=3.9.0\n`, 'SOPS dotenv'),
  string(E, 'secret.ini', `[db]\npassword = ${sops}\n\n[sops]\nmac = ${sops}\n`, 'SOPS ini'),
  string(E, 'password', ageArmor, 'age armor'),
  data(E, 'password', ageArmor, 'age armor in data'),
  data(
    E,
    'file.age',
    Buffer.concat([Buffer.from('age-encryption.org/v1\n-> X25519 abc\n'), noise(80)]),
    'binary age',
  ),
  string(E, 'secret.asc', pem('PGP MESSAGE'), 'PGP message'),
  data(
    E,
    'secret.gpg',
    new Uint8Array([0x85, 2, 0x0c, 3, ...noise(8), 1, 0x0f, ...noise(500)]),
    'binary PGP',
  ),
  data(E, 'secret.gpg', new Uint8Array([0x8c, 0x0d, 4, 9, 3, 2, ...noise(200)]), 'binary PGP, passphrase'),
  string(E, 'password', sealedItem, 'SealedSecret item'),
  raw(E, 'password', sealedItem, 'SealedSecret item in data'),
  string(E, 'vault.yml', `$ANSIBLE_VAULT;1.1;AES256\n${'61'.repeat(40)}\n`, 'ansible-vault'),
  data(E, 'password', `$ANSIBLE_VAULT;1.2;AES256;dev\n${'61'.repeat(40)}\n`, 'ansible-vault in data'),
  data(E, 'file', Buffer.concat([Buffer.from('\0GITCRYPT\0'), noise(60)]), 'git-crypt'),
  string(E, 'password', `vault:v1:${base64(noise(40))}`, 'Vault transit'),
  data(E, 'password', `vault:v12:${base64(noise(40))}`, 'Vault transit in data'),
  string(E, 'password', `ENC[PKCS7,${base64(noise(300))}]`, 'hiera-eyaml'),
  string(E, 'spring.datasource.password', `{cipher}${token(64)}`, 'Spring Cloud Config'),
  string(E, 'password', `ENC(${base64(noise(32))})`, 'jasypt'),
  data(E, 'blob', Buffer.concat([Buffer.from('Salted__'), noise(40)]), 'openssl enc'),
  string(E, 'blob', base64(Buffer.concat([Buffer.from('Salted__'), noise(40)])), 'openssl enc -a'),
  data(E, 'password', base64(compactJwe), 'JWE in double base64'),
];
