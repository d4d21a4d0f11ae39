import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { registry } from '../schemes/schemes.ts';

const of = (entries: string, map = 'stringData') =>
  audit(scan(`kind: Secret\nmetadata: {name: n, namespace: ns}\n${map}:\n${entries}`), registry).findings;

describe('plaintext-secret', () => {
  it('is an error for a credential in clear', () => {
    expect(of('  password: hunter2\n')).toMatchObject([
      {
        rule: 'plaintext-secret',
        level: 'error',
        message: expect.stringMatching(/^stringData\.password of Secret ns\/n is not encrypted \(.+\)$/),
      },
    ]);
    expect(of('  password: aHVudGVyMg==\n', 'data')).toMatchObject([{ level: 'error' }]);
  });

  it('is a warning where nothing speaks for or against it', () => {
    expect(of('  source-key: my-secret\n')).toMatchObject([
      { level: 'warning', message: expect.stringContaining('may be a secret and is not encrypted') },
    ]);
  });

  it.each([
    ['a placeholder', '  password: ${PASSWORD}\n'],
    ['a template', '  password: {{ .Values.password }}\n'],
    ['nothing', '  password:\n'],
    ['an empty string', '  password: ""\n'],
    ['null', '  password: ~\n'],
    ['a user name', '  username: admin\n'],
    ['an alias, whose value is judged where it stands', '  password: *x\n'],
    ['a collection', '  password: {a: b}\n'],
    ['a value of another tool', '  password: ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\n'],
  ])('says nothing of %s', (_, entries) => {
    expect(of(entries)).toEqual([]);
  });
});
