import { describe, expect, it } from 'vitest';
import { isWorthReading } from '../../../src/audit/worth-reading.ts';
import { findingsOf, summaryOf } from './findings-of.ts';

const value = 'ENC[AES256_GCM,data:Tr7o,iv:1=,tag:2=,type:str]';
const block = `sops:\n  mac: ${value}\n  version: 3.13.3\n`;
const bytes = (text: string) => new TextEncoder().encode(text);

describe('flux/encrypted-metadata', () => {
  const everything = `apiVersion: ${value}\nkind: ${value}\nmetadata:\n  name: ${value}\nstringData:\n  a: ${value}\n${block}`;

  it('is an error at the first such value of a document, without what it is', () => {
    expect(findingsOf(everything)).toEqual([
      {
        rule: 'flux/encrypted-metadata',
        level: 'error',
        entry: 'apiVersion',
        object: undefined,
        message: expect.stringMatching(/^apiVersion is encrypted, where Flux must read/),
        at: value,
      },
    ]);
  });

  it.each([
    ['a name alone', `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${value}\n${block}`, 'metadata.name'],
    ['a quoted kind', `apiVersion: v1\nkind: "${value}"\n${block}`, 'kind'],
    ['JSON', `{"apiVersion":"v1","kind":"${value}","sops":{"mac":"${value}"}}`, 'kind'],
    ['the second document', `a: 1\n---\napiVersion: ${value}\nkind: ${value}\n${block}`, 'apiVersion'],
    ['CRLF', everything.replaceAll('\n', '\r\n'), 'apiVersion'],
  ])('is told of %s', (_, text, entry) => {
    expect(summaryOf(text)).toEqual([`error flux/encrypted-metadata ${entry}`]);
  });

  it.each([
    [
      'a Secret whose values alone are encrypted',
      `apiVersion: v1\nkind: Secret\nstringData:\n  name: ${value}\n${block}`,
    ],
    ['values that are no manifest', `name: ${value}\nmetadata:\n  name: ${value}\n${block}`],
    ['what SOPS did not write', `apiVersion: v1\nkind: ${value}\n`],
  ])('is not told of %s', (_, text) => {
    expect(summaryOf(text).filter((one) => one.includes('flux/'))).toEqual([]);
  });

  it('makes a file worth reading in which no other mark is left', () => {
    expect(isWorthReading(bytes(everything), 'a.yaml')).toBe(true);
    expect(isWorthReading(bytes(`{"kind" : "${value}"}`), 'a.json')).toBe(true);
  });
});

describe('flux/comment-rule', () => {
  const byComment = `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  a: ${value}\n${block}  encrypted_comment_regex: secret\n`;

  it('is told at the rule of a manifest, which Flux would apply as it stands', () => {
    expect(findingsOf(byComment)).toEqual([
      {
        rule: 'flux/comment-rule',
        level: 'warning',
        entry: 'sops.encrypted_comment_regex',
        object: expect.objectContaining({ kind: 'Secret', name: 'a' }),
        message: expect.stringMatching(/Flux sees no comments/),
        at: 'secret',
      },
    ]);
  });

  it.each([
    ['another rule', byComment.replace('encrypted_comment_regex', 'encrypted_regex')],
    ['values that are no manifest', byComment.replace(/^apiVersion.*\nkind.*\n/, '')],
    [
      'a value of that name',
      `apiVersion: v1\nkind: Secret\nmetadata: {name: encrypted_comment_regex}\nstringData:\n  a: ${value}\n${block}`,
    ],
  ])('is not told of %s', (_, text) => {
    expect(summaryOf(text).filter((one) => one.includes('comment-rule'))).toEqual([]);
  });
});

