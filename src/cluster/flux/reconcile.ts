import type { Reconciled, ReconcileOptions } from '../../app/clusters/cluster-session.ts';
import type { FluxObject, ObjectRef } from '../../app/clusters/flux-object.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, Discovery } from '../api/api.ts';
import type { JsonObject } from '../api/json.ts';
import { pause } from '../api/pause.ts';
import { type FluxKindTraits, fluxKind } from './flux-kinds.ts';
import { readFluxObject } from './flux-object.ts';
import { at, record, text } from './json.ts';
import { findPath, keyOf, nameOf } from './object-request.ts';

/** How time passes, in milliseconds. */
export interface Timing {
  now(): number;
  /** Throws the signal's reason when it is aborted. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemTiming: Timing = { now: Date.now, pause };

/** `fluxcd/pkg` apis/meta: a request is an annotation with a token that the controller repeats in the status when it is done. */
export const requestedAt = 'reconcile.fluxcd.io/requestedAt';
const forceAt = 'reconcile.fluxcd.io/forceAt';
const resetAt = 'reconcile.fluxcd.io/resetAt';

/** Whose fields these are: Flux leaves those of others as they are, but takes over what `kubectl` set. */
export const ownFields = { fieldManager: 'purser' };

const firstWait = 1_000;
const longestWait = 5_000;
const patience = 15 * 60_000;
/** Answers in a row that may fail while waiting. */
const failuresInARow = 3;

/**
 * Asks for a reconciliation and waits until the controller is done with it, well or badly, as `flux reconcile` does. With its
 * source: what it is made from comes first, and where that fails, its outcome is the answer. Throws `flux.suspended`,
 * `flux.unanswered`, `cluster.not-found` where the object is gone or another one took its name, and other `cluster.…` failures.
 */
export async function reconcile(
  client: ApiClient,
  discovery: Discovery,
  object: FluxObject,
  options: ReconcileOptions,
  signal: AbortSignal,
  timing: Timing,
): Promise<Reconciled> {
  const kind = fluxKind(object.ref.group, object.ref.kind);
  if (kind === undefined) throw new Failure('cluster.not-found', { what: nameOf(object.ref) });
  return new Reconciliation(client, discovery, signal, timing).of(kind, object.ref, options);
}

class Reconciliation {
  readonly #client: ApiClient;
  readonly #discovery: Discovery;
  readonly #signal: AbortSignal;
  readonly #timing: Timing;
  /** What was asked already: sources may be shared, and hostile ones go round in a circle. */
  readonly #seen = new Set<string>();

  constructor(client: ApiClient, discovery: Discovery, signal: AbortSignal, timing: Timing) {
    this.#client = client;
    this.#discovery = discovery;
    this.#signal = signal;
    this.#timing = timing;
  }

  async of(kind: FluxKindTraits, ref: ObjectRef, options: ReconcileOptions): Promise<Reconciled> {
    this.#seen.add(keyOf(ref));
    const path = await findPath(this.#discovery, ref, this.#signal);
    const object = this.#read(kind, ref, await this.#get(path));
    if (options.withSource && kind.section !== 'notifications') {
      const failed = await this.#sourcesOf(object);
      if (failed !== undefined) return failed;
    }
    if (!object.canReconcile) return { ready: true, message: '', revision: object.revision };
    const token = new Date(this.#timing.now()).toISOString();
    await this.#ask(path, annotations(kind, token, options));
    return this.#done(kind, object, path, token);
  }

  /** What came of the first source that failed. */
  async #sourcesOf(object: FluxObject): Promise<Reconciled | undefined> {
    for (const source of object.sources) {
      const kind = fluxKind(source.group, source.kind);
      if (kind === undefined || this.#seen.has(keyOf(source))) continue;
      const outcome = await this.#source(object, kind, source);
      if (!outcome.ready) return { ...outcome, message: `${nameOf(source)}: ${outcome.message}` };
    }
    return undefined;
  }

  async #source(object: FluxObject, kind: FluxKindTraits, source: ObjectRef): Promise<Reconciled> {
    try {
      return await this.of(kind, source, { withSource: true, force: false, reset: false });
    } catch (error) {
      // A release makes its chart when it is reconciled for the first time.
      const isToCome = object.ref.kind === 'HelmRelease' && source.kind === 'HelmChart';
      if (!isToCome || !Failure.is(error, 'cluster.not-found')) throw error;
      return { ready: true, message: '', revision: undefined };
    }
  }

  /** The object; throws where it is suspended or no such thing. */
  #read(kind: FluxKindTraits, ref: ObjectRef, json: JsonObject): FluxObject {
    const object = readFluxObject(kind, json);
    if (object === undefined) throw new Failure('cluster.not-found', { what: nameOf(ref) });
    if (object.state === 'suspended') throw new Failure('flux.suspended', { what: nameOf(ref) });
    return object;
  }

  async #done(kind: FluxKindTraits, { ref, uid }: FluxObject, path: string, token: string) {
    const began = this.#timing.now();
    for (let wait = firstWait, failures = 0; ; wait = Math.min(wait * 1.5, longestWait)) {
      await this.#timing.pause(wait, this.#signal);
      const json = await this.#get(path).catch((error) => {
        if (!mayPass(error) || ++failures >= failuresInARow) throw error;
        return undefined;
      });
      if (json !== undefined) {
        failures = 0;
        const object = this.#read(kind, ref, json);
        if (object.uid !== uid) throw new Failure('cluster.not-found', { what: nameOf(ref) });
        const { state, message, revision } = object;
        const isSettled = state === 'ready' || state === 'not-ready' || state === 'static';
        if (isSettled && wasHandled(json, token)) return { ready: state !== 'not-ready', message, revision };
      }
      if (this.#timing.now() - began > patience)
        throw new Failure('flux.unanswered', { what: nameOf(ref), minutes: patience / 60_000 });
    }
  }

  async #get(path: string): Promise<JsonObject> {
    return record(await this.#client.json({ method: 'GET', path, signal: this.#signal }));
  }

  async #ask(path: string, told: Readonly<Record<string, string>>): Promise<void> {
    const patch = { metadata: { annotations: told } };
    await this.#client.json({ method: 'PATCH', path, query: ownFields, patch, signal: this.#signal });
  }
}

/** Force and reset count for the request whose token they repeat. */
function annotations(kind: FluxKindTraits, token: string, { force, reset }: ReconcileOptions) {
  const isRelease = kind.kind === 'HelmRelease';
  return {
    [requestedAt]: token,
    ...(isRelease && force ? { [forceAt]: token } : {}),
    ...(isRelease && reset ? { [resetAt]: token } : {}),
  };
}

/** Whether this request was handled, or another one that took its place: its token need not be a time, nor a later one. */
function wasHandled(json: JsonObject, token: string): boolean {
  const handled = text(at(json, 'status', 'lastHandledReconcileAt'));
  if (handled === undefined || handled === token) return handled !== undefined;
  return handled === text(at(json, 'metadata', 'annotations', requestedAt));
}

/** What may be over at the next attempt. */
function mayPass(error: unknown): boolean {
  const passing = ['cluster.unreachable', 'cluster.timeout', 'cluster.refused'] as const;
  return passing.some((code) => Failure.is(error, code));
}
