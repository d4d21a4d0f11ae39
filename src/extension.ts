import { CodeActionKind, type ExtensionContext, languages, Uri, window, workspace } from 'vscode';
import { JoinedVaults } from './app/joined-vaults.ts';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFinder } from './app/policy-finder.ts';
import { defaultKeyFolder, KeyFolder } from './node/key-folder.ts';
import { NodeFiles } from './node/node-files.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { secretboxScheme } from './schemes/secretbox.ts';
import { AcceptedKeys } from './vscode/accepted-keys.ts';
import { Clipboard } from './vscode/clipboard.ts';
import { registerCommands } from './vscode/commands.ts';
import { ConsentedEnvironment } from './vscode/consented-environment.ts';
import { ContextKeys } from './vscode/context-keys.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import { Dimming } from './vscode/dimming.ts';
import { Disposables } from './vscode/disposables.ts';
import { Hovers } from './vscode/hovers.ts';
import { Lenses } from './vscode/lenses.ts';
import { Manifests } from './vscode/manifests.ts';
import { Policies } from './vscode/policies.ts';
import { PolicyDiagnostics } from './vscode/policy-diagnostics.ts';
import { QuickFixes } from './vscode/quick-fixes.ts';
import { SecretVault } from './vscode/secret-vault.ts';
import { readSetting } from './vscode/settings.ts';

const selector = ['yaml', 'json', 'jsonc', 'helm'].flatMap((language) =>
  ['file', 'untitled'].map((scheme) => ({ language, scheme })),
);

/** Constructs and registers; reads no file and waits for nothing. */
export function activate(context: ExtensionContext): void {
  const own = new Disposables();
  context.subscriptions.push(own);

  const log = own.add(window.createOutputChannel('Purser', { log: true }));
  const registry = new SchemeRegistry([jweScheme(), fernetScheme(() => new Date()), secretboxScheme()]);
  const files = new NodeFiles();
  const folder = () => readSetting('keys.folder') || defaultKeyFolder(process.env, process.platform);
  const vaults = new JoinedVaults([new SecretVault(context.secrets), new KeyFolder(folder, files)]);
  const keys = new KeyRing(files, vaults, new ConsentedEnvironment(context.workspaceState));
  const policies = own.add(new Policies(new PolicyFinder(files, workspaceFolderOf)));
  const manifests = own.add(new Manifests(registry));
  const clipboard = own.add(new Clipboard());
  const trust = new AcceptedKeys(context.workspaceState);

  own.add(new Diagnostics(manifests, policies, context.extensionUri));
  own.add(new PolicyDiagnostics());
  own.add(new ContextKeys(manifests));
  own.add(new Dimming(manifests));
  own.add(languages.registerCodeLensProvider(selector, own.add(new Lenses(manifests, policies))));
  own.add(languages.registerHoverProvider(selector, new Hovers(manifests, registry)));
  own.add(
    languages.registerCodeActionsProvider(selector, new QuickFixes(manifests, policies), {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    }),
  );
  own.add(registerCommands({ registry, manifests, policies, keys, vaults, trust, files, log }, clipboard));
}

function workspaceFolderOf(path: string): string {
  return workspace.getWorkspaceFolder(Uri.file(path))?.uri.fsPath ?? path;
}
