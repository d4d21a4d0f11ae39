import { describe, expect, it } from 'vitest';
import { findSetPlace } from '../../../src/app/set-place.ts';
import { Failure } from '../../../src/core/errors.ts';
import { entryName } from '../../../src/manifest/address.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { sealedSecretsScheme } from '../../../src/schemes/sealed-secrets/scheme.ts';
import { sopsScheme } from '../../../src/schemes/sops/scheme.ts';
import { secretYaml } from '../../support/workspace.ts';
import { manifestOf } from './planning.ts';

const registry = new SchemeRegistry([], [sealedSecretsScheme, sopsScheme]);
const token = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]';
const secret = secretYaml('main', { password: 'x' });
const sealed = (name: string) =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: ${name}, namespace: db}\nspec:\n  encryptedData:\n    password: Ag\n`;
const sops = `kind: Secret\nmetadata: {name: main, namespace: db}\nstringData:\n  password: ${token}\n  user: ann\nsops: {mac: "${token}", lastmodified: x}\n`;

/** Where a value would be set, in a few words; the code and candidates where that is refused. */
function place(text: string, spelled: string): string {
  const manifest = manifestOf(text);
  const { documents } = registry.findDocuments(manifest.manifest);
  try {
    const found = findSetPlace(manifest, documents, spelled);
    if (found.unit === 'value')
      return 'entry' in found.target
        ? `entry ${entryName(found.target.entry)}`
        : `new in ${found.target.kind}`;
    const { item, document } = found.target;
    return item === undefined ? `new in ${document.scheme}` : `item ${item.name}`;
  } catch (error) {
    if (Failure.is(error, 'entry.ambiguous')) return error.details.candidates.join(' or ');
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

const bothPasswords = 'SealedSecret/db/a#encryptedData.password or Secret/db/main#stringData.password';
const bothItems = 'SealedSecret/db/a#encryptedData.password or SealedSecret/db/b#encryptedData.password';

describe('where a value is set', () => {
  it.each([
    ['an entry of a Secret', secret, 'stringData.password', 'entry stringData.password'],
    ['a new entry of a Secret', secret, 'stringData.new', 'new in Secret'],
    ['an item of a SealedSecret', sealed('a'), 'encryptedData.password', 'item encryptedData.password'],
    [
      'the same as the Secret has it',
      sealed('a'),
      'Secret/db/a#data.password',
      'item encryptedData.password',
    ],
    ['a new item', sealed('a'), 'encryptedData.new', 'new in sealed-secrets'],
    ['a value of a SOPS file', sops, 'stringData.password', 'item stringData.password'],
    ['one that SOPS left in the clear', sops, 'stringData.user', 'new in sops'],
    ['a new one', sops, 'stringData.new', 'new in sops'],
    ['an entry beside a SealedSecret', `${secret}---\n${sealed('a')}`, 'stringData.password', bothPasswords],
    [
      'the same in full',
      `${secret}---\n${sealed('a')}`,
      'Secret/db/main#stringData.password',
      'entry stringData.password',
    ],
    [
      'an item beside a Secret',
      `${secret}---\n${sealed('a')}`,
      'encryptedData.password',
      'item encryptedData.password',
    ],
    ['two SealedSecrets', `${sealed('a')}---\n${sealed('b')}`, 'data.password', bothItems],
    ['nothing there', 'kind: ConfigMap\n', 'data.x', 'entry.not-found'],
    ['what is no entry', secret, 'password', 'usage'],
  ])('%s', (_, text, spelled, expected) => {
    expect(place(text, spelled)).toBe(expected);
  });

  it('may be in a SealedSecret or in a Secret, for one that is in neither yet', () => {
    expect(place(`${secret}---\n${sealed('a')}`, 'stringData.new')).toBe(
      'SealedSecret/db/a#stringData.new or Secret/db/main#stringData.new',
    );
  });
});
