import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/app/messages.ts';
import { shown } from '../../../src/app/sentence.ts';
import { type ErrorCode, type ErrorDetails, Failure } from '../../../src/core/errors.ts';

/** What a hostile file may bring into any detail: line breaks, terminal escapes, text that runs backwards. */
const hostile = 'a\n\u001b[31mb\u202e\u2066c\u2028d\u0085e\0f';

/** Each code once, with hostile text wherever a detail may hold text. A new code must be added here to compile. */
const everyCode: { readonly [C in ErrorCode]: ErrorDetails[C] } = {
  'ciphertext.malformed': { scheme: 'jwe', reason: hostile },
  'ciphertext.refused': { scheme: 'jwe', reason: hostile },
  'ciphertext.unsupported': { scheme: 'jwe', reason: hostile },
  'open.failed': { scheme: 'jwe' },
  'key.missing': { scheme: 'jwe', hint: hostile },
  'key.unusable': { ref: hostile, reason: hostile },
  'key.locked': { ref: hostile, given: false },
  'key.password-missing': { ref: hostile },
  'key.password-mistyped': { ref: hostile },
  'password.failed': { given: false },
  'key.not-found': { ref: hostile },
  'key.none-kept': {},
  'key.unreadable': { ref: hostile, reason: hostile },
  'key.outside-repo': { ref: hostile },
  'key.bad-reference': { ref: hostile, reason: hostile },
  'key.ambiguous': { name: hostile, kinds: hostile },
  'key.exists': { name: hostile },
  'key.untrusted': { ref: hostile, fingerprint: hostile },
  'key.in-git': { ref: hostile },
  'key.pin-mismatch': { ref: hostile, pinned: hostile, actual: hostile },
  'policy.invalid': { reason: hostile },
  'policy.none': {},
  'policy.scheme-unavailable': { scheme: 'sops', file: '.sops.yaml' },
  'file.unreadable': { reason: hostile },
  'file.too-large': { bytes: 52_428_800, limit: 16_777_216 },
  'file.not-text': { reason: hostile },
  'file.exists': {},
  'file.unwritable': { reason: hostile },
  'manifest.unparsable': { reason: hostile },
  'manifest.no-entries': {},
  'entry.alias': { line: 3 },
  'entry.duplicate': { line: 3 },
  'entry.not-scalar': {},
  'entry.tagged': { tag: hostile },
  'entry.not-base64': {},
  'entry.not-text': {},
  'value.not-text': { key: hostile },
  'entry.not-encrypted': {},
  'entry.not-found': { wanted: hostile },
  'entry.none-at-cursor': {},
  'entry.ambiguous': { wanted: hostile, candidates: [hostile, hostile] },
  'entry.in-document': { scheme: 'SOPS' },
  'entry.moved': { boundTo: hostile, standsAt: hostile },
  'edit.unverified': {},
  'document.changed': {},
  'document.not-editable': { reason: hostile },
  'document.unsaved': {},
  'document.inexact': { reason: hostile },
  'document.not-sealed': { scheme: 'SOPS' },
  'rotate.other-scheme': { sealed: 'SOPS', wanted: 'JWE' },
  'line.plaintext': {},
  'line.damaged': { reason: hostile },
  'line.ambiguous': { reason: hostile, todo: hostile },
  'sealing.unplaced': { missing: 'namespace' },
  'sealing.empty': {},
  'sealing.unconfirmed': { namespace: hostile, from: hostile },
  'sealing.moves': { part: 'name', stated: hostile, becomes: hostile, from: hostile, field: hostile },
  'sealing.ambiguous': { namespaces: [hostile, hostile] },
  'workspace.untrusted': {},
  'git.missing': {},
  'git.no-work-tree': {},
  'git.unknown-revision': { revision: hostile },
  'git.unrelated-revision': { revision: hostile },
  'git.failed': { reason: hostile },
  'hook.shared-folder': { folder: hostile },
  'hook.not-shell': {},
  'hook.no-folder': {},
  'kubeconfig.unreadable': { file: hostile, reason: hostile },
  'kubeconfig.not-clear': { source: hostile },
  'kubeconfig.ignored': { path: hostile },
  'kubeconfig.outside-workspace': {},
  'kubeconfig.no-folder': {},
  'cluster.unreachable': { server: hostile, reason: hostile },
  'cluster.certificate': { server: hostile, reason: hostile },
  'cluster.timeout': { server: hostile },
  'cluster.unauthorized': { server: hostile },
  'cluster.forbidden': { server: hostile, what: hostile },
  'cluster.not-found': { what: hostile },
  'cluster.conflict': { what: hostile },
  'cluster.redirected': { server: hostile, to: hostile },
  'cluster.bad-answer': { server: hostile, reason: hostile },
  'cluster.refused': { server: hostile, reason: hostile },
  'cluster.closed': {},
  'sealing.unreachable': { host: hostile, reason: hostile },
  'certificate.expired': { ref: hostile, on: hostile },
  'migration.failed': { name: hostile, reason: hostile },
  'migration.unanswered': { name: hostile, minutes: 1, hasBegun: false },
  'flux.suspended': { what: hostile },
  'flux.unanswered': { what: hostile, minutes: 15 },
  'live.too-large': { what: hostile, bytes: 6_291_456, limit: 5_242_880 },
  'kubeconfig.malformed': { reason: hostile },
  'stored.malformed': { provider: hostile, reason: hostile },
  'stored.unknown-provider': { provider: hostile },
  'stored.key-missing': { provider: hostile, keyName: hostile },
  'stored.not-opened': { provider: 'aesgcm', keyName: hostile, etcdKey: hostile },
  'stored.no-configuration': { provider: 'secretbox', keyName: hostile },
  'stored.absent': { etcdKey: hostile },
  'stored.several': { count: 2 },
  'stored.kms': { name: hostile, version: 'v2' },
  'snapshot.malformed': { reason: hostile },
  'snapshot.altered': {},
  'kkp.refused': { reason: 'it says another encryption', todo: 'apply it' },
  'rotation.refused': { reason: hostile },
  'configuration.unreadable': { reason: hostile },
  'configuration.keys-stay-clear': { by: hostile },
  'configuration.in-repository': {},
  'configuration.no-keys': {},
  'kubeconfig.no-context': { name: hostile },
  'kubeconfig.unsupported': { reason: hostile, todo: 'use another one' },
  'kubeconfig.file-refused': { field: hostile, reason: hostile },
  'kubeconfig.unchecked': { server: hostile },
  'exec.refused': { command: hostile, reason: hostile },
  'exec.failed': { command: hostile, reason: hostile },
  'key.unsupported': { service: 'AWS KMS', name: hostile },
  'gpg.missing': { key: hostile },
  'gpg.failed': { key: hostile, cause: 'cancelled' },
  'sops.unreadable': { reason: hostile },
  'sops.clear-value': {},
  'sops.mac-mismatch': { cause: 'values' },
  'sops.encrypted-already': {},
  'sops.unselected': {},
  'sops.no-rule': {},
  'sops.format': { format: hostile },
  'sops.key-command': { variable: hostile },
  'recipients.untrusted': { file: hostile, recipients: [hostile] },
  'sops.nothing-selected': { rule: hostile },
  usage: { reason: hostile },
};

