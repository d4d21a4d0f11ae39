import { describe, expect, it } from 'vitest';
import { audit } from '../../../../src/audit/audit.ts';
import { isWorthReading } from '../../../../src/audit/worth-reading.ts';
import { scan } from '../../../../src/manifest/scan.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { describeVectors, vectorRows } from '../../../support/vectors.ts';

const registry = allSchemes();
const findings = (text: string) => audit(scan(text), registry).findings;
/** What is said, and of what in the text. */
const said = (text: string) =>
  findings(text).map(({ rule, message, span }) => [rule, message, text.slice(span.start, span.end)]);
const rules = (text: string) => findings(text).map(({ rule }) => rule);
const entry = 'spec.encryptionConfiguration';
const refused = (path: string, message: string, at: string) => [
  'kkp/invalid-encryption',
  `${path} of Cluster abc is refused by KKP: ${message}`,
  at,
];

function cluster(
  encryption: string,
  { features = '  features: {encryptionAtRest: true}\n', status = '' } = {},
) {
  const block = encryption.replace(/^(?=.)/gm, '    ');
  return `apiVersion: kubermatic.k8c.io/v1\nkind: Cluster\nmetadata:\n  name: abc\nspec:\n${features}  encryptionConfiguration:\n${block}${status}`;
}
const key = (lines: string) => `enabled: true\nresources: [secrets]\nsecretbox:\n  keys:\n  - ${lines}\n`;
const reference = 'secretRef: {name: s, key: k}';
const good = cluster(key(`name: a\n    ${reference}`));

describe('a KKP Cluster whose encryption', () => {
  it('is right is not told of', () => {
    expect(findings(good)).toEqual([]);
  });

  it('lacks the feature gate is refused', () => {
    const message = "cannot enable encryption configuration if feature gate 'encryptionAtRest' is not set";
    const text = good.replace('  features: {encryptionAtRest: true}\n', '');
    expect(said(text)).toEqual([refused(`${entry}.enabled`, message, 'true')]);
    expect(said(good.replace('Rest: true', 'Rest: false'))).toEqual([
      refused(`${entry}.enabled`, message, 'false'),
    ]);
  });

  it('names no provider is refused', () => {
    expect(said(cluster('enabled: true\nresources: [secrets]\n'))).toMatchObject([
      [
        'kkp/invalid-encryption',
        `${entry}.secretbox of Cluster abc is refused by KKP: exactly one encryption provider (secretbox, kms) needs to be configured`,
        'true',
      ],
    ]);
  });

  it.each([
    ['no name', `name: ""\n    ${reference}`, '[0].name', 'secretbox key name is required', '""'],
    ['neither value nor reference', 'name: a', '[0]', "either 'value' or 'secretRef' must be set", 'a'],
    ['an empty value', 'name: a\n    value: ""', '[0]', "either 'value' or 'secretRef' must be set", 'a'],
    [
      'both',
      `name: a\n    value: ${Buffer.alloc(32, 7).toString('base64')}\n    ${reference}`,
      '[0]',
      "'value' and 'secretRef' cannot be set at the same time",
      'secretRef',
    ],
  ])('has a key with %s is refused', (_, lines, path, message, at) => {
    const told = said(cluster(key(lines))).filter(([rule]) => rule === 'kkp/invalid-encryption');
    expect(told).toEqual([refused(`${entry}.secretbox.keys${path}`, message, at)]);
  });

  it.each(['resources: []', 'resources:', ''])('has no resources is refused: %j', (resources) => {
    const text = good.replace('resources: [secrets]', resources);
    expect(said(text)[0]?.[1]).toContain(
      '.resources of Cluster abc is refused by KKP: should have at least 1',
    );
  });

  it('is not enabled is refused by nobody, as long as it has resources', () => {
    expect(findings(cluster('enabled: false\nresources: [secrets]\n', { features: '' }))).toEqual([]);
  });

  it('names a key twice is told that KKP keeps the first', () => {
    const text = good.replace(
      reference,
      `${reference}\n      - name: a\n        secretRef: {name: t, key: k}`,
    );
    expect(rules(text)).toEqual(['kkp/reused-key-name']);
  });

  it('has failed is told that there is no way out', () => {
    const status = 'status: {encryption: {phase: Failed, activeKey: identity, encryptedResources: []}}\n';
    expect(rules(good + status)).toEqual(['kkp/failed']);
  });

  it('changes the resources while it is on is told what KKP says', () => {
    const status =
      'status: {encryption: {phase: Active, activeKey: secretbox/a, encryptedResources: [configmaps]}}\n';
    expect(said(good + status)).toMatchObject([['kkp/resources-changed', expect.any(String), '[secrets]']]);
    expect(rules(good + status.replace('configmaps', 'secrets'))).toEqual([]);
  });

  it('is switched off together with the feature gate is told what comes of it', () => {
    const off = good.replace('Rest: true', 'Rest: false').replace('enabled: true', 'enabled: false');
    expect(rules(off)).toEqual(['kkp/feature-switched-off']);
    expect(findings(off)[0]?.level).toBe('information');
  });

  it('stands in JSON, in a List or in a ClusterTemplate is judged too', () => {
    const object = {
      apiVersion: 'kubermatic.k8c.io/v1',
      kind: 'Cluster',
      spec: { encryptionConfiguration: { enabled: true, resources: ['secrets'] } },
    };
    const two = ['kkp/invalid-encryption', 'kkp/invalid-encryption'];
    expect(rules(JSON.stringify(object))).toEqual(two);
    expect(rules(JSON.stringify({ kind: 'List', items: [object] }, null, 2))).toEqual(two);
    expect(
      rules(good.replace('kind: Cluster', 'kind: ClusterTemplate').replace('Rest: true', 'Rest: no')),
    ).toEqual(['kkp/invalid-encryption']);
  });

  it('belongs to somebody else is none of KKP', () => {
    expect(findings(good.replace('kubermatic.k8c.io', 'cluster.x-k8s.io').replace('true', 'no'))).toEqual([]);
  });

  it('is filled in by a template is not judged, but for the keys that stand there', () => {
    const lines = (value: string) => `name: "{{ .Values.name }}"\n    ${value}`;
    expect(findings(cluster(key(lines(''))))).toEqual([]);
    expect(findings(cluster(key(lines('value: "{{ .Values.key }}"'))))).toEqual([]);
    expect(rules(cluster(key(lines('value: AAAA'))))).toEqual(['kkp/invalid-encryption']);
  });

  it('stands in a file is read by a scan', () => {
    expect(isWorthReading(Buffer.from(good), 'cluster.yaml')).toBe(true);
  });
});

interface KeyCase {
  readonly value: string;
  readonly error: string | null;
}

describeVectors("a key's value", 'kkp.json', () => {
  const rows = vectorRows<KeyCase>('kkp.json', (text) => JSON.parse(text).keyValidation.cases);
  it.each(rows.map((row, index) => [index, row] as const))('is judged as published (%d)', (_, row) => {
    const [told, ...others] = said(cluster(key(`name: a\n    value: ${row.value}`)));
    expect(others).toEqual([]);
    if (row.error === null) {
      // What KKP takes is a key in a repository.
      expect(told?.[0]).toBe('private-key-in-repo');
      return;
    }
    // Of the sample in KKP's documentation the vectors say why, not in which words.
    const message = row.error.startsWith("illegal base64 ('$')")
      ? `illegal base64 data at input byte ${row.value.indexOf('$')}`
      : row.error;
    expect(told).toEqual(refused(`${entry}.secretbox.keys[0].value`, message, row.value));
  });
});
