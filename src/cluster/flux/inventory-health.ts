import * as l10n from '@vscode/l10n';
import type { FluxObject, InventoryItem, ObjectRef } from '../../app/clusters/flux-object.ts';
import { sentenceOf } from '../../app/messages.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource, Discovery } from '../api/api.ts';
import { Gone } from '../api/gone.ts';
import { listPages } from '../api/list.ts';
import { Turns } from '../api/turns.ts';
import { fluxKind } from './flux-kinds.ts';
import { healthOf, needsStatus } from './health.ts';
import { type HealthTold, unknown } from './health-told.ts';
import { inventoryOf } from './inventory.ts';
import { at, record, text } from './json.ts';
import { findPath, keyOf, objectPath } from './object-request.ts';

/** Items whose health is asked for; that of the others stays unknown. */
const itemsAtMost = 2_000;
/** Of one kind and namespace: so many are asked for one by one, more as a list. */
const oneByOneAtMost = 5;
/** Fewer than the client allows, so that others get an answer too. */
const atOnce = 4;
/** Objects of one kind and namespace to look through. */
const listedAtMost = 5_000;

const metadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/**
 * What an object applied, in its order, and how it is. Objects without health of their own are asked for their metadata only.
 * What cannot be read is unknown, and says why. Throws where the object itself cannot be read.
 */
export async function readInventory(
  client: ApiClient,
  discovery: Discovery,
  { ref }: FluxObject,
  signal: AbortSignal,
): Promise<readonly InventoryItem[]> {
  const kind = fluxKind(ref.group, ref.kind);
  if (kind === undefined) return [];
  const path = await findPath(discovery, ref, signal);
  const json = record(await client.json({ method: 'GET', path, signal }));
  const refs = inventoryOf(kind, json) ?? [];
  if (at(json, 'spec', 'kubeConfig') !== undefined)
    return refs.map((item) => ({ ref: item, health: 'elsewhere', message: '' }));
  const told = await new HealthReader(client, discovery, signal).read(refs.slice(0, itemsAtMost));
  const untold = unknown(l10n.t('There are too many to ask for.'));
  return refs.map((item) => ({ ref: item, ...(told.get(keyOf(item)) ?? untold) }));
}

class HealthReader {
  readonly #client: ApiClient;
  readonly #discovery: Discovery;
  readonly #signal: AbortSignal;
  readonly #turns = new Turns(atOnce);
  readonly #told = new Map<string, HealthTold>();

  constructor(client: ApiClient, discovery: Discovery, signal: AbortSignal) {
    this.#client = client;
    this.#discovery = discovery;
    this.#signal = signal;
  }

  async read(refs: readonly ObjectRef[]): Promise<ReadonlyMap<string, HealthTold>> {
    const groups = new Map<string, ObjectRef[]>();
    for (const ref of refs) {
      const key = JSON.stringify([ref.group, ref.kind, ref.namespace ?? '']);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [ref]);
      else group.push(ref);
    }
    await Promise.all([...groups.values()].map((group) => this.#group(group)));
    return this.#told;
  }

  /** Objects of one kind and namespace. */
  async #group(refs: readonly ObjectRef[]): Promise<void> {
    const [first] = refs;
    if (first === undefined) return;
    await this.#unlessRefused(refs, async () => {
      const resource = await this.#discovery.find(first.group, first.kind, this.#signal);
      if (resource === undefined) this.#tell(refs, missing(l10n.t('The cluster does not serve its kind.')));
      else if (refs.length > oneByOneAtMost) await this.#turn(() => this.#list(resource, refs));
      else await Promise.all(refs.map((ref) => this.#one(resource, ref)));
    });
  }

  #one(resource: ApiResource, ref: ObjectRef): Promise<void> {
    return this.#unlessRefused([ref], async () => {
      const path = objectPath(resource, ref);
      const accept = needsStatus(ref) ? {} : { accept: metadata };
      const request = { method: 'GET', path, ...accept, signal: this.#signal } as const;
      this.#tell([ref], healthOf(ref, await this.#turn(() => this.#client.json(request))));
    });
  }

  async #list(resource: ApiResource, refs: readonly ObjectRef[]): Promise<void> {
    const wanted = new Map(refs.map((ref) => [ref.name, ref]));
    const [first] = refs;
    const metadataOnly = first === undefined || !needsStatus(first);
    const namespace = first?.namespace;
    const query = { ...(namespace === undefined ? {} : { namespace }), metadataOnly, most: listedAtMost };
    let truncated = false;
    for await (const page of listPages(this.#client, resource, query, this.#signal)) {
      for (const object of page.items) this.#found(wanted, object);
      if (wanted.size === 0) return;
      truncated = page.truncated;
    }
    const rest = truncated ? unknown(l10n.t('There are too many of its kind to look through.')) : missing('');
    this.#tell([...wanted.values()], rest);
  }

  #found(wanted: Map<string, ObjectRef>, object: unknown): void {
    const name = text(at(object, 'metadata', 'name')) ?? '';
    const ref = wanted.get(name);
    if (ref === undefined) return;
    wanted.delete(name);
    this.#tell([ref], healthOf(ref, object));
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.take(work, this.#signal);
  }

  #tell(refs: readonly ObjectRef[], told: HealthTold): void {
    for (const ref of refs) this.#told.set(keyOf(ref), told);
  }

  /** What one kind or object refuses says nothing of the others. */
  async #unlessRefused(refs: readonly ObjectRef[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#tell(
        refs.filter((ref) => !this.#told.has(keyOf(ref))),
        toldBy(error),
      );
    }
  }
}

function missing(message: string): HealthTold {
  return { health: 'missing', message };
}

/** Throws what is a bug. */
function toldBy(error: unknown): HealthTold {
  if (Failure.is(error, 'cluster.not-found')) return missing('');
  if (error instanceof Failure) return unknown(sentenceOf(error));
  if (error instanceof Gone) return unknown(l10n.t('The list took too long.'));
  throw error;
}
