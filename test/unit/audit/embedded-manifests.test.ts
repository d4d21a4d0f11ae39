import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { noFile } from '../../../src/audit/audited-file.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const found = (text: string) =>
  audit(scan(text), registry).findings.map(({ span, message }) => [
    text.slice(span.start, span.end),
    message.split(' is ')[0],
  ]);

const kustomization = `kind: Kustomization
patches:
  - patch: |-
      kind: Secret
      metadata:
        name: main

      stringData:
        user: app
        password: "s3cr3t-Xy9Zz" # nobody knows
`;

describe('a manifest inside another', () => {
  it('is looked into where it stands as a block of text', () => {
    expect(found(kustomization)).toEqual([['"s3cr3t-Xy9Zz"', 'stringData.password of Secret main']]);
  });

  it('is found at the same place with CRLF', () => {
    expect(found(kustomization.replaceAll('\n', '\r\n'))).toEqual([
      ['"s3cr3t-Xy9Zz"', 'stringData.password of Secret main'],
    ]);
  });

  it('is found when it moves', () => {
    const moved = `# a comment\n${kustomization}`;
    const first = scan(kustomization);
    const after = audit(rescan(first, moved), registry, noFile, audit(first, registry));
    expect(after.findings.map(({ span }) => moved.slice(span.start, span.end))).toEqual(['"s3cr3t-Xy9Zz"']);
  });

  it('is looked into where kubectl keeps what was applied', () => {
    const applied = JSON.stringify({ kind: 'Secret', stringData: { password: 's3cr3t-Xy9Zz' } });
    const note = (text: string) =>
      `kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: ${text}\n  name: a\n`;
    expect(found(note(`|\n      ${applied}`))).toEqual([['"s3cr3t-Xy9Zz"', 'stringData.password of Secret']]);
    expect(found(note(JSON.stringify(applied)))).toHaveLength(1);
    expect(found(note(`'${applied}'`))).toHaveLength(1);
  });

  it('is told once where its values have no place of their own', () => {
    const applied = JSON.stringify({ kind: 'Secret', stringData: { password: 'a-Xy9Zz', token: 'b-Xy9Zz' } });
    expect(found(`kind: List\nnote: '${applied}'\n`)).toHaveLength(1);
  });

  it.each([
    ['sealed', 'k8s:enc:secretbox:v1:k:AAAA'],
    ['a placeholder', '${PASSWORD}'],
    ['empty', ''],
  ])('is left alone where its value is %s', (_what, value) => {
    expect(found(kustomization.replace('s3cr3t-Xy9Zz', value))).toEqual([]);
  });

  it('is not told a second time where it is a value of a Secret', () => {
    const text = `kind: Secret\nstringData:\n  manifest.yaml: |\n    kind: Secret\n    stringData:\n      password: s3cr3t-Xy9Zz\n`;
    expect(found(text)).toHaveLength(1);
  });

  it('is not told a second time where it is a template', () => {
    const text =
      'kind: ExternalSecret\nspec:\n  target:\n    template:\n      data:\n        manifest: |\n          kind: Secret\n          stringData:\n            password: s3cr3t-Xy9Zz\n';
    expect(found(text)).toEqual([['s3cr3t-Xy9Zz', 'stringData.password of Secret']]);
  });

  it('is sealed like any Secret where it stands as YAML', () => {
    const text =
      'kind: Object\nspec:\n  forProvider:\n    manifest:\n      kind: Secret\n      metadata: {name: inner}\n      stringData:\n        password: s3cr3t-Xy9Zz\n';
    const [finding] = audit(scan(text), registry).findings;
    expect(finding?.place.located?.object.name).toBe('inner');
  });
});
