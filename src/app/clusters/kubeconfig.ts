import type { Plaintext } from '../../core/plaintext.ts';
import type { ClusterSession } from './cluster-session.ts';

/** What to call a kubeconfig's context by, before anything is connected. */
export interface KubeconfigContext {
  readonly name: string;
  /** `https://host:port` of the API server; empty where the kubeconfig has no valid one for it. */
  readonly server: string;
  readonly isCurrent: boolean;
}

/**
 * A kubeconfig in memory. Files it names are read only below `folder`, symlinks resolved; with `anywhere`, which is for the
 * person's own kubeconfig, wherever they are. Undefined: none is read.
 */
export interface OpenedKubeconfig {
  /** What a person calls it by: `access/ci.kubeconfig.enc`. */
  readonly title: string;
  readonly text: Plaintext;
  readonly files:
    | {
        readonly folder: string;
        readonly anywhere: boolean;
        /** What relative paths are relative to: where the kubeconfig stands. `folder` where it is not said. */
        readonly base?: string;
      }
    | undefined;
  /** The files of `KUBECONFIG` that come after it: the first to name a cluster, user or context wins, and refers to any. */
  readonly more?: readonly OpenedKubeconfig[];
}

/** A program that a kubeconfig wants to run for credentials (client.authentication.k8s.io). */
export interface CredentialPlugin {
  /** As the kubeconfig spells it. */
  readonly command: string;
  /** The file that would run. */
  readonly program: string;
  /** For showing, with the variables that the kubeconfig sets: what looks like a secret in it is masked. */
  readonly commandLine: string;
  /**
   * The same for the same program, arguments, environment and kubeconfig, and the same way to the server: its address, certificate
   * authority and proxy. Hex of a SHA-256.
   */
  readonly hash: string;
  readonly kubeconfig: string;
  /** Where its credentials go: `https://host:port`. */
  readonly server: string;
}

/** Questions before a connection that only a person can answer. */
export interface ConnectionConsent {
  /** Whether this very command may run, now or answered before. Never asked where `kuberc` denies it. */
  mayRun(plugin: CredentialPlugin): Promise<boolean>;
  /** Whether to connect though nobody checks the server's certificate. */
  mayGoUnchecked(server: string, kubeconfig: string): Promise<boolean>;
}

/** Where a kubeconfig leads. No credential is in it. */
export interface KubeconfigSummary {
  readonly contexts: readonly {
    readonly name: string;
    readonly cluster: string;
    /** Empty where it names nobody. */
    readonly user: string;
    readonly namespace: string;
    readonly isCurrent: boolean;
  }[];
  /** `server` is `https://host:port`; empty where there is no valid one. */
  readonly clusters: readonly {
    readonly name: string;
    readonly server: string;
    readonly notes: readonly string[];
  }[];
  /** `credentials`: of what kind they are, as `client certificate`. */
  readonly users: readonly { readonly name: string; readonly credentials: readonly string[] }[];
}

/** Kubernetes API access. */
export interface ClusterConnector {
  /** The contexts of a kubeconfig, in its order. Throws `kubeconfig.malformed`; never quotes it. */
  contexts(kubeconfig: OpenedKubeconfig): readonly KubeconfigContext[];
  /** What it holds, credentials left out. Throws `kubeconfig.malformed`; never quotes it. */
  summary(kubeconfig: OpenedKubeconfig): KubeconfigSummary;
  /**
   * A kubeconfig with nothing but one context, with what files it names put inside: fit for being kept as one secret.
   * Throws `kubeconfig.…`.
   */
  standalone(kubeconfig: OpenedKubeconfig, context: string): Promise<Plaintext>;
  /**
   * Connects, and starts watching the cluster's Flux objects. Throws `kubeconfig.…`, `exec.…` and `cluster.…`.
   *
   * @param context by name; undefined for the current one
   */
  connect(
    kubeconfig: OpenedKubeconfig,
    context: string | undefined,
    consent: ConnectionConsent,
    signal: AbortSignal,
  ): Promise<ClusterSession>;
}
