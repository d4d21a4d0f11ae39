import { createRequire } from 'node:module';
import { type ExtensionContext, type LogOutputChannel, l10n, languages, workspace } from 'vscode';
import type { LookThrough } from './app/at-rest/audited-snapshot.ts';
import type { ClusterConnector } from './app/clusters/kubeconfig.ts';
import { type DocumentWork, DocumentWorks } from './app/documents/document-work.ts';
import type { SealingPlaces } from './app/documents/sealing-places.ts';
import { JoinedVaults } from './app/joined-vaults.ts';
import { KeyLocks } from './app/key-locks.ts';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFactsFinder } from './app/policy-facts.ts';
import type { Environment } from './app/ports.ts';
import type { HttpRequests } from './cluster/api/http-client.ts';
import { KeyFolder } from './node/key-folder.ts';
import { NodeFiles } from './node/node-files.ts';
import { NodeOwnKubeconfig } from './node/own-kubeconfig.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { sealedSecretsScheme } from './schemes/sealed-secrets/scheme.ts';
import { secretboxScheme } from './schemes/secretbox.ts';
import { sopsScheme } from './schemes/sops/scheme.ts';
import { AcceptedKeys } from './vscode/accepted-keys.ts';
import { AcrossFiles } from './vscode/across-files.ts';
import { askPassphrase, askSecret } from './vscode/ask-passphrase.ts';
import { rotationScheme } from './vscode/at-rest/rotation-uri.ts';
import { type Reread, Rotations } from './vscode/at-rest/rotations.ts';
import { SnapshotReports } from './vscode/at-rest/snapshot-reports.ts';
import { Clipboard } from './vscode/clipboard.ts';
import type { RootSource } from './vscode/clusters/cluster.ts';
import { ClusterActions } from './vscode/clusters/cluster-actions.ts';
import { Clusters } from './vscode/clusters/clusters.ts';
import { ClustersView } from './vscode/clusters/clusters-view.ts';
import { Consents } from './vscode/clusters/consents.ts';
import { addDropped, KubeconfigDrop } from './vscode/clusters/drop-kubeconfig.ts';
import { FoundKubeconfigs } from './vscode/clusters/kubeconfig-sources.ts';
import { WorkspaceKubeconfigs } from './vscode/clusters/workspace-kubeconfigs.ts';
import { tellFailure } from './vscode/commands.ts';
import { confirmNamespace } from './vscode/confirm-namespace.ts';
import { ConsentedEnvironment } from './vscode/consented-environment.ts';
import { ContextKeys } from './vscode/context-keys.ts';
import { Dimming } from './vscode/dimming.ts';
import type { Disposables } from './vscode/disposables.ts';
import { helpInDocuments, tokenFiles } from './vscode/help-in-documents.ts';
import { KeyDrop, takeDropped } from './vscode/keys/drop-key.ts';
import { KeyChanges } from './vscode/keys/key-changes.ts';
import { KeysView } from './vscode/keys/keys-view.ts';
import { Lenses } from './vscode/lenses.ts';
import { Manifests } from './vscode/manifests.ts';
import { OpenDocuments } from './vscode/open-documents.ts';
import { PolicyDiagnostics } from './vscode/policy-diagnostics.ts';
import { SecretVault } from './vscode/secret-vault.ts';
import type { Services, Watching } from './vscode/services.ts';
import { readSetting } from './vscode/settings.ts';
import { tellBugTo } from './vscode/tell-bug.ts';
import { trustedPgp } from './vscode/trusted-pgp.ts';
import { TokenLenses } from './vscode/whole-file/token-lenses.ts';
import { keyFolder, startWatching } from './watching.ts';

const selector = ['yaml', 'json', 'jsonc', 'helm'].flatMap((language) =>
  ['file', 'untitled'].map((scheme) => ({ language, scheme })),
);

