import { Failure } from '../../core/errors.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import type { AppliedWay } from './applied-ways.ts';
import { namespaceOf, possiblePlaces, type SealingPlaces } from './sealing-places.ts';

/** Where the Secrets of one file end up, looked for once and asked for once, within one command. */
export class SecretPlaces {
  readonly #places: SealingPlaces;
  readonly #path: string;
  readonly #root: string;
  readonly #confirmed = new Map<string, Promise<boolean>>();
  #ways: Promise<readonly AppliedWay[]> | undefined;

  constructor(places: SealingPlaces, path: string, root: string) {
    this.#places = places;
    this.#path = path;
    this.#root = root;
  }

  /**
   * What a Secret is to be sealed for: where it states no namespace and needs one, the one it ends up in, if the person says so.
   * @throws Failure as `namespaceOf`, and `sealing.unplaced`, `sealing.unconfirmed`
   */
  async toSealFor(stated: SealingPlace): Promise<SealingPlace> {
    if (stated.scope === 'cluster-wide') return stated;
    const found = namespaceOf(stated, await this.#waysTo());
    if (stated.namespace !== '') return stated;
    if (found === undefined) throw new Failure('sealing.unplaced', { missing: 'namespace' });
    const { namespace, from } = found;
    const id = JSON.stringify([namespace, from]);
    const asked = this.#confirmed.get(id) ?? this.#places.confirmNamespace(namespace, from);
    this.#confirmed.set(id, asked);
    if (!(await asked)) throw new Failure('sealing.unconfirmed', found);
    return { ...stated, namespace };
  }

  /** What a SealedSecret may be sealed for, the most likely first. */
  async possible(stated: SealingPlace): Promise<readonly SealingPlace[]> {
    return stated.scope === 'cluster-wide' ? [stated] : possiblePlaces(stated, await this.#waysTo());
  }

  #waysTo(): Promise<readonly AppliedWay[]> {
    this.#ways ??= this.#places.waysTo(this.#path, this.#root);
    return this.#ways;
  }
}
