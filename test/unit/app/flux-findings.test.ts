import { describe, expect, it } from 'vitest';
import { fluxFindings } from '../../../src/app/flux-findings.ts';
import { fluxReport } from '../../../src/app/flux-report.ts';
import { lookThrough } from '../../../src/app/scan-file.ts';
import type { Severity } from '../../../src/policy/policy.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const value = 'ENC[AES256_GCM,data:Tr7o,iv:1=,tag:2=,type:str]';
const sealed = (name = 'db') =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\nstringData:\n  a: ${value}\nsops:\n  mac: ${value}\n`;
const flux = (path: string, more = '', source = 'GitRepository') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  path: ${path}\n  sourceRef:\n    kind: ${source}\n    name: flux-system\n${more}`;
const decryption = '  decryption:\n    provider: sops\n    secretRef:\n      name: sops-age\n';
const builds = (...resources: readonly string[]) =>
  `resources:\n${resources.map((one) => `- ${one}\n`).join('')}`;

type Tree = Readonly<Record<string, string>>;

function found(tree: Tree, severity: ReadonlyMap<string, Severity> = new Map()) {
  const reports = new Map(
    Object.entries(tree).map(([path, text]) => {
      const file = {
        name: path.slice(path.lastIndexOf('/') + 1),
        path: () => path,
        policy: undefined,
        severity,
      };
      const looked = lookThrough(file, new TextEncoder().encode(text), registry);
      return [path, { flux: fluxReport(looked, path, '/', { relative: (_root, one) => one }) }];
    }),
  );
  return [...fluxFindings(reports)].flatMap(([key, findings]) =>
    findings.map((finding) => ({ key, ...finding })),
  );
}

const summary = (tree: Tree) => found(tree).map(({ key, rule, level }) => `${key} ${level} ${rule}`);
const missing = ['c/apps.yaml warning flux/missing-decryption'];

