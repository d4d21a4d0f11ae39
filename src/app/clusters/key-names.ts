import * as l10n from '@vscode/l10n';
import { shown } from '../sentence.ts';
import type { HeldKey } from './decryption.ts';
import { shortName } from './why-file.ts';

/** What keys a cluster has, as sentences call them. */
export function holdings(keys: readonly HeldKey[]): string {
  const names = keys.flatMap((key): readonly string[] => {
    if (key.kind === 'age') return key.recipients.map(shortName);
    if (key.kind === 'pgp')
      return [key.fingerprints[0] === undefined ? l10n.t('a PGP key') : `PGP ${key.fingerprints[0]}`];
    return key.kind === 'service' ? [l10n.t('credentials ({0})', shown(key.name))] : [];
  });
  return listed([...new Set(names)]);
}

/** As many names as a sentence can bear. */
export function listed(names: readonly string[]): string {
  const most = 4;
  if (names.length === 0) return l10n.t('no key');
  if (names.length > most)
    return l10n.t('{0} and {1} others', names.slice(0, most - 1).join(', '), names.length - most + 1);
  const [last = '', ...before] = names.toReversed();
  return before.length === 0 ? last : l10n.t('{0} and {1}', before.toReversed().join(', '), last);
}
