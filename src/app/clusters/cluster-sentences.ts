import type { ErrorCode } from '../../core/errors.ts';
import { megabytes, onOneLine, type SentencesOf, shown } from '../sentence.ts';

/** What kubeconfigs, clusters and what is in them can fail with. */
type ClusterCode = Extract<
  ErrorCode,
  | `certificate.${string}`
  | `cluster.${string}`
  | `exec.${string}`
  | `flux.${string}`
  | `kubeconfig.${string}`
  | `live.${string}`
  | `migration.${string}`
>;

export const clusterSentences: SentencesOf<ClusterCode> = {
  'kubeconfig.unreadable': ({ file, reason }) => ({
    wrong: `the kubeconfig ${shown(file)} cannot be read: ${reason}`,
    todo: 'check the path and its permissions, and KUBECONFIG where it names it',
  }),
  'kubeconfig.not-clear': ({ source }) => ({
    wrong: `${shown(source)} is encrypted already`,
    todo: 'choose Encrypted Kubeconfig in the Workspace in Add Cluster',
  }),
  'kubeconfig.ignored': ({ path }) => ({
    wrong: `the policy's ignore list matches ${shown(path)}, so the cluster would not be found there`,
    todo: 'choose another folder, or change the list',
  }),
  'kubeconfig.no-folder': () => ({
    wrong: 'no folder is open that the encrypted kubeconfig could be kept in',
    todo: 'open one first',
  }),
  'kubeconfig.outside-workspace': () => ({
    wrong: 'this file is in none of the open folders',
    todo: 'choose one that is, or open its folder',
  }),
  'cluster.unreachable': ({ server, reason }) => ({
    wrong: `no connection to ${shown(server)}: ${shown(reason)}`,
    todo: 'check the network, the proxy, and the server in the kubeconfig',
  }),
  'cluster.certificate': ({ server, reason }) => ({
    wrong: `the certificate of ${shown(server)} is not accepted: ${shown(reason)}`,
    todo: 'check the certificate authority and the server in the kubeconfig',
  }),
  'cluster.timeout': ({ server }) => ({
    wrong: `no answer in time from ${shown(server)}`,
    todo: 'try again, or check the network',
  }),
  'cluster.unauthorized': ({ server }) => ({
    wrong: `these credentials are not accepted by ${shown(server)}`,
    todo: 'renew the kubeconfig, or sign in again',
  }),
  'cluster.forbidden': ({ server, what }) => ({
    wrong: `you may not ${shown(what)} at ${shown(server)}`,
    todo: 'ask for a role that allows it, or use another kubeconfig',
  }),
  'cluster.not-found': ({ what }) => ({
    wrong: `the cluster has no ${shown(what)}`,
    todo: 'refresh, or check that it was not removed',
  }),
  'cluster.conflict': ({ what }) => ({
    wrong: `${shown(what)} was changed by somebody else in the meantime`,
    todo: 'refresh and try again',
  }),
  'cluster.redirected': ({ server, to }) => ({
    wrong: `a redirect to ${shown(to)} is not followed: credentials go to ${shown(server)} alone`,
    todo: 'correct the server in the kubeconfig',
  }),
  'cluster.bad-answer': ({ server, reason }) => ({
    wrong: `an answer that cannot be understood from ${shown(server)}: ${shown(reason)}`,
    todo: 'check that it is the API server of a cluster',
  }),
  'cluster.refused': ({ server, reason }) => ({
    wrong: `refused by ${shown(server)}: ${onOneLine(reason)}`,
    todo: 'try again later, or ask who runs the cluster',
  }),
  'cluster.closed': () => ({
    wrong: 'this cluster is not open',
    todo: 'open it in the Clusters view',
  }),
  'certificate.expired': ({ ref, on }) => ({
    wrong: `the certificate of ${shown(ref)} expired on ${on}`,
    todo: 'have the controller make a new sealing key first',
  }),
  'migration.failed': ({ name, reason }) => ({
    wrong: `the StorageVersionMigration ${shown(name)} failed: ${onOneLine(reason)}`,
    todo: 'write the objects anew one by one instead, or see the log of kube-controller-manager',
  }),
  'migration.unanswered': ({ name, minutes, hasBegun }) =>
    hasBegun
      ? {
          wrong: `the StorageVersionMigration ${shown(name)} began, and is not done after ${minutes} minutes`,
          todo: 'look at it later: the controller goes on with it',
        }
      : {
          wrong: `nobody works on the StorageVersionMigration ${shown(name)}: its controller does not run`,
          todo: 'write the objects anew one by one, or switch StorageVersionMigrator on in kube-controller-manager',
        },
  'flux.suspended': ({ what }) => ({
    wrong: `${shown(what)} is suspended, so nothing reconciles it`,
    todo: 'resume it first',
  }),
  'flux.unanswered': ({ what, minutes }) => ({
    wrong: `${shown(what)} was asked to reconcile ${minutes} minutes ago, and its controller is not done with it`,
    todo: "see its events, and whether Flux' controllers run",
  }),
  'live.too-large': ({ what, bytes, limit }) => ({
    wrong: `${shown(what)} is too large to show (${megabytes(bytes)} MB; the limit is ${megabytes(limit)} MB)`,
    todo: 'use kubectl get for it',
  }),
  'kubeconfig.malformed': ({ reason }) => ({
    wrong: `this is no kubeconfig that can be used: ${shown(reason)}`,
    todo: 'correct it, or have it made again',
  }),
  'kubeconfig.no-context': ({ name }) => ({
    wrong:
      name === undefined
        ? 'this kubeconfig does not say which context is the current one'
        : `this kubeconfig has no context ${shown(name)}`,
    todo: 'choose one of its contexts, or correct current-context',
  }),
  'kubeconfig.unsupported': ({ reason, todo }) => ({ wrong: `this kubeconfig is not used: ${reason}`, todo }),
  'kubeconfig.file-refused': ({ field, reason }) => ({
    wrong: `the file that ${shown(field)} names in this kubeconfig is not read: ${shown(reason)}`,
    todo: 'put its content into the kubeconfig (kubectl config view --flatten --minify)',
  }),
  'kubeconfig.unchecked': ({ server }) => ({
    wrong: `this kubeconfig leaves the certificate of ${shown(server)} unchecked, and you did not agree`,
    todo: 'put its certificate authority into the kubeconfig',
  }),
  'exec.refused': ({ command, reason }) => ({
    wrong: `not run: ${shown(reason)} (${shown(command)}, which this kubeconfig wants to run for credentials)`,
    todo: 'allow it, or use a kubeconfig that needs no program',
  }),
  'exec.failed': ({ command, reason }) => ({
    wrong: `no credentials: ${shown(reason)} (from ${shown(command)}, which this kubeconfig runs for them)`,
    todo: 'run it in a terminal to see why',
  }),
};
