import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { liveYaml } from '../../../../src/cluster/flux/live-object.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { runs } from '../../../support/arbitraries.ts';

const server = 'prod.example:6443';
const base64 = (value: string) => Buffer.from(value).toString('base64');

describe('a live object', () => {
  it('reads as a manifest does', () => {
    const yaml = liveYaml(
      {
        status: { ready: true },
        spec: { b: 1, a: ['x', { z: 'no', y: '1.10' }] },
        metadata: { name: 'podinfo', namespace: 'apps', managedFields: [{ manager: 'kubectl' }] },
        data: { text: 'one\ntwo\n' },
        kind: 'Widget',
        apiVersion: 'example.org/v1',
      },
      server,
    );
    expect(
      yaml,
    ).toBe(`# Widget apps/podinfo as it is at prod.example:6443; read-only, and values of Secrets are not shown.

apiVersion: example.org/v1
kind: Widget
metadata:
  name: podinfo
  namespace: apps
spec:
  a:
  - x
  - "y": "1.10"
    z: "no"
  b: 1
data:
  text: |
    one
    two
status:
  ready: true
`);
  });

  it('shows of the values of a Secret nothing but their size', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'db',
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVudGVyMg=="}}',
          note: 'kept',
        },
      },
      data: { password: base64('hunter2'), one: base64('x'), odd: 7, 'tls.key': base64('k'.repeat(32)) },
      stringData: { user: 'hunter2ü' },
      type: 'Opaque',
    };
    const yaml = liveYaml(secret, server);
    expect(parse(yaml)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', annotations: { note: 'kept' } },
      data: { password: '•••• (7 bytes)', one: '•••• (1 byte)', odd: '••••', 'tls.key': '•••• (32 bytes)' },
      stringData: { user: '•••• (9 bytes)' },
      type: 'Opaque',
    });
  });

  it('shows none wherever a Secret stands', () => {
    const data = { password: base64('hunter2') };
    const places = [
      { kind: 'List', items: [{ kind: 'Secret', data }] },
      { kind: 'SecretList', items: [{ metadata: { name: 'a' }, data }] },
      {
        kind: 'ResourceSet',
        spec: { resources: [{ kind: 'secret', data }, [{ kind: ' SECRET', Data: data }]] },
      },
      { kind: 'Secret', data: base64('hunter2') },
      { kind: 'Secret', data: [base64('hunter2')] },
      { kind: 'Secret', data: { nested: { password: base64('hunter2') } }, stringData: { a: ['hunter2'] } },
    ];
    for (const place of places) {
      const yaml = liveYaml(place, server);
      expect(yaml).toContain('••••');
      expect(yaml).not.toMatch(/hunter2|aHVudGVyM/);
    }
    expect(liveYaml({ kind: 'ConfigMap', data: { a: 'shown' } }, server)).toContain('a: shown');
  });

  it('shows none in what tools note about a Secret', () => {
    const value = base64('hunter2-hunter2');
    const annotations = {
      'example.org/last-applied': JSON.stringify({ data: { password: value } }),
      'example.org/yaml': `kind: Secret\ndata:\n  password: ${value}\n`,
      'example.org/clear': 'the password is hunter2-hunter2',
      'example.org/short': 'kept',
    };
    const secret = { kind: 'Secret', metadata: { annotations }, data: { password: value, short: 'a2U=' } };
    for (const object of [secret, { kind: 'List', items: [secret] }]) {
      const yaml = liveYaml(object, server);
      expect(yaml).not.toMatch(/hunter2|aHVudGVyM/);
      expect(yaml).toContain('example.org/short: kept');
    }
    const inClear = { ...secret, data: {}, stringData: { password: 'hunter2-hunter2' } };
    expect(liveYaml(inClear, server)).not.toMatch(/is hunter2/);
  });

  it('never shows a value of a Secret, whatever is around it', () => {
    const around = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('secret', 'Secret').map((kind) => ({ kind, data: { k: base64('hunter2') } })),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('items', 'spec', 'metadata', 'data', 'a'), tie('node'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(around.node, (node) => {
        expect(liveYaml({ kind: 'List', items: [node] }, server)).not.toContain(base64('hunter2'));
      }),
      runs(200),
    );
  });

  it('makes visible what does not show', () => {
    const yaml = liveYaml(
      {
        kind: 'ConfigMap',
        metadata: { name: 'a\u202eb\n# c' },
        data: {
          'k\u200b': '\u001b[31mred\u0007',
          lines: 'a\nb\u2066\n',
          tag: '\u{e0041}',
          half: '\ud800',
          fine: 'ä 🙂',
        },
      },
      server,
    );
    expect(yaml).not.toMatch(/(?![\n])[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(yaml).toContain(String.raw`a\u202eb`);
    expect(yaml.split('\n')[0]).toMatch(/^# ConfigMap a\\u202eb # c as it is at/);
    expect(yaml).toContain('fine: ä 🙂');
    expect(parse(yaml).data).toMatchObject({
      'k\u200b': '\u001b[31mred\u0007',
      lines: 'a\nb\u2066\n',
      tag: '\u{e0041}',
    });
  });

  it('is the same text for the same object', () => {
    const a = { kind: 'A', spec: { x: 1, y: 2 }, extra: 1, other: 2 };
    const b = { other: 2, extra: 1, spec: { y: 2, x: 1 }, kind: 'A' };
    expect(liveYaml(a, server)).toBe(liveYaml(b, server));
  });

  it('that is too large is a failure, and one nested without end is cut', () => {
    const large = { kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: 'y'.repeat(6 << 20) } };
    expect(() => liveYaml(large, server)).toThrow(
      expect.toSatisfy(
        (error) => Failure.is(error, 'live.too-large') && error.details.what === 'ConfigMap a',
      ),
    );
    const deep = JSON.parse(`{"spec":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(liveYaml(deep, server).length).toBeLessThan(20_000);
  });

  it('is YAML that reads back, of anything', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 }), (object) => {
        expect(() => parse(liveYaml(object, server))).not.toThrow();
      }),
      runs(300),
    );
  });
});
