import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
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

describe('a value behind an alias', () => {
  const findings = (text: string) =>
    audit(scan(text), registry).findings.map(
      ({ level, place, span }) => `${level} ${place.entry} ${text.slice(span.start, span.end)}`,
    );

  it('is judged by its own key and the text it stands for', () => {
    expect(
      findings(
        'kind: Secret\nmetadata: {labels: {x: &pw hunter2abc1}}\nstringData:\n  password: *pw\n  enabled: *pw\n',
      )[0],
    ).toBe('error stringData.password *pw');
    expect(findings('kind: Secret\nstringData:\n  a: &x hunter2abc1\n  token: *x\n')).toEqual([
      'warning stringData.a hunter2abc1',
      'error stringData.token *x',
    ]);
    expect(findings('kind: Secret\nx: &x aHVudGVyMg==\ndata:\n  password: *x\n')).toEqual([
      'error data.password *x',
    ]);
  });

  it('is judged again when that text changes', () => {
    const text = 'kind: Secret\nx: &x ${LATER}\nstringData:\n  password: *x\n';
    const before = scan(text);
    const first = audit(before, registry);
    expect(first.findings).toEqual([]);
    const after = rescan(before, text.replace('${LATER}', 'hunter2'));
    expect(audit(after, registry, first.file, first).findings.length).toBe(1);
  });

  it('is no finding where it is a placeholder, or stands for no text', () => {
    expect(findings('kind: Secret\nx: &x ${LATER}\nstringData:\n  password: *x\n')).toEqual([]);
    expect(findings('kind: Secret\nx: &x [hunter2]\nstringData:\n  password: *x\n')).toEqual([]);
  });
});

it('is found in a map that is merged in where it stands', () => {
  const text = 'kind: Secret\nstringData:\n  <<: {password: hunter2}\n';
  expect(audit(scan(text), registry).findings.map(({ place }) => place.entry)).toEqual([
    'stringData.password',
  ]);
});
