import { describe, expect, it } from 'vitest';
import { addSealedWith } from '../../../src/manifest/add-sealed-with.ts';
import { setItem } from '../../../src/manifest/sealed-secret-edit.ts';
import { sealedWith, sealedWithAfter } from '../../../src/manifest/sealed-with.ts';
import { edited, onlySealedSecret } from '../../support/sealed-secrets.ts';

const head = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\n';
const spec = 'spec: # sealed\n  encryptedData:\n    a: AgAA # a\n    b: "AgBB"\n';
const said = (fingerprints: string) =>
  `${head}metadata:\n  name: db\n  annotations:\n    purser.dev/sealed-with: ${fingerprints} # by\n${spec}`;

describe('what a SealedSecret says it was sealed with', () => {
  it.each([
    ['SHA256:x=', ['SHA256:x=']],
    ['SHA256:x= SHA256:y=', ['SHA256:x=', 'SHA256:y=']],
    ['""', undefined],
    ['', undefined],
  ])('is read of %j', (text, expected) => {
    expect(sealedWith(onlySealedSecret(said(text)))).toEqual(expected);
  });

  it.each([
    ['"SHA256:x="', 'a', 'SHA256:x= SHA256:new='],
    ['"SHA256:x= SHA256:new="', 'a', 'SHA256:x= SHA256:new='],
    ['SHA256:new=', 'c', 'SHA256:new='],
  ])('stays true: %j', (text, key, expected) => {
    const secret = onlySealedSecret(said(text));
    expect(sealedWithAfter(secret, key, 'SHA256:new=')).toBe(expected);
    const now = edited(said(text), setItem(said(text), secret, 'a', 'AgCC', expected));
    const written = text.startsWith('"') ? `"${expected}"` : expected;
    expect(now).toBe(said(written).replace('AgAA', 'AgCC'));
  });

  it('is one again when its only item is sealed anew', () => {
    const secret = onlySealedSecret(said('SHA256:x= SHA256:y=').replace('    b: "AgBB"\n', ''));
    expect(sealedWithAfter(secret, 'a', 'SHA256:new=')).toBe('SHA256:new=');
  });
});

describe('a SealedSecret that says nothing yet', () => {
  const added = (text: string) =>
    edited(text, addSealedWith(text, onlySealedSecret(text).span.start, 'SHA256:x='));

  it.each([
    [
      'metadata: # who\n  name: db # it\n',
      'metadata: # who\n  name: db # it\n  annotations:\n    purser.dev/sealed-with: SHA256:x=\n',
    ],
    [
      'metadata:\n  annotations: # of it\n    # one\n    b: c\n  name: db\n',
      'metadata:\n  annotations: # of it\n    # one\n    b: c\n    purser.dev/sealed-with: SHA256:x=\n  name: db\n',
    ],
  ])('says it in %j', (before, after) => {
    expect(added(`# above\n---\n${head}${before}${spec}---\nkind: x\n`)).toBe(
      `# above\n---\n${head}${after}${spec}---\nkind: x\n`,
    );
  });

  it('says it in JSON', () => {
    const object = { kind: 'SealedSecret', metadata: { name: 'db' }, spec: { encryptedData: { a: 'AgAA' } } };
    const now: unknown = JSON.parse(added(JSON.stringify(object)));
    const metadata = { name: 'db', annotations: { 'purser.dev/sealed-with': 'SHA256:x=' } };
    expect(now).toEqual({ ...object, metadata });
  });

  it('is left alone where it cannot be written safely', () => {
    expect(() => added(`${head}metadata: &m\n  name: db\n${spec}`)).toThrow(
      expect.objectContaining({ code: 'document.not-editable' }),
    );
  });
});
