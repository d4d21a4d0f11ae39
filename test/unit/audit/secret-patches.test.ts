import { describe, expect, it } from 'vitest';
import { findingsOf, summaryOf } from './findings-of.ts';

const patched = (patch: string, target = '{kind: Secret, name: main, namespace: db}') =>
  `kind: Kustomization\npatches:\n- target: ${target}\n  patch: ${patch}\n`;
const replace = (path: string, value: string) =>
  `|-\n    - op: replace\n      path: ${path}\n      value: ${value}`;

describe('a patch of a Secret', () => {
  it('is found where it writes a credential', () => {
    expect(findingsOf(patched(replace('/stringData/password', 'hunter2')))).toEqual([
      {
        rule: 'plaintext-secret',
        level: 'error',
        entry: 'stringData.password',
        object: { apiVersion: 'v1', kind: 'Secret', namespace: 'db', name: 'main' },
        message: 'stringData.password of Secret db/main is not encrypted (the key name says password)',
        at: 'hunter2',
      },
    ]);
  });

  it.each([
    [
      'base64 under data',
      patched(replace('/data/password', 'aHVudGVyMg==')),
      'data.password',
      'aHVudGVyMg==',
    ],
    [
      'a key with a slash in it',
      patched(replace('/stringData/db~1password', 'hunter2')),
      'stringData.db/password',
      'hunter2',
    ],
    [
      'a whole map',
      patched(replace('/stringData', '{password: hunter2, username: app}')),
      'stringData.password',
      'hunter2',
    ],
    [
      'an inline list',
      'patchesJson6902:\n- target: {kind: Secret}\n  patch:\n  - op: add\n    path: /stringData/password\n    value: hunter2\n',
      'stringData.password',
      'hunter2',
    ],
    [
      'a patch of a release',
      'kind: HelmRelease\nspec:\n  postRenderers:\n  - kustomize:\n      patches:\n      - target: {kind: Secret}\n        patch: |\n          - {op: add, path: /stringData/password, value: hunter2}\n',
      'stringData.password',
      'hunter2',
    ],
    [
      'a merge patch whose kind is the target’s',
      patched('|-\n    kind: any\n    stringData:\n      password: hunter2'),
      'stringData.password',
      'hunter2',
    ],
    [
      'a target that is a pattern',
      patched(replace('/stringData/password', 'hunter2'), '{kind: ConfigMap|Secret}'),
      'stringData.password',
      'hunter2',
    ],
  ])('is found as %s', (_name, text, entry, at) => {
    expect(findingsOf(text)).toMatchObject([{ rule: 'plaintext-secret', level: 'error', entry, at }]);
  });

  it('is one finding where it is JSON on one line, and the certain one', () => {
    const operations = [
      { op: 'add', path: '/stringData/password', value: 'my-password' },
      { op: 'add', path: '/stringData/token', value: 'hunter2' },
    ];
    const patch = `'${JSON.stringify(operations)}'`;
    expect(findingsOf(patched(patch))).toMatchObject([
      { level: 'error', entry: 'stringData.token', at: patch },
    ]);
  });

  it.each([
    ['a removal', '|-\n    - op: remove\n      path: /data/password'],
    ['a placeholder', replace('/stringData/password', '${PASSWORD}')],
    ['another field', replace('/metadata/labels/token', 'hunter2')],
    ['something below a value', replace('/stringData/password/x', 'hunter2')],
    ['no pointer', replace('password', 'hunter2')],
    ['text that is no patch', '"password: hunter2"'],
  ])('says nothing of %s', (_name, patch) => {
    expect(summaryOf(patched(patch))).toEqual([]);
  });

  it('is no finding for another target', () => {
    expect(
      summaryOf(patched(replace('/data/password', 'hunter2'), '{kind: ConfigMap, name: Secret}')),
    ).toEqual([]);
  });

  it('finds a merge patch that calls itself a Secret once', () => {
    expect(summaryOf(patched('|-\n    kind: Secret\n    stringData:\n      password: hunter2'))).toEqual([
      'error plaintext-secret stringData.password',
    ]);
  });
});
