import type { ClusterConnector } from '../../app/clusters/kubeconfig.ts';
import type { OwnKubeconfig } from '../../app/clusters/own-kubeconfig.ts';
import type { RootSource } from './cluster.ts';
import type { WorkspaceKubeconfigs } from './workspace-kubeconfigs.ts';

/** What adding clusters works with besides what all commands do. */
export interface AddingClusters {
  /** Kubernetes code is loaded when it is first used. */
  connector(): Promise<ClusterConnector>;
  readonly sealed: WorkspaceKubeconfigs;
  readonly own: OwnKubeconfig;
  /** Shows a kubeconfig in the *Clusters* view, selected. Connects to nothing. */
  show(source: RootSource): Promise<void>;
}
