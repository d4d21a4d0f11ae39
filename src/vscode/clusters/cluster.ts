import type { Event } from 'vscode';
import type { ClusterSession } from '../../app/clusters/cluster-session.ts';
import type { OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';
import type { KubeconfigSource } from '../../app/clusters/kubeconfig-source.ts';

/**
 * A cluster of the *Clusters* view: a context of a kubeconfig, connected or not. Its properties change as it is opened and
 * closed: whoever waits for something in between reads them again.
 */
export interface Cluster {
  /** The same for the same context of the same kubeconfig, across restarts; holds nothing secret. */
  readonly id: string;
  /** What the person reads: cleaned of control and bidirectional characters. */
  readonly title: string;
  readonly source: KubeconfigSource;
  /** Undefined until the kubeconfig was opened, and for its current context. */
  readonly context: string | undefined;
  readonly state: 'closed' | 'opening' | 'open' | 'failed';
  /** Why it failed; a `Failure` in all but bugs. */
  readonly failure: unknown;
  /** While it is open. */
  readonly session: ClusterSession | undefined;
}

/** Kubeconfigs that belong to no other cluster: those of the workspace, and the person's own. */
export type RootSource = Extract<KubeconfigSource, { readonly from: 'workspace' | 'own' }>;

/** Where kubeconfigs are found, and how they are opened in memory. */
export interface KubeconfigSources {
  /** What `list` gives may have changed. */
  readonly onDidChange: Event<void>;
  /** Which there are. Opens none, decrypts nothing and asks no one; never called in Restricted Mode. */
  list(): Promise<readonly RootSource[]>;
  /**
   * A kubeconfig; the person's own may be several files. Only called when a person wants to see what is in it. Throws
   * `kubeconfig.…`, and what opening ciphertext and reading files throws; the signal's reason when it is aborted.
   */
  open(source: RootSource, signal: AbortSignal): Promise<readonly OpenedKubeconfig[]>;
}
