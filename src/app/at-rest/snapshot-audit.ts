import { shownUtf8 } from '../../core/bytes.ts';
import { readStoredMark, type StoredKeyName, type StoredProvider } from '../../crypto/at-rest/stored-mark.ts';
import type { EtcdKeySpace, EtcdRevision } from '../../crypto/etcd/revisions.ts';
import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';
import { type StoredAt, storedAt } from './etcd-path.ts';
import { type Fate, SeenKeys } from './seen-keys.ts';

/**
 * How a value relates to what is stored now: it is that; a newer one replaced it; its object is deleted; or it cannot be told,
 * because the snapshot has more keys than are remembered. All but the first are removed when etcd compacts.
 */
export type ValueAge = 'current' | 'superseded' | 'deleted' | 'untold';

/** How many values of a resource one key wrote, by age. */
export interface StoredCount extends Readonly<Record<ValueAge, number>> {
  /** Undefined of what no API server stores under a resource, and of what found no row of its own any more. */
  readonly resource: GroupResource | undefined;
  readonly provider: StoredProvider;
  readonly keyName: string | undefined;
}

/** A value in plaintext, by its name. */
export interface PlaintextValue extends StoredAt {
  readonly revision: number;
  readonly age: ValueAge;
}

/** What an etcd snapshot holds. Names only. */
export interface SnapshotAudit {
  readonly values: number;
  readonly deletions: number;
  /** Records that are damaged. */
  readonly unreadable: number;
  readonly newestRevision: number;
  readonly compacted: number | undefined;
  readonly counts: readonly StoredCount[];
  /** Values in plaintext of the resources asked for, the newest first, current ones before others; at most `listedAtMost` of each. */
  readonly plaintext: readonly PlaintextValue[];
  /** How many more there are than are listed. */
  readonly unlisted: number;
}

export interface AuditSettings {
  /** Key names of an EncryptionConfiguration, in its order: they settle where a name with colons ends. */
  readonly names: readonly StoredKeyName[];
  /** Whether values of this resource should be encrypted, and are listed where they are not. */
  readonly shouldBeSealed: (resource: GroupResource) => boolean;
  /** Two random numbers of 32 bits. */
  readonly seeds: readonly [number, number];
}

export const listedAtMost = 1_000;
const rowsAtMost = 10_000;
/** After so many revisions others have their turn. */
const turn = 512;

type Count = { -readonly [K in keyof StoredCount]: StoredCount[K] };

/**
 * Looks through a key space, the newest revision first, in memory that does not grow with it. Yields how many revisions it has
 * seen, some five hundred at a time, so that whoever runs it can pause or stop.
 *
 * Throws Failure `snapshot.malformed`.
 */
export function* auditSnapshot(
  space: EtcdKeySpace,
  settings: AuditSettings,
): Generator<number, SnapshotAudit> {
  const tally = new Tally(settings);
  let seen = 0;
  for (const revision of space.revisions()) {
    if (revision.main === undefined) tally.unreadable++;
    else tally.add(revision);
    if (++seen % turn === 0) yield seen;
  }
  return tally.audit(space.compacted);
}

class Tally {
  readonly #settings: AuditSettings;
  readonly #keys: SeenKeys;
  readonly #rows = new Map<string, Count>();
  readonly #current: PlaintextValue[] = [];
  readonly #older: PlaintextValue[] = [];
  #values = 0;
  #deletions = 0;
  #inPlaintext = 0;
  #newest = 0;
  unreadable = 0;

  constructor(settings: AuditSettings) {
    this.#settings = settings;
    this.#keys = new SeenKeys(settings.seeds);
  }

  add(revision: EtcdRevision): void {
    this.#newest = Math.max(this.#newest, revision.main);
    const seen = this.#keys.firstFate(revision.key, revision.isDeletion ? 'deleted' : 'live');
    if (revision.isDeletion) {
      this.#deletions++;
      return;
    }
    this.#values++;
    const age = ageOf(seen);
    const at = storedAt(shownUtf8(revision.key));
    const { provider, keyName } = readStoredMark(revision.valueHead, this.#settings.names);
    this.#row(at, provider, keyName)[age]++;
    if (provider === 'identity' && at !== undefined && this.#settings.shouldBeSealed(at))
      this.#list({ ...at, revision: revision.main, age });
  }

  #row(at: StoredAt | undefined, provider: StoredProvider, keyName: string | undefined): Count {
    const id = `${at?.group}/${at?.resource}/${provider}/${keyName ?? ''}`;
    const found = this.#rows.get(id);
    if (found !== undefined) return found;
    const isFull = this.#rows.size >= rowsAtMost;
    const resource = at && { group: at.group, resource: at.resource };
    const empty = { current: 0, superseded: 0, deleted: 0, untold: 0 };
    const row = isFull
      ? (this.#rows.get(provider) ?? { resource: undefined, provider, keyName: undefined, ...empty })
      : { resource, provider, keyName, ...empty };
    this.#rows.set(isFull ? provider : id, row);
    return row;
  }

  #list(value: PlaintextValue): void {
    this.#inPlaintext++;
    const list = value.age === 'current' ? this.#current : this.#older;
    if (list.length < listedAtMost) list.push(value);
  }

  audit(compacted: number | undefined): SnapshotAudit {
    const plaintext = [...this.#current, ...this.#older];
    return {
      values: this.#values,
      deletions: this.#deletions,
      unreadable: this.unreadable,
      newestRevision: this.#newest,
      compacted,
      counts: [...this.#rows.values()],
      plaintext,
      unlisted: this.#inPlaintext - plaintext.length,
    };
  }
}

function ageOf(seen: { readonly fate: Fate; readonly isFirst: boolean } | undefined): ValueAge {
  if (seen === undefined) return 'untold';
  if (seen.fate === 'deleted') return 'deleted';
  return seen.isFirst ? 'current' : 'superseded';
}
