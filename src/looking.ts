import { createRequire } from 'node:module';
import {
  CodeActionKind,
  type DataTransferFile,
  type ExtensionContext,
  languages,
  type Uri,
  workspace,
} from 'vscode';
import type { ClusterConnector } from './app/clusters/kubeconfig.ts';
import { JoinedVaults } from './app/joined-vaults.ts';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFactsFinder } from './app/policy-facts.ts';
import type { HttpRequests } from './cluster/api/http-client.ts';
import { KeyFolder } from './node/key-folder.ts';
import { NodeFiles } from './node/node-files.ts';
import { NodeOwnKubeconfig } from './node/own-kubeconfig.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { secretboxScheme } from './schemes/secretbox.ts';
import { AcceptedKeys } from './vscode/accepted-keys.ts';
import { AcrossFiles } from './vscode/across-files.ts';
import { Clipboard } from './vscode/clipboard.ts';
import type { RootSource } from './vscode/clusters/cluster.ts';
import { ClusterActions } from './vscode/clusters/cluster-actions.ts';
import { Clusters } from './vscode/clusters/clusters.ts';
import { ClustersView } from './vscode/clusters/clusters-view.ts';
import { Consents } from './vscode/clusters/consents.ts';
import { KubeconfigDrop } from './vscode/clusters/drop-kubeconfig.ts';
import { FoundKubeconfigs } from './vscode/clusters/kubeconfig-sources.ts';
import { WorkspaceKubeconfigs } from './vscode/clusters/workspace-kubeconfigs.ts';
import { tellFailure } from './vscode/commands.ts';
import { ConsentedEnvironment } from './vscode/consented-environment.ts';
import { ContextKeys } from './vscode/context-keys.ts';
import { Dimming } from './vscode/dimming.ts';
import type { Disposables } from './vscode/disposables.ts';
import { Hovers } from './vscode/hovers.ts';
import { Lenses } from './vscode/lenses.ts';
import { Manifests } from './vscode/manifests.ts';
import { OpenDocuments } from './vscode/open-documents.ts';
import { PolicyDiagnostics } from './vscode/policy-diagnostics.ts';
import { QuickFixes } from './vscode/quick-fixes.ts';
import { SecretVault } from './vscode/secret-vault.ts';
import type { Services, Started } from './vscode/services.ts';

const selector = ['yaml', 'json', 'jsonc', 'helm'].flatMap((language) =>
  ['file', 'untitled'].map((scheme) => ({ language, scheme })),
);

/** Constructs and registers all that looks into documents: the half of the extension that activation need not wait for. */
export function startLooking(
  context: ExtensionContext,
  own: Disposables,
  keyFolder: () => string,
  started: Started,
): Services {
  const { log, files, finder, policies, findings } = started;
  const registry = new SchemeRegistry([jweScheme(), fernetScheme(() => new Date()), secretboxScheme()]);
  const vaults = new JoinedVaults([
    new SecretVault(context.secrets),
    new KeyFolder(keyFolder, new NodeFiles()),
  ]);
  const keys = new KeyRing(files, vaults, new ConsentedEnvironment(context.workspaceState));
  const facts = () => new PolicyFactsFinder(finder, keys, registry);
  const manifests = own.add(new Manifests(registry, policies, facts));

  own.add(new OpenDocuments(manifests, policies, findings));
  own.add(new AcrossFiles(findings));
  own.add(new PolicyDiagnostics());
  own.add(new ContextKeys(manifests));
  own.add(new Dimming(manifests));
  own.add(languages.registerCodeLensProvider(selector, own.add(new Lenses(manifests, policies))));
  own.add(languages.registerHoverProvider(selector, new Hovers(manifests, registry)));
  own.add(
    languages.registerCodeActionsProvider(selector, new QuickFixes(manifests), {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    }),
  );
  const trust = new AcceptedKeys(context.workspaceState);
  const clipboard = own.add(new Clipboard());
  const sealed = own.add(new WorkspaceKubeconfigs(findings, context.workspaceState));
  const ownKubeconfig = new NodeOwnKubeconfig(files, () => process.env);
  const kubeconfigs = { files, policies, keys, registry };
  const sources = new FoundKubeconfigs(sealed, ownKubeconfig, kubeconfigs);
  const consents = new Consents(context.globalState);
  const tellBug = (error: unknown) =>
    log.error(error instanceof Error ? (error.stack ?? error.name) : 'unknown');
  const connector = () => loadConnector(files.home());
  const clusters = own.add(new Clusters({ sources, connector, consent: consents, tellBug }));
  const drop = new KubeconfigDrop((dropped) => tellFailure(addDropped(dropped, services), log));
  const clustersView = own.add(new ClustersView(clusters, drop, tellBug));
  const show = (source: RootSource) => clustersView.showKubeconfig(source);
  const adding = { connector, sealed, own: ownKubeconfig, show };
  const clusterActions = own.add(new ClusterActions(clusters, selector));
  const aboutClusters = { adding, clusters, clustersView, clusterActions, consents };
  const services = { ...started, registry, manifests, keys, vaults, trust, clipboard, ...aboutClusters };
  return services;
}

async function addDropped(dropped: Uri | DataTransferFile, services: Services): Promise<void> {
  const adding = await import('./vscode/clusters/add-cluster.ts');
  await adding.addDropped(dropped, services);
}

/** Kubernetes code is loaded when a person first opens a cluster. */
async function loadConnector(home: string): Promise<ClusterConnector> {
  const { clusterConnector } = await import('./cluster/connector.ts');
  // VS Code puts its proxy and certificate settings into what is required by these very names, and not into imports.
  const require = createRequire(import.meta.url);
  const { request: http } = require('http') as { readonly request: HttpRequests['http'] };
  const { request: https } = require('https') as { readonly request: HttpRequests['https'] };
  const host = {
    env: process.env,
    home,
    // Folders can be added later.
    get workspace() {
      return (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
    },
  };
  return clusterConnector(host, { http, https });
}
