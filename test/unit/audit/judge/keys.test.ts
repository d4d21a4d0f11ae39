import { describe, expect, it } from 'vitest';
import { type KeyRole, keyEvidence, wordsOf } from '../../../../src/audit/judge/keys.ts';

const ROLES: readonly [string, KeyRole][] = [
  ['clientSecret', 'credential'],
  ['clientID', 'identifier'],
  ['APIKey', 'credential'],
  ['DBPassword', 'credential'],
  ['dbpassword', 'credential'],
  ['OAUTH_TOKEN', 'credential'],
  ['tls.key', 'credential'],
  ['tls.crt', 'certificate'],
  ['id_rsa.pub', 'certificate'],
  ['known_hosts', 'certificate'],
  ['AWS_ACCESS_KEY_ID', 'access-id'],
  ['accessKey', 'access-id'],
  ['AWS_SECRET_ACCESS_KEY', 'credential'],
  ['accessKeySecret', 'credential'],
  ['secret-id', 'secret-id'],
  ['JWT_PUBLIC_KEY', 'identifier'],
  ['recaptchaSiteKey', 'identifier'],
  ['passwordFile', 'reference'],
  ['existingSecret', 'reference'],
  ['secretName', 'public'],
  ['token-url', 'public'],
  ['ENABLE_TOKEN', 'leaning'],
  ['token_github', 'leaning'],
  ['password-admin', 'leaning'],
  ['password_sha256_hex', 'leaning'],
  ['password-md5', 'leaning'],
  ['sha256', 'identifier'],
  ['benutzer', 'public'],
  ['usuario', 'public'],
  ['Kennwort', 'credential'],
  ['contraseña', 'credential'],
  ['bucketnames', 'public'],
  ['key', 'weak'],
  ['some-key', 'weak'],
  ['monkey', 'none'],
  ['bypass', 'none'],
  ['keycloak', 'none'],
  ['', 'none'],
];

describe('evidence of key names', () => {
  it.each(ROLES)('%s says %s', (key, role) => {
    expect(keyEvidence(key).role).toBe(role);
  });

  it.each([
    ['AWS_ACCESS_KEY_ID', ['aws', 'access', 'key', 'id']],
    ['githubAppPrivateKey', ['github', 'app', 'private', 'key']],
    ['HTTPServerURL', ['http', 'server', 'url']],
    ['.dockerconfigjson', ['dockerconfigjson']],
    ['s3SK', ['s3', 'sk']],
  ])('reads %s as words', (key, words) => {
    expect(wordsOf(key)).toEqual(words);
  });
});
