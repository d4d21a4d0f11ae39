import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Audited, audit } from '../../../src/audit/audit.ts';
import type { PolicyFacts } from '../../../src/audit/audited-file.ts';
import { rescan, scan } from '../../../src/manifest/scan.ts';
import { sopsByDefault } from '../../../src/policy/sops-rule.ts';
import { manifestText, runs } from '../../support/arbitraries.ts';
import { registry } from '../schemes/schemes.ts';

/** An Ed25519 key as PKCS#8 (RFC 8410 §7). */
const der = Buffer.from(`302e020100300506032b657004220420${'5a3c'.repeat(16)}`, 'hex');
const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----`;
const key = Buffer.from('0123456789abcdef0123456789abcdeF').toString('base64');
const lines = (text: string, pad: string) => text.replaceAll('\n', `\n${pad}`);

/** Documents that every kind of rule has something to say about. */
const documents: readonly string[] = [
  'kind: Secret\nmetadata: {name: main}\nstringData:\n  password: "hunter2"\n  token: s3cr3t-Xy9\n  note: \'${LATER}\'\n',
  'kind: Secret\ndata:\n  password: aHVudGVyMg==\n  token: Z0FBQUFBQmg=\n  tls.key: |\n    c2Vj\n    cmV0\n',
  `kind: Secret\n# ${lines(pem, '# ')}\nstringData:\n  users: "contexts"\n  a: "b" # purser:ignore plaintext-secret sample\n  tls.key: |\n    ${lines(pem, '    ')}\n`,
  'kind: Secret\nStringData:\n  password: hunter2\nstringData:\n  gone: gAAAAABh\n  patch: x\n',
  'apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  stringData: {password: hunter2, b: "c"}\n- kind: ConfigMap\n  data: {a: b}\n',
  'kind: ConfigMap\ndata:\n  manifest: |\n    kind: Secret\n    stringData:\n      password: hunter2\n',
  `kind: ConfigMap\ndata:\n  key: |\n    ${lines(pem, '    ')}\n`,
  'kind: Config\nclusters: []\nusers:\n- name: a\n  user:\n    token: s3cr3t-Xy9zq7\n',
  `kind: EncryptionConfiguration\nresources:\n- providers:\n  - aescbc:\n      keys:\n      - name: a\n        secret: ${key}\n`,
  'kind: Kustomization\nsecretGenerator:\n- name: a\n  literals:\n  - password=hunter2\n',
  'kind: Kustomization\npatches:\n- target: {kind: Secret}\n  patch: |\n    - op: add\n      path: /stringData/password\n      value: hunter2\n',
  'kind: SealedSecret\nspec:\n  template:\n    stringData:\n      password: hunter2\n  encryptedData: {a: AgB}\n',
  'kind: HelmRelease\nspec:\n  values:\n    password: hunter2\n    other: x\n',
];

const policies: readonly (PolicyFacts | undefined)[] = [
  undefined,
  { rule: { scheme: 'jwe', whole: false, openedBy: undefined }, recipients: new Set(['a']) },
  { rule: { scheme: 'sops', whole: false, openedBy: undefined }, recipients: undefined, sops: sopsByDefault },
];

const text = fc
  .array(fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...documents) }, manifestText), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join('---\n'));

const words = 'x Zq7 users KEY Secret purser:ignore #'.split(' ');
const typed = fc.constantFrom(
  '',
  '',
  ' ',
  '\n',
  '\n---\n',
  '"',
  ': ',
  '{{',
  ' r',
  '# purser:ignore plaintext-secret sample\n',
  ...words,
  ...documents,
);
const keystrokes = fc.array(fc.tuple(fc.nat(), typed, fc.nat({ max: 4 })), { minLength: 1, maxLength: 6 });

/** All that an audit says, with nothing left out that anybody goes by. */
function told({ findings, groups, judged, described }: Audited) {
  return {
    findings: findings.map(({ rule, level, message, span, place }) => [
      `${level} ${rule} ${span.start}-${span.end} ${message}`,
      place.object,
      place.entry,
      place.located,
    ]),
    groups,
    judged,
    described,
  };
}

describe('an audit after a change', () => {
  it('says what one from scratch says, whatever the file, its policy and the changes are', () => {
    const name = fc.constantFrom('a.yaml', 'values.yaml', 'kustomization.yaml', 'kubeconfig');
    fc.assert(
      fc.property(
        text,
        keystrokes,
        name,
        fc.constantFrom(...policies),
        (first, changes, fileName, policy) => {
          const file = { name: fileName, policy };
          let manifest = scan(first);
          let audited = audit(manifest, registry, file);
          for (const [where, what, gone] of changes) {
            const at = where % (manifest.text.length + 1);
            manifest = rescan(manifest, manifest.text.slice(0, at) + what + manifest.text.slice(at + gone));
            audited = audit(manifest, registry, file, audited);
            expect(told(audited)).toEqual(told(audit(scan(manifest.text), registry, file)));
          }
        },
      ),
      runs(150),
    );
  });

  it('says what one from scratch says when the policy has changed', () => {
    const manifest = scan(documents.join('---\n'));
    for (const policy of policies) {
      const before = audit(manifest, registry, { name: 'a.yaml', policy: undefined });
      const file = { name: 'a.yaml', policy };
      expect(told(audit(manifest, registry, file, before))).toEqual(told(audit(manifest, registry, file)));
    }
  });

  it('hears of a comment that silences a finding as soon as its last letter is typed', () => {
    const typing = `a: b\n---\nkind: Secret\nstringData:\n  password: hunter2 # purser:ignor plaintext-secret sample\n`;
    const before = scan(typing);
    const first = audit(before, registry);
    expect(first.findings.length).toBe(1);
    const done = typing.replace('ignor ', 'ignore ');
    expect(audit(rescan(before, done), registry, first.file, first).findings).toEqual([]);
  });

  it.each(documents.map((document) => [document]))('finds something to compare in %j', (document) => {
    expect(audit(scan(document), registry).findings).not.toEqual([]);
  });
});
