import * as l10n from '@vscode/l10n';
import type { Located } from '../manifest/address.ts';
import { boundElsewhere } from '../schemes/binding.ts';
import type { Description } from '../schemes/scheme.ts';
import { Finding, type Matter, placeOf } from './finding.ts';

/** A ciphertext that says it was made for another Secret or another key than it stands at. */
export function movedCiphertext(located: Located, description: Description): Finding | undefined {
  const from = boundElsewhere(located, description.boundTo);
  return from === undefined
    ? undefined
    : new Finding(placeOf(located), 'moved-ciphertext', 'warning', sealedFor(from));
}

/** What is the matter with a ciphertext that was made for another place. */
export function sealedFor(from: string): Matter {
  return (place) => l10n.t('{0} was sealed for {1}', place, shortened(from));
}

const longest = 120;

/** A name that a ciphertext carries: anyone can have written it, at any length. */
export function shortened(name: string): string {
  return name.length > longest ? `${name.slice(0, longest)}…` : name;
}
