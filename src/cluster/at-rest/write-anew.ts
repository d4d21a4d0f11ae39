import * as l10n from '@vscode/l10n';
import type { ReEncrypted, ReEncryptionProgress } from '../../app/clusters/cluster-encryption.ts';
import { sentenceOf } from '../../app/messages.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, ApiResource } from '../api/api.ts';
import { listPages } from '../api/list.ts';
import { resourcePath } from '../api/selection.ts';
import { at, name } from '../flux/json.ts';

/** Requests under way: API servers have others to serve. */
const atOnce = 4;
const mostObjects = 1_000_000;
const metadataOnly = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';

interface Listed {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly resourceVersion: string;
}

/**
 * Writes each object of a resource anew, unchanged, as kube-apiserver's own migrator does: by a patch that says nothing but which
 * version of the object is meant. The API server then compares what it would store with what is stored, and writes where another
 * key than today's wrote that (etcd3 `GuaranteedUpdate`). Metadata alone is asked for, and nothing but names and versions kept of it.
 *
 * Throws `cluster.…` where it cannot begin or the connection is lost, and the signal's reason; what is done stays done.
 */
export async function writeAnew(
  client: ApiClient,
  resource: ApiResource,
  tell: (progress: ReEncryptionProgress) => void,
  signal: AbortSignal,
): Promise<ReEncrypted> {
  const objects = await listObjects(client, resource, signal);
  const run = new Run(client, resource, objects.length, tell, signal);
  const left = objects.values();
  const one = async () => {
    for (const object of left) await run.write(object);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { way: 'replace', written: run.written, gone: run.gone, failed: run.failed };
}

async function listObjects(client: ApiClient, resource: ApiResource, signal: AbortSignal) {
  const found: Listed[] = [];
  const query = { metadataOnly: true, most: mostObjects };
  for await (const page of listPages(client, resource, query, signal)) {
    if (page.restarted) found.length = 0;
    for (const item of page.items) {
      const listed = readListed(item);
      if (listed !== undefined) found.push(listed);
    }
    if (page.truncated)
      throw new Failure('cluster.bad-answer', {
        server: client.server,
        reason: l10n.t('it lists more than {0} objects', mostObjects),
      });
  }
  return found;
}

function readListed(item: unknown): Listed | undefined {
  const metadata = at(item, 'metadata');
  const [own, resourceVersion] = [name(at(metadata, 'name')), name(at(metadata, 'resourceVersion'))];
  if (own === undefined || resourceVersion === undefined) return undefined;
  return { namespace: name(at(metadata, 'namespace')), name: own, resourceVersion };
}

class Run {
  written = 0;
  gone = 0;
  readonly failed: { readonly name: string; readonly reason: string }[] = [];
  readonly #client: ApiClient;
  readonly #resource: ApiResource;
  readonly #all: number;
  readonly #tell: (progress: ReEncryptionProgress) => void;
  readonly #signal: AbortSignal;
  #isOver = false;

  constructor(
    client: ApiClient,
    resource: ApiResource,
    all: number,
    tell: (progress: ReEncryptionProgress) => void,
    signal: AbortSignal,
  ) {
    this.#client = client;
    this.#resource = resource;
    this.#all = all;
    this.#tell = tell;
    this.#signal = signal;
    tell({ done: 0, all });
  }

  async write(object: Listed): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#isOver) return;
    try {
      await this.#patch(object);
      this.written++;
    } catch (error) {
      // Whoever changed it meanwhile has written it; but an admission webhook may call its refusal a conflict, too.
      if (Failure.is(error, 'cluster.conflict') && (await this.#isAnother(object))) this.written++;
      else this.#fail(object, error);
    }
    this.#tell({ done: this.written + this.gone + this.failed.length, all: this.#all });
  }

  async #patch({ namespace, name: own, resourceVersion }: Listed): Promise<void> {
    await this.#client.text({
      method: 'PATCH',
      path: resourcePath(this.#resource, namespace, own),
      query: { fieldManager: 'purser' },
      accept: metadataOnly,
      patch: { metadata: { resourceVersion } },
      signal: this.#signal,
    });
  }

  /** Whether it has another version than when it was listed. One that may not be looked at counts as the same. */
  async #isAnother({ namespace, name: own, resourceVersion }: Listed): Promise<boolean> {
    const path = resourcePath(this.#resource, namespace, own);
    try {
      const now = await this.#client.json({
        method: 'GET',
        path,
        accept: metadataOnly,
        signal: this.#signal,
      });
      const version = name(at(now, 'metadata', 'resourceVersion'));
      return version !== undefined && version !== resourceVersion;
    } catch (error) {
      if (error instanceof Failure) return false;
      throw error;
    }
  }

  #fail({ namespace, name: own }: Listed, error: unknown): void {
    if (Failure.is(error, 'cluster.not-found')) this.gone++;
    else if (!(error instanceof Failure) || this.#endsAll(error)) {
      this.#isOver = true;
      throw error;
    } else {
      const path = namespace === undefined ? own : `${namespace}/${own}`;
      this.failed.push({ name: path, reason: sentenceOf(error) });
    }
  }

  /** Nothing more would come of the others. */
  #endsAll(error: Failure): boolean {
    const isLost = Failure.is(error, 'cluster.unreachable') || Failure.is(error, 'cluster.unauthorized');
    return isLost || (this.written === 0 && Failure.is(error, 'cluster.forbidden'));
  }
}
