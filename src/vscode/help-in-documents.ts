import { CodeActionKind, type Disposable, type DocumentFilter, languages } from 'vscode';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { ConfigurationCompletions } from './at-rest/configuration-completions.ts';
import { ConfigurationHovers } from './at-rest/configuration-hovers.ts';
import { RotationLenses } from './at-rest/rotation-lenses.ts';
import { Disposables } from './disposables.ts';
import type { Findings } from './findings.ts';
import { Hovers, type OwnKeys } from './hovers.ts';
import { type FindAddedBy, KeyFileHovers } from './keys/key-file-hovers.ts';
import type { KeysView } from './keys/keys-view.ts';
import type { Manifests } from './manifests.ts';
import { QuickFixes } from './quick-fixes.ts';
import { SopsConfigHovers } from './sops-config-hovers.ts';

/** What is asked when a person looks at something in a document. */
interface Helpers extends OwnKeys {
  readonly manifests: Manifests;
  readonly registry: SchemeRegistry;
  readonly findings: Findings;
  readonly keysView: Pick<KeysView, 'rows'>;
  readonly addedBy: FindAddedBy;
}

/** Hovers, quick fixes and completions: all that keeps nothing of its own. */
export function helpInDocuments(selector: readonly DocumentFilter[], helpers: Helpers): Disposable {
  const own = new Disposables();
  const { manifests, registry, findings, keysView, addedBy } = helpers;
  own.add(languages.registerHoverProvider(selector, new Hovers(manifests, registry, helpers)));
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
