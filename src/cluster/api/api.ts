import type { Agent } from 'node:http';
import type { ConnectionOptions, SecureContextOptions } from 'node:tls';

/**
 * Where a cluster's API is, and what proves who asks. Made from a kubeconfig; does no I/O but in `headers`, after which `tls` and
 * `agent` may be other ones: a client certificate can be renewed too.
 */
export interface ApiAccess {
  readonly server: URL;
  readonly insecure: boolean;
  /**
   * Goes into the options of every request, not only into the agent: where the editor's proxy settings apply, VS Code puts an agent of
   * its own in place of any other. `rejectUnauthorized` is always set.
   */
  readonly tls: Pick<
    SecureContextOptions & ConnectionOptions,
    'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'
  >;
  /** Keeps connections alive, and goes through the proxy that the kubeconfig names. */
  readonly agent: Agent;
  /** Whether the kubeconfig names a proxy: then the editor's own settings must not apply. */
  readonly proxied: boolean;
  /**
   * `Authorization` and what impersonates. Asked before each request, cheap where nothing has expired.
   *
   * @param refused whether the server did not take the last ones: credentials that can be renewed are
   */
  headers(refused: boolean, signal: AbortSignal): Promise<Readonly<Record<string, string | string[]>>>;
}

export interface ApiRequest {
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST';
  /** Below the server's own path, each segment encoded: `/api/v1/namespaces`. */
  readonly path: string;
  /** Whether the connection is given up after it: the next one may lead to another API server behind a load balancer. */
  readonly closes?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  /** `application/json` unless it says otherwise. */
  readonly accept?: string;
  /** A JSON merge patch (RFC 7396). */
  readonly patch?: unknown;
  /** What is posted, as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/**
 * A cluster's API, request by request. Throws `cluster.…` failures, what `ApiAccess.headers` throws, and the signal's reason; where
 * a `continue` token or the start of a watch is too old, `Gone`. Never follows a redirect.
 */
export interface ApiClient {
  /** `host:port`, as failures name it. */
  readonly server: string;
  json(request: ApiRequest): Promise<unknown>;
  text(request: ApiRequest): Promise<string>;
  /**
   * Hands over the bytes of an answer as they come, without keeping them: `take` says whether it wants more. Resolves when all were
   * taken, or no more are wanted.
   */
  stream(request: ApiRequest, take: (bytes: Uint8Array) => boolean): Promise<void>;
  /** Resolves when the server has agreed, to the lines of its answer as they come until it ends. Must be read, or aborted. */
  lines(request: ApiRequest): Promise<AsyncIterable<string>>;
  /** Ends what is under way with an `AbortError`, and closes the connections. */
  close(): void;
}

/** A kind as a cluster serves it (APIResource of k8s.io/apimachinery meta/v1). */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As paths spell it: `kustomizations`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** What a cluster serves, in the version it prefers. */
export interface Discovery {
  /** Forgets what is known: a kind may have been installed since. */
  refresh(): void;
  /** Of one group's kind; undefined where the cluster does not serve it. */
  find(group: string, kind: string, signal: AbortSignal): Promise<ApiResource | undefined>;
}

/** Finds kinds by how paths spell them, too. */
export interface ResourceDiscovery extends Discovery {
  findPlural(group: string, plural: string, signal: AbortSignal): Promise<ApiResource | undefined>;
}
