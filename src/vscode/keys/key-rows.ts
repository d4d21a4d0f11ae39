import { l10n } from 'vscode';
import type { KeyUse, UnknownRecipient } from '../../app/keys/key-uses.ts';
import type { KeyPlace, KnownKey } from '../../app/keys/known-key.ts';

/** A row of the *Keys* view. Its id is the same when it is made anew. */
export type KeyRow = { readonly id: string } & (
  | { readonly row: 'key'; readonly key: KnownKey; readonly uses: readonly KeyUse[] }
  | { readonly row: 'unknown'; readonly unknown: UnknownRecipient }
  | { readonly row: 'place'; readonly place: KeyPlace }
  | { readonly row: 'fingerprint'; readonly fingerprint: string }
  | { readonly row: 'use'; readonly use: KeyUse }
  | { readonly row: 'note'; readonly text: string }
);

/** A tree draws itself slowly with more below one row. */
const shownAtMost = 1000;

export function knownRow(key: KnownKey, uses: readonly KeyUse[]): KeyRow {
  return { row: 'key', id: key.id, key, uses };
}

export function unknownRow(unknown: UnknownRecipient): KeyRow {
  const { scheme, kind, recipient } = unknown;
  return { row: 'unknown', id: JSON.stringify(['unknown', scheme, kind, recipient]), unknown };
}

/** What is known of a key: where it is, how it is told from others, and what is sealed to it. */
export function rowsBelow(row: KeyRow): readonly KeyRow[] {
  if (row.row === 'unknown') return useRows(row.id, row.unknown.uses);
  if (row.row !== 'key') return [];
  const { places, fingerprint } = row.key;
  const below = (part: string) => `${row.id} ${part}`;
  return [
    ...places.map((place, index): KeyRow => ({ row: 'place', id: below(`place ${index}`), place })),
    ...(fingerprint === undefined
      ? []
      : [{ row: 'fingerprint', id: below('fingerprint'), fingerprint } as const]),
    ...useRows(row.id, row.uses),
  ];
}

function useRows(parent: string, uses: readonly KeyUse[]): readonly KeyRow[] {
  const rows = uses
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .slice(0, shownAtMost)
    .map((use): KeyRow => ({ row: 'use', id: `${parent} ${use.path}:${use.line}`, use }));
  const missing = uses.length - rows.length;
  return missing === 0 ? rows : [...rows, { row: 'note', id: `${parent} note`, text: moreFiles(missing) }];
}

function moreFiles(more: number): string {
  return more === 1 ? l10n.t('and 1 more file') : l10n.t('and {0} more files', more);
}
