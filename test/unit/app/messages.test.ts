import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sentenceOf, shown } from '../../../src/app/messages.ts';
import { type ErrorCode, type ErrorDetails, Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';

const rude = 'name\n\u202Ewith\u0007 tricks';

/** Details of every code, with hostile text where text comes from files. A code without a row does not compile. */
const details: { readonly [C in ErrorCode]: ErrorDetails[C] } = {
  'ciphertext.malformed': { scheme: 'jwe', reason: 'it is cut short' },
  'ciphertext.refused': { scheme: 'jwe', reason: 'its algorithm is none' },
  'open.failed': { scheme: 'fernet' },
  'key.missing': { scheme: 'jwe', hint: rude },
  'key.unusable': { ref: rude, reason: 'it is too short' },
  'key.not-found': { ref: rude },
  'key.unreadable': { ref: rude, reason: 'permission denied' },
  'key.outside-repo': { ref: rude },
  'key.bad-reference': { ref: rude, reason: 'it is empty' },
  'key.ambiguous': { name: rude, kinds: 'a.pem, a.jwk' },
  'key.exists': { name: rude },
  'key.untrusted': { ref: rude, fingerprint: 'SHA256:abc' },
  'key.pin-mismatch': { ref: rude, pinned: 'SHA256:a', actual: 'SHA256:b' },
  'policy.invalid': { reason: 'version must be 1' },
  'policy.none': {},
  'policy.scheme-unavailable': { scheme: 'sops', file: '.sops.yaml' },
  'file.unreadable': { reason: 'permission denied' },
  'file.too-large': { bytes: 50_000_000, limit: 16_777_216 },
  'file.not-text': { reason: 'it holds NUL bytes' },
  'file.exists': {},
  'file.unwritable': { reason: 'the disk is full' },
  'manifest.unparsable': { reason: 'Nested mappings are not allowed' },
  'manifest.no-entries': {},
  'entry.alias': { line: 3 },
  'entry.duplicate': { line: 3 },
  'entry.not-scalar': {},
  'entry.tagged': { tag: rude },
  'entry.not-base64': {},
  'entry.not-text': {},
  'entry.not-encrypted': {},
  'entry.not-found': { wanted: rude },
  'entry.ambiguous': { wanted: rude, candidates: [rude, 'b'] },
  'entry.moved': { boundTo: rude, standsAt: 'db/main#b' },
  'edit.unverified': {},
  'document.changed': {},
  'workspace.untrusted': {},
  usage: { reason: 'name a file' },
};

describe('a failure', () => {
  it.each(Object.keys(details) as ErrorCode[])(
    '%s is one plain sentence: what is wrong; what to do',
    (code) => {
      const failure = new Failure(code, details[code], { entry: `stringData.${rude}` });
      const sentence = sentenceOf(failure);
      expect(sentence).toMatch(/^[^;]+.*; .+[^.]$/);
      expect(sentence).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(sentence.length).toBeLessThan(700);
      expect(sentence).not.toContain('undefined');
    },
  );

  it('does not show what was to be kept secret, however it is printed', () => {
    const secret = Plaintext.fromText('correct-horse');
    for (const print of [
      String(secret),
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
      `${secret}`,
    ]) {
      expect(print).not.toContain('correct-horse');
      expect(print).not.toMatch(/99,\s*111/);
    }
  });

  it('keeps the first place it was told', () => {
    const failure = new Failure('edit.unverified', {}, { line: 3 }).at({ path: 'a.yaml', line: 9 });
    expect(failure.place).toEqual({ path: 'a.yaml', line: 3 });
  });
});

describe('text from a file in a message', () => {
  it('is short and cannot disguise itself', () => {
    expect(shown('a\u202Eb\nc')).toBe('a\ufffdb\ufffdc');
    expect(shown('x'.repeat(500)).length).toBeLessThan(130);
  });
});
