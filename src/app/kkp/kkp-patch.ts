import type { KkpChange } from '../../manifest/kkp/kkp-change.ts';
import type { KkpEncryption } from './kkp-encryption.ts';

const root = '/spec/encryptionConfiguration';
const keysAt = `${root}/secretbox/keys`;

/**
 * A change as a JSON patch (RFC 6902) for `kubectl patch --type json --patch-file`, where no manifest can be edited. Each begins with
 * tests of what it relies on, and moves keys by their positions: a merge patch would have to repeat the whole list, with the keys that
 * stand in the Cluster in clear.
 */
export function kkpPatch(kkp: KkpEncryption, change: Exclude<KkpChange, { step: 'move-out' }>): string {
  const operations = operationsFor(kkp.spec?.keys.map(({ name }) => name) ?? [], change);
  return `[\n${operations.map((operation) => `  ${JSON.stringify(operation)}`).join(',\n')}\n]\n`;
}

function operationsFor(
  names: readonly string[],
  change: Exclude<KkpChange, { step: 'move-out' }>,
): readonly object[] {
  const tests = names.map((value, index) => ({ op: 'test', path: `${keysAt}/${index}/name`, value }));
  if (change.step === 'disable') {
    const path = `${root}/enabled`;
    return [
      { op: 'test', path, value: true },
      { op: 'replace', path, value: false },
    ];
  }
  if (change.step === 'add') {
    const { name, secret, key } = change.key;
    const value = { name, secretRef: { name: secret, key } };
    return [...tests, { op: 'add', path: `${keysAt}/1`, value }];
  }
  const path = `${keysAt}/${names.indexOf(change.key)}`;
  return change.step === 'remove'
    ? [...tests, { op: 'remove', path }]
    : [...tests, { op: 'move', from: path, path: `${keysAt}/0` }];
}
