import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { registry } from '../schemes/schemes.ts';

const of = (text: string) => audit(scan(text), registry).findings;
const secret = (body: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: main, namespace: db}\n${body}`;

describe('a map of a Secret in capitals', () => {
  it('is a pitfall: nothing of it is used', () => {
    expect(of(secret('Data:\n  username: YWRtaW4=\n  host: ZGIuZXhhbXBsZS5jb20=\n'))).toMatchObject([
      {
        rule: 'value-pitfall',
        level: 'warning',
        message: 'Data of Secret db/main is not used: the API server spells it data',
      },
    ]);
  });

  it('hides no secret: its values can be read all the same', () => {
    const text = secret('StringData:\n  password: hunter2\n  username: admin\n');
    const found = of(text);
    expect(found).toMatchObject([
      {
        rule: 'plaintext-secret',
        level: 'error',
        message:
          'StringData.password of Secret db/main is not encrypted (the key name says password), and is not used: the API server spells StringData stringData',
      },
    ]);
    expect(text.slice(found[0]?.span.start, found[0]?.span.end)).toBe('hunter2');
    expect(of(secret('Data:\n  password: aHVudGVyMg==\n'))).toMatchObject([{ rule: 'plaintext-secret' }]);
  });

  it.each(['stringdata', 'DATA', 'STRINGDATA', 'Stringdata'])('is found when written %s', (spelt) => {
    expect(of(secret(`${spelt}: {username: YWRtaW4=}\n`))).toMatchObject([{ rule: 'value-pitfall' }]);
  });

  it('is found in a List, each map once, with the object it belongs to', () => {
    const item = (name: string) =>
      `- kind: Secret\n  metadata: {name: ${name}}\n  Data: {username: YWRtaW4=, port: NTQzMg==}\n`;
    expect(of(`kind: List\nitems:\n${item('a')}${item('b')}`).map(({ message }) => message)).toEqual([
      'Data of Secret a is not used: the API server spells it data',
      'Data of Secret b is not used: the API server spells it data',
    ]);
  });

  it.each([
    ['a ConfigMap', 'kind: ConfigMap\nData:\n  a: b\n---\nkind: Secret\n'],
    ['another API group', 'apiVersion: example.com/v1\nkind: Secret\nData:\n  username: admin\n'],
    ['the right spelling', secret('data:\n  username: YWRtaW4=\nstringData:\n  host: a.b\n')],
    ['a key of that name', secret('stringData:\n  Data: admin.example.com\n  DATABASE: a.b\n')],
    ['a map with nothing in it', secret('Data: {}\n')],
  ])('is not %s', (_, text) => {
    expect(of(text).filter(({ rule }) => rule !== 'plaintext-secret')).toEqual([]);
  });

  it('costs no time however many values there are', () => {
    const before = process.cpuUsage();
    const values = Array.from({ length: 20_000 }, (_, i) => `  user${i}: YWRtaW4=\n`).join('');
    expect(of(secret(`Data:\n${values}`)).length).toBeGreaterThan(0);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});
