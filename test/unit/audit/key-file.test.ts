import { describe, expect, it } from 'vitest';
import { auditKeyFile } from '../../../src/audit/key-file.ts';
import { harmlessKeyFiles, privateKeyFiles } from '../../support/keys.ts';

const key = `${Buffer.from(Array.from({ length: 32 }, (_, i) => 251 - i * 7)).toString('base64url')}=`;

describe('a key file', () => {
  it.each(Object.entries(privateKeyFiles))('with %s is told', (_, text) => {
    const findings = auditKeyFile(text, 'server.pem');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ rule: 'private-key-in-repo', level: 'error' });
    expect(findings[0]?.message).toMatch(/^an? .* stands here in clear$/);
  });

  it.each(Object.entries(harmlessKeyFiles))('with %s is not', (_, text) => {
    expect(auditKeyFile(text, 'server.pem')).toEqual([]);
  });

  it.each([
    ['dev.fernet', key],
    ['dev.secretbox', `${key}\n`],
    ['dev.fernet', '00ff'.repeat(16)],
    ['encryption.key', key.replaceAll('-', '+').replaceAll('_', '/')],
  ])('of 32 bytes is told by its name: %s', (name, text) => {
    expect(auditKeyFile(text, name)).toMatchObject([
      { span: { start: 0, end: text.trim().length }, message: 'a key of 32 bytes stands here in clear' },
    ]);
  });

  it.each([
    ['a name that says nothing', 'digest.pem', key],
    ['the other half', 'server_public.key', key],
    ['a placeholder', 'dev.fernet', '${ENCRYPTION_KEY}'],
    ['too few bytes', 'dev.fernet', key.slice(4)],
    ['a token', 'dev.fernet', `gAAAAABh${'x'.repeat(92)}`],
    ['nothing', 'dev.key', ''],
  ])('is none with %s', (_, name, text) => {
    expect(auditKeyFile(text, name)).toEqual([]);
  });

  it('of PuTTY is told unless it is under a passphrase', () => {
    const file = (encryption: string) =>
      `PuTTY-User-Key-File-2: ssh-rsa\r\nEncryption: ${encryption}\r\nComment: a\r\nPublic-Lines: 1\r\nAAAA\r\nPrivate-Lines: 1\r\n${'Qk9vMg1z'.repeat(8)}\r\n`;
    expect(auditKeyFile(file('none'), 'a.ppk')).toMatchObject([
      { message: 'a PuTTY private key stands here in clear' },
    ]);
    expect(auditKeyFile(file('aes256-cbc'), 'a.ppk')).toEqual([]);
  });

  it('of PuTTY is looked for in linear time', () => {
    const before = process.cpuUsage();
    auditKeyFile('PuTTY-User-Key-File-3: a Encryption: none '.repeat(20_000), 'a.ppk');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });

  it('of an environment tells where in it the key stands', () => {
    const pem = (privateKeyFiles['EC in PKCS#8'] ?? '').trim();
    const text = `PASSWORD=hunter2\nTLS_KEY="${pem}"\nB=c\n`;
    const start = text.indexOf('-----');
    expect(auditKeyFile(text, '.env')).toMatchObject([{ span: { start, end: start + pem.length } }]);
  });

  it('is silenced with a reason', () => {
    const text = `# purser:ignore private-key-in-repo a throwaway for tests\n${privateKeyFiles['RSA in PKCS#8']}`;
    expect(auditKeyFile(text, 'test.pem')).toEqual([]);
  });
});