/** Constructs and registers all that looks into files: what activation need not wait for. */
export function startLooking(context: ExtensionContext, own: Disposables, log: LogOutputChannel): Services {
  const watching = startWatching(context, own, log);
  const { files, finder, policies, findings } = watching;
  const registry = new SchemeRegistry(
    [jweScheme(), fernetScheme(() => new Date()), secretboxScheme()],
    [sealedSecretsScheme, sopsScheme],
  );
  const ownKeys = keysOfPerson(context, files);
  const { environment, trust, keys } = ownKeys;
  const facts = () => new PolicyFactsFinder(finder, keys, registry);
  const manifests = own.add(new Manifests(registry, policies, facts));

  own.add(new OpenDocuments(manifests, policies, findings));
  own.add(new AcrossFiles(findings));
  own.add(new PolicyDiagnostics());
  own.add(new ContextKeys(manifests, registry));
  own.add(new Dimming(manifests, registry));
  own.add(languages.registerCodeLensProvider(selector, own.add(new Lenses(manifests, policies))));
  const tokenLenses = own.add(new TokenLenses(registry, policies));
  own.add(languages.registerCodeLensProvider(tokenFiles(selector), tokenLenses));
  const places = sealingPlaces(trust);
  const documents = documentWorks({ files, finder, keys, environment, trust, places });
  const clipboard = own.add(new Clipboard());
  const sealed = own.add(new WorkspaceKubeconfigs(findings, context.workspaceState));
  const ownKubeconfig = new NodeOwnKubeconfig(files, () => process.env);
  const kubeconfigs = { files, policies, keys, registry };
  const sources = new FoundKubeconfigs(sealed, ownKubeconfig, kubeconfigs);
  const consents = new Consents(context.globalState);
  const tellBug = tellBugTo(log);
  const connector = () => loadConnector(files.home());
  const clusters = own.add(new Clusters({ sources, connector, consent: consents, tellBug }));
  const drop = new KubeconfigDrop((dropped) => tellFailure(addDropped(dropped, services), log));
  const clustersView = own.add(new ClustersView(clusters, drop, tellBug));
  const show = (source: RootSource) => clustersView.showKubeconfig(source);
  const adding = { connector, sealed, own: ownKubeconfig, show };
  const clusterActions = own.add(new ClusterActions(clusters, selector));
  const aboutClusters = { adding, clusters, clustersView, clusterActions, consents, places, fetchText };
  const keyDrop = new KeyDrop((dropped) => tellFailure(takeDropped(dropped, services), log));
  const changes = own.add(new KeyChanges(context.secrets, keyFolder));
  const known = { ...ownKeys, files, policies, registry, findings, changes };
  const keysView = own.add(new KeysView(known, keyDrop, tellBug));
  own.add(helpInDocuments(selector, { ...known, manifests, keysView, addedBy: addedToRepository }));
  const snapshots = { lookThrough: lookThroughSnapshot, reports: own.add(new SnapshotReports()) };
  const sealing = { ...ownKeys, registry, documents, manifests, keysView, clipboard, snapshots };
  const rotations: Rotations = rotationsIn(context, own, (id) => tellFailure(reread(id, services), log));
  const services = { ...watching, ...sealing, ...aboutClusters, rotations };
  return services;
}

/** The person's own keys, and what is asked before one is used. */
function keysOfPerson({ secrets, workspaceState }: ExtensionContext, files: Watching['files']) {
  const vaults = new JoinedVaults([
    new SecretVault(secrets),
    new KeyFolder(keyFolder, new NodeFiles(), l10n.t('the key folder')),
  ]);
  const environment = new ConsentedEnvironment(workspaceState);
  const trust = new AcceptedKeys(workspaceState);
  const locks = new KeyLocks((what, ref) => trust.whileAsking(askSecret(what, ref)));
  const keys = new KeyRing(files, vaults, environment, locks);
  return { vaults, environment, trust, keys, keysElsewhere: () => sopsKeys(files) };
}

interface DocumentPorts extends Pick<Watching, 'files' | 'finder'> {
  readonly keys: KeyRing;
  readonly environment: Environment;
  readonly trust: AcceptedKeys;
  readonly places: SealingPlaces;
}

/** What is done with documents that are sealed as a whole; loaded, with its cryptography, when it is first asked for. */
function documentWorks(ports: DocumentPorts): DocumentWorks {
  return new DocumentWorks({
    sops: () => loadSops(ports),
    'sealed-secrets': () => loadSealedSecrets(ports),
  });
}

