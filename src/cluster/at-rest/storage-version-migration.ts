import * as l10n from '@vscode/l10n';
import type { ReEncrypted } from '../../app/clusters/cluster-encryption.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource } from '../api/api.ts';
import { elementsOf } from '../api/json.ts';
import { resourcePath } from '../api/selection.ts';
import { cut } from '../cut.ts';
import { at, name, text } from '../flux/json.ts';
import type { Timing } from '../flux/reconcile.ts';

const [firstWait, longestWait] = [1_000, 10_000];
/** Milliseconds until somebody must have begun, and until one that has begun must be done. */
const [beginsWithin, endsWithin] = [60_000, 3 * 60 * 60_000];
const longestReason = 300;

/**
 * Has the cluster's own controller write every object of a resource anew: makes a StorageVersionMigration (KEP-4192) and follows it
 * to its end. Where nobody works on it, it is removed again.
 *
 * Throws `migration.unanswered`, `migration.failed`, `cluster.…`, and the signal's reason, when the controller goes on alone.
 *
 * @param kind StorageVersionMigration, as the cluster serves it
 * @param resource what is to be written anew
 */
export async function migrate(
  client: ApiClient,
  kind: ApiResource,
  resource: ApiResource,
  signal: AbortSignal,
  timing: Timing,
): Promise<ReEncrypted> {
  const made = await client.json({
    method: 'POST',
    path: resourcePath(kind, undefined),
    query: { fieldManager: 'purser' },
    body: manifestOf(kind, resource),
    signal,
  });
  const own = name(at(made, 'metadata', 'name'));
  if (own === undefined)
    throw new Failure('cluster.bad-answer', {
      server: client.server,
      reason: l10n.t('what it made has no name'),
    });
  const about = {
    path: resourcePath(kind, undefined, own),
    name: own,
    isOfSecrets: resource.plural === 'secrets',
  };
  await new Migration(client, about, signal, timing).ended();
  return { way: 'storage-version-migration', written: undefined, gone: 0, failed: [] };
}

/** Only its first version names a version of the resource, which then says how objects are read, not how they are stored. */
function manifestOf(kind: ApiResource, { group, version, plural }: ApiResource) {
  return {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: { generateName: 'purser-' },
    spec: {
      resource: { group, resource: plural, ...(kind.version === 'v1alpha1' ? { version } : {}) },
    },
  };
}

interface About {
  readonly path: string;
  readonly name: string;
  readonly isOfSecrets: boolean;
}

class Migration {
  readonly #client: ApiClient;
  readonly #path: string;
  readonly #name: string;
  readonly #isOfSecrets: boolean;
  readonly #signal: AbortSignal;
  readonly #timing: Timing;

  constructor(client: ApiClient, about: About, signal: AbortSignal, timing: Timing) {
    this.#client = client;
    this.#path = about.path;
    this.#name = about.name;
    this.#isOfSecrets = about.isOfSecrets;
    this.#signal = signal;
    this.#timing = timing;
  }

  async ended(): Promise<void> {
    const began = this.#timing.now();
    for (let wait = firstWait; ; wait = Math.min(wait * 1.5, longestWait)) {
      await this.#timing.pause(wait, this.#signal);
      const conditions = this.#conditionsOf(await this.#read());
      if (conditions.has('Succeeded')) return;
      const failure = conditions.get('Failed');
      if (failure !== undefined) throw new Failure('migration.failed', { name: this.#name, reason: failure });
      const waited = this.#timing.now() - began;
      const hasBegun = conditions.has('Running');
      if (waited < (hasBegun ? endsWithin : beginsWithin)) continue;
      if (!hasBegun) await this.#remove();
      const minutes = Math.round(waited / 60_000);
      throw new Failure('migration.unanswered', { name: this.#name, minutes, hasBegun });
    }
  }

  #read(): Promise<unknown> {
    return this.#client.json({ method: 'GET', path: this.#path, signal: this.#signal });
  }

  /** A controller that comes up later would begin with it when nobody expects that any more. */
  async #remove(): Promise<void> {
    try {
      await this.#client.json({ method: 'DELETE', path: this.#path, signal: this.#signal });
    } catch (error) {
      // Whoever may make one may not have the right to remove it.
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** Those that are true, by type, with what they say. */
  #conditionsOf(migration: unknown): ReadonlyMap<string, string> {
    const told = elementsOf(at(migration, 'status', 'conditions')).filter(
      (condition) => at(condition, 'status') === 'True',
    );
    return new Map(told.map((condition) => [text(at(condition, 'type')) ?? '', this.#said(condition)]));
  }

  /** What is said about a Secret may quote the Secret. */
  #said(condition: unknown): string {
    const message = this.#isOfSecrets ? undefined : text(at(condition, 'message'));
    return cut(message ?? text(at(condition, 'reason')) ?? l10n.t('it does not say why'), longestReason);
  }
}
