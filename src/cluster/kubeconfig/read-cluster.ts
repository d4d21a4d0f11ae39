import * as l10n from '@vscode/l10n';
import type { Fields } from './fields.ts';
import { malformed } from './fields.ts';
import type { Cluster, Material, Origin } from './kubeconfig.ts';

const execExtension = 'client.authentication.k8s.io/exec';

/** An entry of `clusters`. Throws `kubeconfig.malformed`. */
export function readCluster(cluster: Fields, origin: Origin): Cluster {
  const insecure = cluster.flag('insecure-skip-tls-verify');
  const certificateAuthority = materialOf(cluster, 'certificate-authority');
  // As client-go: a certificate authority that is not asked gives a wrong impression.
  if (insecure && (certificateAuthority.data ?? certificateAuthority.file) !== undefined)
    throw malformed(
      l10n.t('{0} has both insecure-skip-tls-verify and a certificate-authority', cluster.path),
    );
  return {
    origin,
    server: cluster.required('server'),
    tlsServerName: cluster.text('tls-server-name'),
    insecure,
    certificateAuthority,
    proxyUrl: cluster.text('proxy-url'),
    execConfig: cluster
      .list('extensions')
      .find((extension) => extension.text('name') === execExtension)
      ?.get('extension'),
  };
}

/** `NAME-data`, else the file `NAME`. */
export function materialOf(fields: Fields, name: string): Material {
  return { field: name, data: fields.bytes(`${name}-data`), file: fields.text(name) };
}