describe('flux/file-too-large', () => {
  const large = (unit: string, bytesOfUnit: number, limit: number) =>
    `# first\nkind: Secret\nstringData:\n  a: ${value}\n${block}#${unit.repeat(Math.ceil(limit / bytesOfUnit))}\n`;
  const limit = 5 * 1024 * 1024;

  it.each([
    ['of ASCII', 'x', 1],
    ['of letters that take three bytes', '好', 3],
  ])('is a warning at the first line of a file %s', (_, unit, bytesOfUnit) => {
    expect(findingsOf(large(unit, bytesOfUnit, limit))).toMatchObject([
      { rule: 'flux/file-too-large', level: 'warning', at: '# first', entry: undefined },
    ]);
    expect(summaryOf(large(unit, bytesOfUnit, limit - 2000))).toEqual([]);
  });

  it('is not told of a file that SOPS has nothing to do with', () => {
    expect(summaryOf(large('x', 1, limit).replaceAll('sops:', 'spos:'))).toEqual([]);
    expect(isWorthReading(bytes(large('x', 1, limit).replace('Secret', 'X')), 'a.yaml')).toBe(true);
  });

  it('is silenced by a comment', () => {
    const text = large('x', 1, limit).replace('# first', '# purser:ignore flux/file-too-large for helm');
    expect(summaryOf(text)).toEqual([]);
  });
});

describe('flux/cross-namespace-reference', () => {
  const object = (apiVersion: string, kind: string, spec: string, namespace = 'apps') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\n  namespace: ${namespace}\nspec:\n  ${spec}\n`;
  const other = '{kind: X, name: x, namespace: flux-system}';

  it.each([
    ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', `sourceRef: ${other}`, 'spec.sourceRef.namespace'],
    [
      'helm.toolkit.fluxcd.io/v2',
      'HelmRelease',
      `chart: {spec: {sourceRef: ${other}}}`,
      'spec.chart.spec.sourceRef.namespace',
    ],
    ['helm.toolkit.fluxcd.io/v2', 'HelmRelease', `chartRef: ${other}`, 'spec.chartRef.namespace'],
    [
      'image.toolkit.fluxcd.io/v1',
      'ImagePolicy',
      `imageRepositoryRef: ${other}`,
      'spec.imageRepositoryRef.namespace',
    ],
    [
      'image.toolkit.fluxcd.io/v1',
      'ImageUpdateAutomation',
      `sourceRef: ${other}`,
      'spec.sourceRef.namespace',
    ],
    [
      'notification.toolkit.fluxcd.io/v1beta3',
      'Alert',
      `eventSources: [${other}]`,
      'spec.eventSources[0].namespace',
    ],
    ['notification.toolkit.fluxcd.io/v1', 'Receiver', `resources: [${other}]`, 'spec.resources[0].namespace'],
    [
      'source.extensions.fluxcd.io/v1beta1',
      'ArtifactGenerator',
      `sources: [${other}]`,
      'spec.sources[0].namespace',
    ],
  ])('is an information for %s %s', (apiVersion, kind, spec, entry) => {
    const text = object(apiVersion, kind, spec);
    expect(findingsOf(text)).toEqual([
      {
        rule: 'flux/cross-namespace-reference',
        level: 'information',
        entry,
        object: { apiVersion, kind, namespace: 'apps', name: 'a' },
        message: expect.stringMatching(/ is flux-system, another namespace: /),
        at: 'flux-system',
      },
    ]);
    expect(isWorthReading(bytes(text), 'a.yaml')).toBe(true);
    expect(summaryOf(text.replaceAll('flux-system', 'apps'))).toEqual([]);
  });

  it.each([
    [
      'an object that states no namespace',
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', `sourceRef: ${other}`).replace(
        / {2}namespace: .*\n/,
        '',
      ),
    ],
    [
      'a namespace that is yet to be filled in',
      object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'sourceRef: {name: x, namespace: "${NS}"}'),
    ],
    [
      'what the option has no say in',
      object(
        'kustomize.toolkit.fluxcd.io/v1',
        'Kustomization',
        `dependsOn: [${other}]\n  targetNamespace: x`,
      ),
    ],
    [
      'a Kustomization of kustomize',
      object('kustomize.config.k8s.io/v1beta1', 'Kustomization', `sourceRef: ${other}`),
    ],
  ])('is not told of %s', (_, text) => {
    expect(summaryOf(text)).toEqual([]);
  });

  it('is told in a List, and silenced by a comment', () => {
    const one = object(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
      'sourceRef:\n    name: x\n    namespace: b',
    );
    const list = `kind: List\nitems:\n- ${one.trimEnd().replaceAll('\n', '\n  ')}\n`;
    expect(summaryOf(list)).toEqual(['information flux/cross-namespace-reference spec.sourceRef.namespace']);
    const silenced = one.replace(
      'namespace: b',
      'namespace: b # purser:ignore flux/cross-namespace-reference ours',
    );
    expect(summaryOf(silenced)).toEqual([]);
  });
});
