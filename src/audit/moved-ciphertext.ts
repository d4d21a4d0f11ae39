import * as l10n from '@vscode/l10n';
import type { Located } from '../manifest/address.ts';
import { boundElsewhere } from '../schemes/binding.ts';
import type { Description } from '../schemes/scheme.ts';
import { Finding, type Matter, placeOf } from './finding.ts';

/** A ciphertext that says it was made for another Secret or another key than it stands at. */
export function movedCiphertext(located: Located, description: Description): Finding | undefined {
  const from = boundElsewhere(located, description.boundTo);
  if (from === undefined) return undefined;
  const matter: Matter = (place) => l10n.t('{0} was sealed for {1}', place, shortened(from));
  return new Finding(placeOf(located), 'moved-ciphertext', 'warning', matter);
}

const longest = 120;

/** A name that a ciphertext carries: anyone can have written it, at any length. */
export function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}