describe('flux/missing-decryption', () => {
  it('is a warning at the kind of the Kustomization, which names a file', () => {
    expect(found({ 'c/apps.yaml': flux('./apps'), 'apps/db.yaml': sealed() })).toEqual([
      {
        key: 'c/apps.yaml',
        path: 'c/apps.yaml',
        rule: 'flux/missing-decryption',
        level: 'warning',
        range: { start: { line: 2, column: 7 }, end: { line: 2, column: 20 } },
        message:
          'Kustomization flux-system/apps applies apps/db.yaml, which SOPS encrypted, and has no spec.decryption: Flux will not apply it',
        object: {
          apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
          kind: 'Kustomization',
          namespace: 'flux-system',
          name: 'apps',
        },
        entry: undefined,
      },
    ]);
  });

  it.each<[string, Tree]>([
    ['below its folder', { 'apps/a/b/db.yaml': sealed() }],
    [
      'named by its kustomization',
      { 'apps/kustomization.yaml': builds('db.yaml'), 'apps/db.yaml': sealed() },
    ],
    [
      'in a folder that its kustomization names',
      { 'apps/kustomization.yaml': builds('./db/'), 'apps/db/x.yaml': sealed() },
    ],
    [
      'in a base',
      {
        'apps/kustomization.yaml': builds('../base'),
        'base/kustomization.yaml': builds('db.yaml'),
        'base/db.yaml': sealed(),
      },
    ],
    [
      'below its folder, in a folder with a kustomization',
      { 'apps/a/kustomization.yml': builds('db.yaml'), 'apps/a/db.yaml': sealed() },
    ],
  ])('is told of a file %s', (_, tree) => {
    expect(summary({ 'c/apps.yaml': flux('./apps'), ...tree })).toEqual(missing);
  });

  it.each<[string, Tree]>([
    ['nothing is encrypted', { 'apps/db.yaml': sealed().replace(/sops:[^]*/, '') }],
    ['the file is elsewhere', { 'apps2/db.yaml': sealed() }],
    [
      'the kustomization leaves it out',
      { 'apps/kustomization.yaml': builds('x.yaml'), 'apps/db.yaml': sealed() },
    ],
    [
      'a kustomization below leaves it out',
      { 'apps/a/kustomization.yaml': builds(), 'apps/a/db.yaml': sealed() },
    ],
    [
      'Flux is told to leave it',
      {
        'apps/db.yaml': sealed().replace(
          'stringData',
          '  annotations: {kustomize.toolkit.fluxcd.io/decrypt: disabled}\nstringData',
        ),
      },
    ],
    [
      'SOPS encrypted something else',
      { 'apps/db.yaml': sealed().replace('kind: Secret', 'kind: ConfigMap') },
    ],
    [
      'a kustomization leads out of the repository',
      { 'apps/kustomization.yaml': builds('../../x'), 'x/db.yaml': sealed() },
    ],
    [
      'kustomizations name each other',
      { 'apps/kustomization.yaml': builds('../b'), 'b/kustomization.yaml': builds('../apps') },
    ],
  ])('is not told where %s', (_, tree) => {
    expect(summary({ 'c/apps.yaml': flux('./apps'), ...tree })).toEqual([]);
  });

  it.each<[string, string]>([
    ['it decrypts', flux('./apps', decryption)],
    ['its path is yet to be filled in', flux('./apps/${env}')],
    ['its source is no repository', flux('./apps', '', 'OCIRepository')],
    ['its path leads out of the repository', flux('../apps')],
  ])('is not told where %s', (_, text) => {
    const tree = { 'apps/db.yaml': sealed(), 'secrets.yaml': sealed('sops-age') };
    expect(summary({ ...tree, 'c/apps.yaml': text })).toEqual([]);
  });

  it.each<[string, string, string]>([
    [
      'a patch of a kustomization',
      'c/kustomization.yaml',
      'patches:\n- patch: |\n    - op: add\n      path: /spec/decryption\n      value: {}\n',
    ],
    [
      'a patch of a Kustomization',
      'c/all.yaml',
      flux('./x', '  patches:\n  - patch: "spec: {decryption: {provider: sops}}"\n'),
    ],
    [
      'a file that is a patch',
      'c/patch.yaml',
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec:\n  decryption: {provider: sops}\n',
    ],
  ])('is not told where %s may add the decryption', (_, path, text) => {
    expect(summary({ 'c/apps.yaml': flux('./apps'), 'apps/db.yaml': sealed(), [path]: text })).toEqual([]);
  });

  it('is told of the whole repository only where the source is known to be this one', () => {
    const whole = { 'c/apps.yaml': flux('./'), 'apps/db.yaml': sealed() };
    expect(summary(whole)).toEqual([]);
    expect(summary({ ...whole, 'c/own.yaml': flux('./c') })).toEqual(missing);
  });

  it('is silenced by a comment and by policy, and takes the level that policy gives', () => {
    const tree = { 'c/apps.yaml': flux('./apps'), 'apps/db.yaml': sealed() };
    const silenced = tree['c/apps.yaml'].replace(
      'kind: K',
      '# purser:ignore flux/missing-decryption later\nkind: K',
    );
    expect(summary({ ...tree, 'c/apps.yaml': silenced })).toEqual([]);
    expect(found(tree, new Map([['flux/missing-decryption', 'off']]))).toEqual([]);
    expect(found(tree, new Map([['flux/missing-decryption', 'error']]))).toMatchObject([{ level: 'error' }]);
  });

  it('takes no longer than there are files', () => {
    const tree: Record<string, string> = { 'secrets.yaml': sealed('sops-age') };
    for (let at = 0; at < 2000; at++) {
      tree[`c/${at}.yaml`] = flux('./deep/0');
      tree[`deep/${at}/kustomization.yaml`] = builds(`../${at + 1}`, `../${at + 2}`);
    }
    const before = process.cpuUsage();
    expect(summary(tree)).toEqual([]);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });
});

describe('flux/unknown-decryption-secret', () => {
  const decrypting = { 'c/apps.yaml': flux('./apps', decryption) };

  it('is an information at the name', () => {
    expect(found(decrypting)).toMatchObject([
      {
        rule: 'flux/unknown-decryption-secret',
        level: 'information',
        range: { start: { line: 14, column: 13 }, end: { line: 14, column: 21 } },
        entry: 'spec.decryption.secretRef.name',
        message: expect.stringContaining(
          'of Kustomization flux-system/apps names a Secret that nothing in this repository makes',
        ),
      },
    ]);
  });

  it.each<[string, string, string]>([
    ['a Secret', 's.yaml', sealed('sops-age')],
    ['a SealedSecret', 's.yaml', 'kind: SealedSecret\nmetadata: {name: sops-age}\nspec: {}\n'],
    [
      'an ExternalSecret',
      's.yaml',
      'kind: ExternalSecret\nmetadata: {name: x}\nspec:\n  target: {name: sops-age}\n',
    ],
    [
      'a secret generator',
      'kustomization.yaml',
      'secretGenerator:\n- name: sops-age\n  files: [age.agekey]\n',
    ],
  ])('is not told where %s makes it', (_, path, text) => {
    expect(summary({ ...decrypting, [path]: text })).toEqual([]);
    expect(summary({ ...decrypting, [path]: text.replaceAll('sops-age', 'other') })).toHaveLength(1);
  });

  it('is not told of a name that is yet to be filled in, nor of a decryption without one', () => {
    expect(summary({ 'a.yaml': flux('./apps', decryption.replace('sops-age', '${NAME}')) })).toEqual([]);
    expect(summary({ 'a.yaml': flux('./apps', '  decryption: {provider: sops}\n') })).toEqual([]);
  });
});
