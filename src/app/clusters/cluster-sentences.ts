import * as l10n from '@vscode/l10n';
import type { ErrorCode } from '../../core/errors.ts';
import { megabytes, onOneLine, type SentencesOf, shown } from '../sentence.ts';

/** What kubeconfigs, clusters and what is in them can fail with. */
type ClusterCode = Extract<
  ErrorCode,
  | `cluster.${string}`
  | `exec.${string}`
  | `flux.${string}`
  | `kubeconfig.${string}`
  | `live.${string}`
  | `migration.${string}`
>;

export const clusterSentences: SentencesOf<ClusterCode> = {
  'kubeconfig.unreadable': ({ file, reason }) => ({
    wrong: l10n.t('the kubeconfig {0} cannot be read: {1}', shown(file), reason),
    todo: l10n.t('check the path and its permissions, and KUBECONFIG where it names it'),
  }),
  'kubeconfig.not-clear': ({ source }) => ({
    wrong: l10n.t('{0} is encrypted already', shown(source)),
    todo: l10n.t('choose Encrypted Kubeconfig in the Workspace in Add Cluster'),
  }),
  'kubeconfig.ignored': ({ path }) => ({
    wrong: l10n.t(
      "the policy's ignore list matches {0}, so the cluster would not be found there",
      shown(path),
    ),
    todo: l10n.t('choose another folder, or change the list'),
  }),
  'kubeconfig.no-folder': () => ({
    wrong: l10n.t('no folder is open that the encrypted kubeconfig could be kept in'),
    todo: l10n.t('open one first'),
  }),
  'kubeconfig.outside-workspace': () => ({
    wrong: l10n.t('this file is in none of the open folders'),
    todo: l10n.t('choose one that is, or open its folder'),
  }),
  'cluster.unreachable': ({ server, reason }) => ({
    wrong: l10n.t('no connection to {0}: {1}', shown(server), shown(reason)),
    todo: l10n.t('check the network, the proxy, and the server in the kubeconfig'),
  }),
  'cluster.certificate': ({ server, reason }) => ({
    wrong: l10n.t('the certificate of {0} is not accepted: {1}', shown(server), shown(reason)),
    todo: l10n.t('check the certificate authority and the server in the kubeconfig'),
  }),
  'cluster.timeout': ({ server }) => ({
    wrong: l10n.t('no answer in time from {0}', shown(server)),
    todo: l10n.t('try again, or check the network'),
  }),
  'cluster.unauthorized': ({ server }) => ({
    wrong: l10n.t('these credentials are not accepted by {0}', shown(server)),
    todo: l10n.t('renew the kubeconfig, or sign in again'),
  }),
  'cluster.forbidden': ({ server, what }) => ({
    wrong: l10n.t('you may not {0} at {1}', shown(what), shown(server)),
    todo: l10n.t('ask for a role that allows it, or use another kubeconfig'),
  }),
  'cluster.not-found': ({ what }) => ({
    wrong: l10n.t('the cluster has no {0}', shown(what)),
    todo: l10n.t('refresh, or check that it was not removed'),
  }),
  'cluster.conflict': ({ what }) => ({
    wrong: l10n.t('{0} was changed by somebody else in the meantime', shown(what)),
    todo: l10n.t('refresh and try again'),
  }),
  'cluster.redirected': ({ server, to }) => ({
    wrong: l10n.t('a redirect to {0} is not followed: credentials go to {1} alone', shown(to), shown(server)),
    todo: l10n.t('correct the server in the kubeconfig'),
  }),
  'cluster.bad-answer': ({ server, reason }) => ({
    wrong: l10n.t('an answer that cannot be understood from {0}: {1}', shown(server), shown(reason)),
    todo: l10n.t('check that it is the API server of a cluster'),
  }),
  'cluster.refused': ({ server, reason }) => ({
    wrong: l10n.t('refused by {0}: {1}', shown(server), onOneLine(reason)),
    todo: l10n.t('try again later, or ask who runs the cluster'),
  }),
  'cluster.closed': () => ({
    wrong: l10n.t('this cluster is not open'),
    todo: l10n.t('open it in the Clusters view'),
  }),
  'migration.failed': ({ name, reason }) => ({
    wrong: l10n.t('the StorageVersionMigration {0} failed: {1}', shown(name), onOneLine(reason)),
    todo: l10n.t('write the objects anew one by one instead, or see the log of kube-controller-manager'),
  }),
  'migration.unanswered': ({ name, minutes, hasBegun }) =>
    hasBegun
      ? {
          wrong: l10n.t(
            'the StorageVersionMigration {0} began, and is not done after {1} minutes',
            shown(name),
            minutes,
          ),
          todo: l10n.t('look at it later: the controller goes on with it'),
        }
      : {
          wrong: l10n.t(
            'nobody works on the StorageVersionMigration {0}: its controller does not run',
            shown(name),
          ),
          todo: l10n.t(
            'write the objects anew one by one, or switch StorageVersionMigrator on in kube-controller-manager',
          ),
        },
  'flux.suspended': ({ what }) => ({
    wrong: l10n.t('{0} is suspended, so nothing reconciles it', shown(what)),
    todo: l10n.t('resume it first'),
  }),
  'flux.unanswered': ({ what, minutes }) => ({
    wrong: l10n.t(
      '{0} was asked to reconcile {1} minutes ago, and its controller is not done with it',
      shown(what),
      minutes,
    ),
    todo: l10n.t("see its events, and whether Flux' controllers run"),
  }),
  'live.too-large': ({ what, bytes, limit }) => ({
    wrong: l10n.t(
      '{0} is too large to show ({1} MB; the limit is {2} MB)',
      shown(what),
      megabytes(bytes),
      megabytes(limit),
    ),
    todo: l10n.t('use kubectl get for it'),
  }),
  'kubeconfig.malformed': ({ reason }) => ({
    wrong: l10n.t('this is no kubeconfig that can be used: {0}', shown(reason)),
    todo: l10n.t('correct it, or have it made again'),
  }),
  'kubeconfig.no-context': ({ name }) => ({
    wrong:
      name === undefined
        ? l10n.t('this kubeconfig does not say which context is the current one')
        : l10n.t('this kubeconfig has no context {0}', shown(name)),
    todo: l10n.t('choose one of its contexts, or correct current-context'),
  }),
  'kubeconfig.unsupported': ({ reason, todo }) => ({
    wrong: l10n.t('this kubeconfig is not used: {0}', reason),
    todo,
  }),
  'kubeconfig.file-refused': ({ field, reason }) => ({
    wrong: l10n.t('the file that {0} names in this kubeconfig is not read: {1}', shown(field), shown(reason)),
    todo: l10n.t('put its content into the kubeconfig (kubectl config view --flatten --minify)'),
  }),
  'kubeconfig.unchecked': ({ server }) => ({
    wrong: l10n.t(
      'this kubeconfig leaves the certificate of {0} unchecked, and you did not agree',
      shown(server),
    ),
    todo: l10n.t('put its certificate authority into the kubeconfig'),
  }),
  'exec.refused': ({ command, reason }) => ({
    wrong: l10n.t(
      'not run: {0} ({1}, which this kubeconfig wants to run for credentials)',
      shown(reason),
      shown(command),
    ),
    todo: l10n.t('allow it, or use a kubeconfig that needs no program'),
  }),
  'exec.failed': ({ command, reason }) => ({
    wrong: l10n.t(
      'no credentials: {0} (from {1}, which this kubeconfig runs for them)',
      shown(reason),
      shown(command),
    ),
    todo: l10n.t('run it in a terminal to see why'),
  }),
};
