import { commands, type Disposable, type LogOutputChannel, l10n, window } from 'vscode';
import { Failure } from '../core/errors.ts';
import { Disposables } from './disposables.ts';
import { plainMessage } from './plain-text.ts';
import type { Services } from './services.ts';
import { tellBugTo } from './tell-bug.ts';

/** Every command id; what each does is imported when it first runs. */
export const commandIds = [
  'encryptValue',
  'encryptSecret',
  'encryptAllValues',
  'encryptFile',
  'decryptValue',
  'decryptSecret',
  'peek',
  'peekFile',
  'setFile',
  'setValue',
  'removeValue',
  'copyValue',
  'copyApplyCommand',
  'updateRecipients',
  'rotateDataKey',
  'sealAgain',
  'createKey',
  'importKey',
  'addPublicKey',
  'backUpKey',
  'forgetKey',
  'refreshKeys',
  'sharePublicKey',
  'copyFingerprint',
  'ignoreFinding',
  'sayOpener',
  'encryptAllFindings',
  'encryptStaged',
  'installHook',
  'removeHook',
  'scanWorkspace',
  'groupByFile',
  'groupByRule',
  'addCluster',
  'connectCluster',
  'disconnectCluster',
  'removeCluster',
  'refreshClusters',
  'filterClusters',
  'clearClusterFilter',
  'revealFluxObject',
  'reconcile',
  'reconcileWithSource',
  'reconcileForce',
  'reconcileReset',
  'suspend',
  'resume',
  'openLiveObject',
  'goToManifest',
  'copyObjectName',
  'copyMessage',
  'fetchCertificate',
  'fetchCertificateFromUrl',
  'validateSealedSecret',
  'whyDecryptionFails',
  'reEncrypt',
  'inspectStoredValue',
  'auditSnapshot',
  'rotateEncryptionKey',
  'takeRotationStep',
  'giveUpRotation',
  'forgetPlugins',
  'newEncryptionConfiguration',
  'moveKeysOut',
  'prepareKkpRotation',
  'kkpMoveKeysOut',
  'showLog',
] as const;

type CommandId = (typeof commandIds)[number];
type Handler = (argument: unknown, services: Services) => Promise<void>;
type Handlers = { readonly [Id in CommandId]: Handler };

/**
 * Registers the commands. Each tells its own failure, in one sentence; bugs go to the log. Nothing is returned to callers.
 *
 * @param services what commands work with is loaded when the first one runs, if not before
 */
export function registerCommands(services: () => Promise<Services>, log: LogOutputChannel): Disposable {
  const own = new Disposables();
  for (const id of commandIds) {
    const work = async (argument: unknown) => handlers[id](argument, await services());
    own.add(
      commands.registerCommand(`purser.${id}`, (argument: unknown) => tellFailure(work(argument), log)),
    );
  }
  return own;
}

/** Waits for work, and tells in one sentence why it failed. Whoever gave up is told nothing. */
export async function tellFailure(work: Promise<void>, log: LogOutputChannel): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (hasGivenUp(error)) return;
    const expected = error instanceof Failure;
    if (!expected) tellBugTo(log)(error);
    const sentence = expected
      ? plainMessage((await import('./failure-sentence.ts')).failureSentence(error))
      : l10n.t('Something went wrong, and nothing was changed.');
    const show = l10n.t('Show Log');
    const chosen = await window.showErrorMessage(sentence, ...(expected ? [] : [show]));
    if (chosen === show) log.show();
  }
}

/** A namespace that was not confirmed is one file's failure in a command over many: alone, it is an answer. */
function hasGivenUp(error: unknown): boolean {
  const aborted = error instanceof Error && error.name === 'AbortError';
  return aborted || Failure.is(error, 'sealing.unconfirmed');
}

