import { CodeActionKind, type Disposable, type DocumentFilter, languages } from 'vscode';
import { ConfigurationCompletions } from './at-rest/configuration-completions.ts';
import { ConfigurationHovers } from './at-rest/configuration-hovers.ts';
import { RotationLenses } from './at-rest/rotation-lenses.ts';
import type { OwnKeys } from './ciphertext-lines.ts';
import { Disposables } from './disposables.ts';
import type { Findings } from './findings.ts';
import { Hovers } from './hovers.ts';
import { type FindAddedBy, KeyFileHovers } from './keys/key-file-hovers.ts';
import type { KeysView } from './keys/keys-view.ts';
import type { Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';
import { QuickFixes } from './quick-fixes.ts';
import { SopsConfigHovers } from './sops-config-hovers.ts';
import { TokenHovers } from './whole-file/token-hovers.ts';

/** What is asked when a person looks at something in a document. */
interface Helpers extends OwnKeys {
  readonly manifests: Manifests;
  readonly policies: Pick<Policies, 'find'>;
  readonly findings: Findings;
  readonly keysView: Pick<KeysView, 'rows'>;
  readonly addedBy: FindAddedBy;
}

/** Where a file may be one ciphertext: in any language that such files are opened in. */
export function tokenFiles(selector: readonly DocumentFilter[]): readonly DocumentFilter[] {
  return [...selector, { scheme: 'file', language: 'plaintext' }];
}

/** Hovers, quick fixes and completions: all that keeps nothing of its own. */
export function helpInDocuments(selector: readonly DocumentFilter[], helpers: Helpers): Disposable {
  const own = new Disposables();
  const { manifests, policies, findings, keysView, addedBy } = helpers;
  own.add(languages.registerHoverProvider(selector, new Hovers(manifests, helpers)));
  own.add(languages.registerHoverProvider(tokenFiles(selector), new TokenHovers(helpers, policies)));
  own.add(languages.registerHoverProvider(selector, new ConfigurationHovers()));
  const sopsConfigs = { scheme: 'file', pattern: '**/.sops.yaml' };
  own.add(languages.registerHoverProvider(sopsConfigs, new SopsConfigHovers(findings)));
  const keyFiles = { scheme: 'file', pattern: '**/.purser/{keys,certs}/*' };
  own.add(languages.registerHoverProvider(keyFiles, new KeyFileHovers(keysView, addedBy)));
  own.add(
    languages.registerCodeActionsProvider(selector, new QuickFixes(manifests), {
      providedCodeActionKinds: [CodeActionKind.QuickFix],
    }),
  );
  const yaml = selector.filter(({ language }) => language === 'yaml');
  own.add(languages.registerCompletionItemProvider(yaml, new ConfigurationCompletions(), '-'));
  own.add(languages.registerCodeLensProvider(selector, new RotationLenses()));
  return own;
}
