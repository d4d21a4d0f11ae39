import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import type { AppliedWay, FiledChange } from './applied-ways.ts';

/** Where what a file holds ends up. */
export interface SealingPlaces {
  /**
   * Every way in which its repository applies a file: kustomizations that build it, Kustomizations of Flux that apply those.
   * @param path absolute
   * @param root the repository's folder, absolute
   */
  waysTo(path: string, root: string): Promise<readonly AppliedWay[]>;
  /**
   * Whether the person says that this is the namespace, for a Secret that states none.
   * @param from the file that says so, from the repository's folder
   */
  confirmNamespace(namespace: string, from: string): Promise<boolean>;
}

/** A namespace that was found, and the file that says so. */
export interface FoundNamespace {
  readonly namespace: string;
  readonly from: string;
}

/**
 * The namespace that a Secret ends up in, where it states none; undefined where none is needed, stated or found.
 * @throws Failure `sealing.moves` where what it states is changed on the way, so that what is sealed for it would not open;
 * `sealing.ambiguous` where it ends up in several namespaces
 */
export function namespaceOf(stated: SealingPlace, ways: readonly AppliedWay[]): FoundNamespace | undefined {
  if (stated.scope === 'cluster-wide') return undefined;
  if (stated.scope === 'strict') for (const way of ways) requireName(stated.name, way);
  if (stated.namespace === '') return onlyNamespace(ways);
  for (const way of ways) requireNamespace(stated.namespace, way);
  return undefined;
}

/** What a SealedSecret may be sealed for: what it states, then what it becomes on each way. */
export function possiblePlaces(stated: SealingPlace, ways: readonly AppliedWay[]): readonly SealingPlace[] {
  const places = [stated, ...ways.map((way) => endOf(stated, way))];
  const isSame = (one: SealingPlace, other: SealingPlace) =>
    one.name === other.name && one.namespace === other.namespace;
  return places.filter((place, at) => !places.slice(0, at).some((other) => isSame(place, other)));
}

function endOf(stated: SealingPlace, { changes }: AppliedWay): SealingPlace {
  let { name, namespace } = stated;
  for (const { does, value } of changes) {
    if (does === 'namespace') namespace = value;
    else name = does === 'prefix' ? value + name : name + value;
  }
  return { ...stated, name, namespace };
}

function requireName(stated: string, way: AppliedWay): void {
  const { name } = endOf({ name: stated, namespace: '', scope: 'strict' }, way);
  const by = way.changes.find(({ does }) => does !== 'namespace');
  if (by !== undefined && name !== stated) throw moves('name', stated, name, by);
}

function requireNamespace(stated: string, { changes }: AppliedWay): void {
  const last = changes.findLast(({ does }) => does === 'namespace');
  if (last !== undefined && last.value !== stated) throw moves('namespace', stated, last.value, last);
}

function moves(
  part: 'name' | 'namespace',
  stated: string,
  becomes: string,
  { file, field }: FiledChange,
): Failure<'sealing.moves'> {
  return new Failure('sealing.moves', { part, stated, becomes, from: file, field });
}

/** RFC 1123, as the API server has it. */
const namespaceName = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

function onlyNamespace(ways: readonly AppliedWay[]): FoundNamespace | undefined {
  const ends = new Map<string | undefined, string>();
  for (const { changes, end } of ways) {
    const last = changes.findLast(({ does }) => does === 'namespace');
    if (!ends.has(last?.value)) ends.set(last?.value, last?.file ?? end);
  }
  if (ends.size > 1) {
    const namespaces = [...ends].map(
      ([namespace, file]) => `${namespace ?? l10n.t('no namespace')} (${file})`,
    );
    throw new Failure('sealing.ambiguous', { namespaces });
  }
  const [[namespace, from] = []] = ends;
  // Flux may yet fill in a variable.
  if (namespace === undefined || from === undefined || !namespaceName.test(namespace)) return undefined;
  return { namespace, from };
}
