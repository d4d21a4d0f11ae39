import type { OpenedKubeconfig } from './kubeconfig.ts';

/** The person's own kubeconfig: `KUBECONFIG`, which may be several files, else `~/.kube/config`. */
export interface OwnKubeconfig {
  /** Absolute, whether they are there or not. */
  paths(): readonly string[];
  exists(): Promise<boolean>;
  /** Those files that are there, as one; undefined where none is. Throws `kubeconfig.unreadable`. */
  read(): Promise<OpenedKubeconfig | undefined>;
}
