import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { findObject, mayHoldObject, writtenObjects } from '../../../../src/app/clusters/find-manifest.ts';

const apps = {
  group: 'kustomize.toolkit.fluxcd.io',
  kind: 'Kustomization',
  namespace: 'flux-system',
  name: 'apps',
};

function manifest(namespace: string | undefined, version = 'v1', name = 'apps'): string {
  return `apiVersion: kustomize.toolkit.fluxcd.io/${version}
kind: Kustomization
metadata:
  name: ${name}
${namespace === undefined ? '' : `  namespace: ${namespace}\n`}spec:
  sourceRef: {kind: GitRepository, name: apps}
`;
}

const lineOf = (text: string, offset: number) => text.slice(0, offset).split('\n').length;

describe('findObject', () => {
  it('points to the name of the object, whatever version it is written in', () => {
    const text = `${manifest('other')}---\n# the one\n${manifest('flux-system', 'v1beta2')}`;
    const [match, ...others] = findObject(text, apps);
    expect(others).toEqual([]);
    expect(match?.certain).toBe(true);
    expect(lineOf(text, match?.at.start ?? 0)).toBe(13);
    expect(text.slice(match?.at.start, match?.at.end)).toBe('apps');
  });

  it('takes a manifest without a namespace for one that may be meant', () => {
    expect(findObject(manifest(undefined), apps)).toMatchObject([{ certain: false }]);
    expect(findObject(manifest(undefined), { ...apps, namespace: undefined })).toMatchObject([
      { certain: true },
    ]);
  });

  it.each([
    ['another kind', { kind: 'HelmRelease' }],
    [
      'the same kind of another group: kustomize.config.k8s.io is no Flux',
      { group: 'kustomize.config.k8s.io' },
    ],
    ['the core group', { group: '' }],
    ['another name', { name: 'app' }],
    ['another namespace', { namespace: 'tenant' }],
    ['no namespace at all', { namespace: undefined }],
  ])('leaves alone what is %s', (_, other) => {
    expect(findObject(manifest('flux-system'), { ...apps, ...other })).toEqual([]);
  });

  it('is not misled by references, which have a kind and a name too', () => {
    const source = { ...apps, group: 'source.toolkit.fluxcd.io', kind: 'GitRepository' };
    expect(findObject(manifest('flux-system'), source)).toEqual([]);
  });

  it('looks into lists, JSON and broken files', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${manifest('flux-system').replaceAll('\n', '\n  ')}`;
    const json = JSON.stringify({
      items: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'apps' } }],
    });
    const broken = `${manifest('flux-system')}{{- if .Values.more }}\n  oops: [\n`;
    expect(findObject(list, apps)).toHaveLength(1);
    expect(
      findObject(json, { group: '', kind: 'Namespace', namespace: undefined, name: 'apps' }),
    ).toHaveLength(1);
    expect(findObject(broken, apps)).toHaveLength(1);
  });

  it('finds whatever object a YAML or JSON file states, where it states it', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    const kind = fc.stringMatching(/^[A-Z][A-Za-z]{2,20}$/);
    const object = fc.record({
      group: fc.constantFrom('', 'apps', 'helm.toolkit.fluxcd.io'),
      kind,
      name: word,
    });
    fc.assert(
      fc.property(object, fc.option(word, { nil: undefined }), fc.boolean(), (wanted, namespace, json) => {
        const apiVersion = wanted.group === '' ? 'v1' : `${wanted.group}/v1`;
        const { kind, name } = wanted;
        const value = { metadata: { labels: { name: 'x' }, name, namespace }, kind, apiVersion };
        const text = json ? JSON.stringify(value) : stringify(value);
        const matches = findObject(`---\n${text}`, { ...wanted, namespace });
        expect(matches).toMatchObject([{ certain: true }]);
        expect(`---\n${text}`.slice(matches[0]?.at.start, matches[0]?.at.end)).toContain(name);
        expect(mayHoldObject(new TextEncoder().encode(text), wanted)).toBe(true);
      }),
    );
  });

  it('takes no time for a file that was made to be slow', () => {
    const kinds = Array.from({ length: 40_000 }, () => 'kind: Kustomization\nmetadata: {name: apps}').join(
      '\n',
    );
    const nested = `${'{"kind":"Kustomization","metadata":{"name":"apps"},"a":'.repeat(4000)}0`;
    const before = process.cpuUsage();
    findObject(kinds, apps);
    findObject(nested, apps);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

describe('mayHoldObject', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it('tells files apart by the bytes of the name', () => {
    expect(mayHoldObject(bytes('metadata: {name: apps}'), apps)).toBe(true);
    expect(mayHoldObject(bytes('metadata: {name: infra}'), apps)).toBe(false);
  });

  it('does not pass over files in UTF-16', () => {
    expect(mayHoldObject(Uint8Array.from([0xff, 0xfe, 0x61, 0]), apps)).toBe(true);
  });
});

describe('writtenObjects', () => {
  it('reads the documents that may be about it only', () => {
    const text = `${manifest('a')}---\n${manifest('b')}`;
    const found = writtenObjects(text, new Set(['Kustomization']), (document) =>
      document.includes('namespace: b'),
    );
    expect(found.map(({ namespace }) => namespace)).toEqual(['b']);
    expect(lineOf(text, found[0]?.start ?? 0)).toBe(9);
  });

  it('leaves out what does not say what it is', () => {
    const anonymous =
      'kind: Kustomization\nmetadata: {name: apps}\n---\nkind: Kustomization\napiVersion: x/v1\n';
    expect(writtenObjects(anonymous, new Set(['Kustomization']), () => true)).toEqual([]);
  });
});