async function loadSops({ files, finder, keys, environment, trust }: DocumentPorts): Promise<DocumentWork> {
  const [{ SopsWork }, { Gpg }, { findAgeIdentities, sopsConfigFolder }] = await Promise.all([
    import('./app/documents/sops-work.ts'),
    import('./node/gpg.ts'),
    import('./node/age-identities.ts'),
  ]);
  const { env, platform } = process;
  const home = files.home();
  const configFolder = sopsConfigFolder(env, platform, home);
  // In Restricted Mode values may be sealed to accepted recipients, and no variable is read for that.
  const read = async (name: string) => (workspace.isTrusted ? environment.read(name) : undefined);
  const places = { files, environment: { read }, home, configFolder, workingFolder: home };
  const gpgFor = async (path: string, signal: AbortSignal) => {
    const { root: folder } = await finder.findPolicy(path);
    return new Gpg({ program: readSetting('gpg.path') || undefined, env, folder, signal });
  };
  return new SopsWork({
    keys,
    identities: () => findAgeIdentities(places),
    ask: (ref) => trust.whileAsking(askPassphrase(ref)),
    pgp: (path, signal) => trustedPgp(() => gpgFor(path, signal)),
    trust,
    now: () => new Date(),
  });
}

async function loadSealedSecrets({ keys, trust, places }: DocumentPorts): Promise<DocumentWork> {
  const { SealedSecretsWork } = await import('./app/documents/sealed-secrets-work.ts');
  return new SealedSecretsWork({
    keys,
    trust,
    places,
    now: () => new Date(),
    annotate: () => readSetting('sealedSecrets.annotate'),
  });
}

/** Where Secrets end up: repositories are read when that is first asked. */
function sealingPlaces(trust: AcceptedKeys): SealingPlaces {
  const load = async () => {
    const { AppliedRepositories } = await import('./node/applied-repositories.ts');
    return new AppliedRepositories(new NodeFiles());
  };
  let repositories: ReturnType<typeof load> | undefined;
  const waysTo: SealingPlaces['waysTo'] = async (path, root) =>
    (await (repositories ??= load())).waysTo(path, root);
  return {
    waysTo,
    confirmNamespace: (namespace, from) => trust.whileAsking(confirmNamespace(namespace, from)),
  };
}

function rotationsIn({ workspaceState }: ExtensionContext, own: Disposables, again: Reread): Rotations {
  const rotations = own.add(new Rotations(workspaceState, again));
  own.add(languages.registerCodeLensProvider({ scheme: rotationScheme }, rotations));
  return rotations;
}

async function reread(id: string, services: Services): Promise<void> {
  const looking = await import('./vscode/at-rest/look-at-rotation.ts');
  await looking.rereadRotation(id, services);
}

const lookThroughSnapshot: LookThrough = async (...about) => {
  const snapshots = await import('./node/snapshot-file.ts');
  return snapshots.lookThroughSnapshot(...about);
};

async function fetchText(url: URL, signal: AbortSignal): Promise<string> {
  const { fetchTextWith } = await import('./node/fetch-certificate.ts');
  return fetchTextWith(editorRequests().https)(url, signal);
}

async function sopsKeys(files: Watching['files']) {
  const { sopsConfigFolder, sopsKeyFile } = await import('./node/age-identities.ts');
  const home = files.home();
  const { env, platform } = process;
  return sopsKeyFile({ files, home, configFolder: sopsConfigFolder(env, platform, home) });
}

async function addedToRepository(path: string) {
  const { addedBy } = await import('./node/git-added-by.ts');
  return addedBy(path, process.env);
}

/** Kubernetes code is loaded when a person first opens a cluster. */
async function loadConnector(home: string): Promise<ClusterConnector> {
  const { clusterConnector } = await import('./cluster/connector.ts');
  const host = {
    env: process.env,
    home,
    // Folders can be added later.
    get workspace() {
      return (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    },
  };
  return clusterConnector(host, editorRequests());
}

/** VS Code puts its proxy and certificate settings into what is required by these very names, and not into imports. */
function editorRequests(): HttpRequests {
  const require = createRequire(import.meta.url);
  const { request: http } = require('http') as { readonly request: HttpRequests['http'] };
  const { request: https } = require('https') as { readonly request: HttpRequests['https'] };
  return { http, https };
}
