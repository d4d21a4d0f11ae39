import { CodeActionKind, type ExtensionContext, languages } from 'vscode';
import { JoinedVaults } from './app/joined-vaults.ts';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFactsFinder } from './app/policy-facts.ts';
import { KeyFolder } from './node/key-folder.ts';
import { NodeFiles } from './node/node-files.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { secretboxScheme } from './schemes/secretbox.ts';
import { AcceptedKeys } from './vscode/accepted-keys.ts';
import { Clipboard } from './vscode/clipboard.ts';
import { ConsentedEnvironment } from './vscode/consented-environment.ts';
import { ContextKeys } from './vscode/context-keys.ts';
import { Copies } from './vscode/copies.ts';
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
  const { files, finder, policies, findings } = started;
  const registry = new SchemeRegistry([jweScheme(), fernetScheme(() => new Date()), secretboxScheme()]);
  const vaults = new JoinedVaults([
    new SecretVault(context.secrets),
    new KeyFolder(keyFolder, new NodeFiles()),
  ]);
  const keys = new KeyRing(files, vaults, new ConsentedEnvironment(context.workspaceState));
  const facts = () => new PolicyFactsFinder(finder, keys, registry);
  const manifests = own.add(new Manifests(registry, policies, facts));

  own.add(new OpenDocuments(manifests, policies, findings));
  own.add(new Copies(findings));
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
  return { ...started, registry, manifests, keys, vaults, trust, clipboard: own.add(new Clipboard()) };
}
