import type { OpenedKubeconfig } from '../../app/clusters/kubeconfig.ts';

/**
 * What kubeconfigs say (client-go tools/clientcmd/api/v1), checked for types and with nothing read that they refer to. Maps keep the
 * order of the files.
 */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, Context>;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly users: ReadonlyMap<string, User>;
}

/** The kubeconfig that something stands in: where several are merged, each has a folder of its own. */
export type Origin = Pick<OpenedKubeconfig, 'title' | 'files'>;

export interface Context {
  readonly cluster: string;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

/** Content that stands in the kubeconfig, or in a file that it names; the former wins. */
export interface Material {
  /** As the kubeconfig spells it: `client-key`. */
  readonly field: string;
  readonly data: Uint8Array | undefined;
  readonly file: string | undefined;
}

export interface Cluster {
  readonly origin: Origin;
  readonly server: string;
  readonly tlsServerName: string | undefined;
  readonly insecure: boolean;
  readonly certificateAuthority: Material;
  readonly proxyUrl: string | undefined;
  /** For exec plugins: the extension `client.authentication.k8s.io/exec`. */
  readonly execConfig: unknown;
}

export interface User {
  readonly origin: Origin;
  readonly certificate: Material;
  readonly key: Material;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly impersonation: Impersonation | undefined;
  readonly exec: Exec | undefined;
  readonly authProvider: AuthProvider | undefined;
}

export interface Impersonation {
  readonly user: string;
  readonly uid: string | undefined;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

/** How to run a credential plugin. */
export interface Exec {
  /** `client.authentication.k8s.io/v1`. */
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly interactiveMode: string | undefined;
  readonly provideClusterInfo: boolean;
}

/** Compiled into clients once; gone from kubectl 1.26 but for `oidc`. */
export interface AuthProvider {
  readonly name: string;
  readonly config: ReadonlyMap<string, string>;
}
