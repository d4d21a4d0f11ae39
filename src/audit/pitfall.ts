import * as l10n from '@vscode/l10n';
import { entryName } from '../manifest/address.ts';
import type { Entry } from '../manifest/manifest.ts';
import type { Matter } from './finding.ts';

/** What is wrong with a value however secret it is, in words. */
export interface Pitfall {
  readonly alone: Matter;
  /** To go on with after another sentence about the same value. */
  readonly also: (sentence: string) => string;
}

export const newline: Pitfall = {
  alone: (place) => l10n.t('{0} ends with a newline, which the workload gets too', place),
  also: (sentence) => l10n.t('{0}, and ends with a newline, which the workload gets too', sentence),
};

export const notBase64: Pitfall = {
  alone: (place) => l10n.t('{0} is not base64, as data must be: the API server refuses it', place),
  also: (sentence) => l10n.t('{0}, and is not base64, as data must be: the API server refuses it', sentence),
};

export const twice: Pitfall = {
  alone: (place) => l10n.t('{0} is base64 twice: the workload gets base64', place),
  also: (sentence) => l10n.t('{0}, and is base64 twice: the workload gets base64', sentence),
};

export const rawToken: Pitfall = {
  alone: (place) => l10n.t('{0} is a ciphertext as it stands, where data must hold its base64', place),
  also: (sentence) =>
    l10n.t('{0}, and is a ciphertext as it stands, where data must hold its base64', sentence),
};

export const encodedToken: Pitfall = {
  alone: (place) => l10n.t('{0} is base64 of a ciphertext, which stringData must hold as it stands', place),
  also: (sentence) =>
    l10n.t('{0}, and is base64 of a ciphertext, which stringData must hold as it stands', sentence),
};

/** Of an entry of `data` that never reaches the cluster. */
export function neverUsed({ key }: Entry): Pitfall {
  const winner = () => entryName({ map: 'stringData', key });
  return {
    alone: (place) => l10n.t('{0} is never used: {1} stands beside it, and wins', place, winner()),
    also: (sentence) => l10n.t('{0}, and is never used: {1} stands beside it, and wins', sentence, winner()),
  };
}

/** Both of two. */
export function bothPitfalls(first: Pitfall, second: Pitfall): Pitfall {
  return {
    alone: (place) => second.also(first.alone(place)),
    also: (sentence) => second.also(first.also(sentence)),
  };
}

/** A sentence, and what else is wrong with the same value: nobody can see it once the value is sealed. */
export function withPitfall(matter: Matter, pitfall: Pitfall | undefined): Matter {
  return pitfall === undefined ? matter : (place) => pitfall.also(matter(place));
}
