import * as l10n from '@vscode/l10n';
import type { KubeconfigContext } from '../../app/clusters/kubeconfig.ts';
import { Failure } from '../../core/errors.ts';
import { malformed } from './fields.ts';
import type { Cluster, Kubeconfig, User } from './kubeconfig.ts';
import { parseServer } from './server.ts';

/** A context, and what it refers to. */
export interface ChosenContext {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly cluster: Cluster;
  /** Undefined: nobody in particular. */
  readonly user: User | undefined;
}

/** Its contexts, in their order. One whose server is missing or wrong has an empty one: it fails when it is opened. */
export function contextsOf(kubeconfig: Kubeconfig): readonly KubeconfigContext[] {
  return [...kubeconfig.contexts].map(([name, { cluster }]) => ({
    name,
    server: parseServer(kubeconfig.clusters.get(cluster)?.server ?? '')?.origin ?? '',
    isCurrent: name === kubeconfig.currentContext,
  }));
}

/** Throws `kubeconfig.no-context`, and `kubeconfig.malformed` where the context refers to what is not there. */
export function chooseContext(kubeconfig: Kubeconfig, name: string | undefined): ChosenContext {
  const wanted = name ?? kubeconfig.currentContext;
  const context = wanted === undefined ? undefined : kubeconfig.contexts.get(wanted);
  if (wanted === undefined || context === undefined)
    throw new Failure('kubeconfig.no-context', { name: wanted });
  const cluster = kubeconfig.clusters.get(context.cluster);
  if (cluster === undefined) throw malformed(l10n.t('the cluster of this context is not among its clusters'));
  const user = context.user === undefined ? undefined : kubeconfig.users.get(context.user);
  if (context.user !== undefined && user === undefined)
    throw malformed(l10n.t('the user of this context is not among its users'));
  return { name: wanted, namespace: context.namespace, cluster, user };
}
