import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/errors.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import type { KkpChange } from '../../../../src/manifest/kkp/kkp-change.ts';
import { kkpEdit } from '../../../../src/manifest/kkp/rotation-edit.ts';

const manifest = `# the shop
apiVersion: kubermatic.k8c.io/v1
kind: Cluster
metadata:
  name: abc
spec:
  features:
    encryptionAtRest: true
  encryptionConfiguration:
    enabled: true # since May
    resources: [secrets]
    secretbox:
      keys:
      # the old one
      - name: "2025-04"
        secretRef:
          name: encryption-key-cluster-abc
          key: "2025-04"
  version: 1.33.1
`;
const added = { name: '2026-11', secret: 'encryption-key-cluster-abc-2026-11', key: 'key' };
const done = (text: string, change: KkpChange, name = 'abc') =>
  applyEdits(text, [kkpEdit(text, name, change)]);
const failure = (text: string, change: KkpChange, name = 'abc') => {
  try {
    kkpEdit(text, name, change);
    return undefined;
  } catch (error) {
    return (error as Failure).code;
  }
};

const two = manifest.replace(
  '  version: 1.33.1',
  `      - name: 2026-11
        secretRef:
          name: encryption-key-cluster-abc-2026-11
          key: key
  version: 1.33.1`,
);

describe('the edit of a step', () => {
  it('puts a new key second, and nothing else changes', () => {
    expect(done(manifest, { step: 'add', key: added })).toBe(two.replace('name: 2026-11', 'name: "2026-11"'));
  });

  it('moves a key to the front with its comments, and back', () => {
    const swapped = done(two, { step: 'swap', key: '2026-11' });
    expect(swapped.indexOf('2026-11')).toBeLessThan(swapped.indexOf('# the old one'));
    expect(swapped).toHaveLength(two.length);
    expect(done(swapped, { step: 'swap', key: '2025-04' })).toBe(two);
  });

  it('removes a key with its comments', () => {
    expect(done(two, { step: 'remove', key: '2026-11' })).toBe(manifest);
    const swapped = done(two, { step: 'swap', key: '2026-11' });
    const removed = done(swapped, { step: 'remove', key: '2025-04' });
    expect(removed).not.toContain('old one');
    expect(removed).toContain('since May');
  });

  it('switches off with one word, the feature gate as it was', () => {
    expect(done(manifest, { step: 'disable' })).toBe(manifest.replace('enabled: true #', 'enabled: false #'));
  });

  it.each<readonly [string, KkpChange]>([
    ['adds no key whose name is there', { step: 'add', key: { ...added, name: '2025-04' } }],
    ['moves no key that is first', { step: 'swap', key: '2025-04' }],
    ['removes no key that is first', { step: 'remove', key: '2025-04' }],
    ['removes no key that is not there', { step: 'remove', key: 'other' }],
  ])('%s', (_, change) => {
    expect(failure(two, change)).toBe('document.changed');
  });

  it('works in JSON', () => {
    const json = JSON.stringify(
      {
        apiVersion: 'kubermatic.k8c.io/v1',
        kind: 'Cluster',
        metadata: { name: 'abc' },
        spec: {
          encryptionConfiguration: {
            enabled: true,
            resources: ['secrets'],
            secretbox: { keys: [{ name: 'a', value: 'AAAA' }] },
          },
        },
      },
      null,
      2,
    );
    const keysOf = (text: string) => JSON.parse(text).spec.encryptionConfiguration.secretbox.keys;
    const both = done(json, { step: 'add', key: added });
    const reference = { name: added.name, secretRef: { name: added.secret, key: 'key' } };
    expect(keysOf(both)).toEqual([{ name: 'a', value: 'AAAA' }, reference]);
    expect(keysOf(done(both, { step: 'swap', key: added.name }))[0]).toEqual(reference);
    expect(JSON.parse(done(json, { step: 'disable' })).spec.encryptionConfiguration.enabled).toBe(false);
    const moved = done(json, { step: 'move-out', keys: [{ name: 'a', secret: 's', key: 'a' }] });
    expect(keysOf(moved)).toEqual([{ name: 'a', secretRef: { name: 's', key: 'a' } }]);
  });

  it('finds the Cluster among others, by its name', () => {
    const other = manifest.replace('name: abc', 'name: other');
    const text = `${other}---\n${manifest}`;
    expect(done(text, { step: 'disable' })).toBe(`${other}---\n${done(manifest, { step: 'disable' })}`);
    expect(failure(text, { step: 'disable' }, 'third')).toBe('document.changed');
    expect(failure(`${manifest}---\n${manifest}`, { step: 'disable' })).toBe('document.not-editable');
  });

  it('keeps line ends', () => {
    const windows = manifest.replaceAll('\n', '\r\n');
    expect(done(windows, { step: 'add', key: added })).toBe(
      done(manifest, { step: 'add', key: added }).replaceAll('\n', '\r\n'),
    );
  });

  it('refuses what is no YAML, and what keys are shared in by an alias', () => {
    expect(failure(`${manifest}  - ]\n`, { step: 'disable' })).toBe('manifest.unparsable');
    const aliased = two.replace('resources:', 'secretbox2: &k {keys: []}\n    resources:');
    const shared = aliased.replace(/secretbox:\n[^]*?version/, 'secretbox: *k\n  version');
    expect(failure(shared, { step: 'swap', key: 'a' })).toBeDefined();
  });
});

describe('keys that stand in the Cluster itself', () => {
  const value = Buffer.alloc(32, 9).toString('base64');
  const inline = manifest.replace(/secretRef:\n[^]*?key: .*\n/, `value: ${value} # clear\n`);

  it('are referred to under the same names, without a value left', () => {
    const keys = [{ name: '2025-04', secret: 'encryption-key-cluster-abc', key: '2025-04' }];
    const moved = done(inline, { step: 'move-out', keys });
    expect(moved).toBe(
      inline.replace(`value: ${value}`, 'secretRef: {name: encryption-key-cluster-abc, key: "2025-04"}'),
    );
  });

  it('are not left without a reference', () => {
    expect(failure(inline, { step: 'move-out', keys: [] })).toBe('document.changed');
  });

  it('are in no failure', () => {
    let thrown: unknown;
    try {
      kkpEdit(inline, 'abc', { step: 'move-out', keys: [] });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Failure);
    expect(inspect(thrown, { depth: 10 })).not.toContain(value);
  });
});