const codes = Object.keys(everyCode) as ErrorCode[];
const sentence = (code: ErrorCode) =>
  sentenceOf(new Failure(code, everyCode[code], { entry: `data.${hostile}`, line: 1 }));

describe('the sentence for a failure', () => {
  it.each(codes)(
    '%s says what is wrong and what to do, on one line, with nothing that disguises it',
    (code) => {
      const text = sentence(code);
      expect(text).toMatch(/^data\.a.*: .+; .+$/);
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(text).not.toMatch(/undefined|null|\[object|NaN/);
      expect(text).not.toMatch(/\.$/);
    },
  );

  it('is another for each code', () => {
    expect(new Set(codes.map((code) => sentenceOf(new Failure(code, everyCode[code])))).size).toBe(
      codes.length,
    );
  });

  it('stays short, however much a file brings', () => {
    const long = 'x'.repeat(10_000);
    const failures = [
      new Failure('key.missing', { scheme: 'jwe', hint: long }),
      new Failure('entry.moved', { boundTo: long, standsAt: long }),
      new Failure('entry.tagged', { tag: long }),
      new Failure('entry.not-found', { wanted: long }),
      new Failure('entry.ambiguous', { wanted: 'a', candidates: Array(10_000).fill('Secret/a/b#data.c') }),
    ];
    for (const failure of failures) expect(sentenceOf(failure).length).toBeLessThan(600);
  });

  it('begins with the cluster it is about', () => {
    expect(sentenceOf(new Failure('cluster.closed', {}).at({ cluster: 'prod\u202e' }))).toBe(
      'prod\ufffd: this cluster is not open; open it in the Clusters view',
    );
  });

  it.each([
    ['jwe', 'none of the keys at hand'],
    ['sops', 'renamed by hand'],
    ['sealed-secrets', 'the name and namespace that stand here'],
  ])('says what a value of %s most likely does not open for', (scheme, words) => {
    expect(sentenceOf(new Failure('open.failed', { scheme }))).toContain(words);
  });

  it('leaves out the entry where there is none', () => {
    expect(sentenceOf(new Failure('file.exists', {}))).toBe(
      'it exists already; choose another name or remove it first',
    );
  });
});

describe('text from a file', () => {
  it('is shown without what could disguise it, and cut', () => {
    expect(shown('plain é 😀')).toBe('plain é 😀');
    expect(shown('a\u202eb')).toBe('a\ufffdb');
    expect(shown('x'.repeat(500))).toHaveLength(118);
  });
});