const handlers: Handlers = {
  encryptValue: async (at, services) => (await import('./encrypt-commands.ts')).encryptValue(at, services),
  encryptSecret: async (at, services) => (await import('./encrypt-commands.ts')).encryptSecret(at, services),
  encryptAllValues: async (at, services) =>
    (await import('./encrypt-commands.ts')).encryptAllValues(at, services),
  encryptFile: async (at, services) => (await import('./encrypt-commands.ts')).encryptFile(at, services),
  decryptValue: async (at, services) => (await import('./decrypt-commands.ts')).decryptValue(at, services),
  decryptSecret: async (at, services) => (await import('./decrypt-commands.ts')).decryptSecret(at, services),
  peek: async (at, services) => (await import('./peek.ts')).peek(at, services),
  peekFile: async (at, services) => (await import('./whole-file/peek-file.ts')).peekFile(at, services),
  setFile: async (at, services) => (await import('./whole-file/set-file.ts')).setFile(at, services),
  setValue: async (at, services) => (await import('./set-value.ts')).setValue(at, services),
  removeValue: async (at, services) => (await import('./remove-value.ts')).removeValue(at, services),
  copyValue: async (at, services) => (await import('./peek.ts')).copyValue(at, services),
  copyApplyCommand: async (at, services) =>
    (await import('./copy-apply-command.ts')).copyApplyCommand(at, services),
  updateRecipients: async (at, services) =>
    (await import('./renew-document.ts')).updateRecipients(at, services),
  rotateDataKey: async (at, services) => (await import('./renew-document.ts')).rotateDataKey(at, services),
  sealAgain: async (at, services) => (await import('./seal-again.ts')).sealAgain(at, services),
  createKey: async (_, services) => (await import('./create-key.ts')).createKey(services),
  importKey: async (_, services) => (await import('./import-key.ts')).importKey(services),
  addPublicKey: async (_, services) => (await import('./add-public-key.ts')).addPublicKey(services),
  backUpKey: async (at, services) => (await import('./keep-keys.ts')).backUpKey(at, services),
  forgetKey: async (at, services) => (await import('./keep-keys.ts')).forgetKey(at, services),
  refreshKeys: async (_, { keysView }) => keysView.refresh(),
  sharePublicKey: async (row, services) =>
    (await import('./keys/share-public-key.ts')).sharePublicKey(row, services),
  copyFingerprint: async (row, services) =>
    (await import('./keys/copy-fingerprint.ts')).copyFingerprint(row, services),
  ignoreFinding: async (at, services) => (await import('./ignore-finding.ts')).ignoreFinding(at, services),
  sayOpener: async (at, services) => (await import('./say-opener.ts')).sayOpener(at, services),
  encryptAllFindings: async (_, services) => (await import('./bulk-encrypt.ts')).encryptAllFindings(services),
  encryptStaged: async (at, services) => (await import('./encrypt-staged.ts')).encryptStaged(at, services),
  installHook: async (_, services) => (await import('./hook-commands.ts')).installHook(services),
  removeHook: async (_, services) => (await import('./hook-commands.ts')).removeHook(services),
  scanWorkspace: async (_, services) => services.scan.scanAll(),
  groupByFile: async (_, services) => services.view.groupBy('file'),
  groupByRule: async (_, services) => services.view.groupBy('rule'),
  addCluster: async (_, services) => (await import('./clusters/add-cluster.ts')).addCluster(services),
  connectCluster: async (row, { clustersView }) => clustersView.connect(row),
  disconnectCluster: async (row, { clustersView }) => clustersView.disconnect(row),
  removeCluster: async (row, services) =>
    (await import('./clusters/remove-cluster.ts')).removeCluster(row, services),
  refreshClusters: async (_, { clustersView }) => clustersView.refresh(),
  filterClusters: async (_, { clustersView }) =>
    (await import('./clusters/ask-filter.ts')).filterClusters(clustersView),
  clearClusterFilter: async (_, { clustersView }) => clustersView.setFilter(),
  revealFluxObject: async (at, services) =>
    (await import('./clusters/reveal-flux-object.ts')).revealFluxObject(at, services),
  reconcile: async (row, services) =>
    (await import('./clusters/flux-commands.ts')).reconcile(row, {}, services),
  reconcileWithSource: async (row, services) =>
    (await import('./clusters/flux-commands.ts')).reconcile(row, { withSource: true }, services),
  reconcileForce: async (row, services) =>
    (await import('./clusters/flux-commands.ts')).reconcile(row, { force: true }, services),
  reconcileReset: async (row, services) =>
    (await import('./clusters/flux-commands.ts')).reconcile(row, { reset: true }, services),
  suspend: async (row, services) =>
    (await import('./clusters/flux-commands.ts')).setSuspended(row, true, services),
  resume: async (row, services) =>
    (await import('./clusters/flux-commands.ts')).setSuspended(row, false, services),
  openLiveObject: async (row, { clusterActions, clustersView }) =>
    clusterActions.live.openRow(clustersView.rowOf(row)),
  goToManifest: async (row, services) =>
    (await import('./clusters/go-to-manifest.ts')).goToManifest(row, services),
  copyObjectName: async (row, services) =>
    (await import('./clusters/copy-object-name.ts')).copyObjectName(row, services),
  copyMessage: async (row, services) =>
    (await import('./clusters/copy-message.ts')).copyMessage(row, services),
  fetchCertificate: async (row, services) =>
    (await import('./clusters/fetch-certificate.ts')).fetchCertificate(row, services),
  fetchCertificateFromUrl: async (_, services) =>
    (await import('./clusters/fetch-certificate-from-url.ts')).fetchCertificateFromUrl(services),
  validateSealedSecret: async (at, services) =>
    (await import('./clusters/validate-sealed-secret.ts')).validateSealedSecret(at, services),
  whyDecryptionFails: async (at, services) =>
    (await import('./clusters/why-decryption-fails.ts')).whyDecryptionFails(at, services),
  inspectStoredValue: async (_, services) =>
    (await import('./at-rest/inspect-stored-value.ts')).inspectStoredValue(services),
  auditSnapshot: async (_, services) => (await import('./at-rest/audit-snapshot.ts')).auditSnapshot(services),
  rotateEncryptionKey: async (at, services) =>
    (await import('./at-rest/rotate-encryption-key.ts')).rotateEncryptionKey(at, services),
  takeRotationStep: async (at, services) =>
    (await import('./at-rest/take-rotation-step.ts')).takeRotationStep(at, services),
  giveUpRotation: async (_, services) =>
    (await import('./at-rest/rotate-encryption-key.ts')).giveUpRotation(services),
  reEncrypt: async (row, services) => (await import('./clusters/re-encrypt.ts')).reEncrypt(row, services),
  forgetPlugins: async (_, { consents }) => consents.forget(),
  newEncryptionConfiguration: async (_, services) =>
    (await import('./at-rest/new-configuration.ts')).newEncryptionConfiguration(services),
  moveKeysOut: async (at, services) => (await import('./at-rest/move-keys-out.ts')).moveKeysOut(at, services),
  prepareKkpRotation: async (row, services) =>
    (await import('./kkp/prepare-rotation.ts')).prepareKkpRotation(row, services),
  kkpMoveKeysOut: async (at, services) =>
    (await import('./kkp/move-keys-out.ts')).kkpMoveKeysOut(at, services),
  showLog: async (_, services) => services.log.show(),
};
