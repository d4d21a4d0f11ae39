import { l10n, type QuickPickItem, window } from 'vscode';
import { type NewConfiguration, type NewProvider, problemOf } from '../../app/at-rest/new-configuration.ts';
import { providerInShort } from '../../app/at-rest/provider-words.ts';
import { shown } from '../../app/sentence.ts';

interface ProviderItem extends QuickPickItem {
  readonly provider: NewProvider['kind'];
}

const providerItems = (): readonly ProviderItem[] => [
  itemOf('secretbox', 'secretbox', l10n.t('recommended')),
  itemOf('kms', 'kms v2', l10n.t('a plugin with a key service')),
  itemOf('aesgcm', 'aesgcm', l10n.t('rotate it automatically')),
  itemOf('aescbc', 'aescbc', l10n.t('weak')),
];

function itemOf(kind: NewProvider['kind'], label: string, description: string): ProviderItem {
  return { label, description, detail: providerInShort(kind), provider: kind };
}

/** Asks what a new configuration is to say; what kube-apiserver would refuse is refused as it is typed. */
export async function askConfiguration(title: string): Promise<NewConfiguration | undefined> {
  const options = { title, ignoreFocusOut: true };
  const placeHolder = l10n.t('What encrypts?');
  const picked = await window.showQuickPick(providerItems(), {
    ...options,
    placeHolder,
    matchOnDetail: true,
  });
  if (picked === undefined) return undefined;
  const resources = await askResources(options);
  const provider = resources && (await askProvider(picked.provider, options));
  return resources && provider && { resources, provider };
}

interface Options {
  readonly title: string;
  readonly ignoreFocusOut: boolean;
}

const sample: NewProvider = { kind: 'secretbox', name: 'key1' };

async function askResources(options: Options): Promise<readonly string[] | undefined> {
  const typed = await window.showInputBox({
    ...options,
    prompt: l10n.t(
      'Which resources? Separated by commas: secrets, configmaps, deployments.apps, *.* for all',
    ),
    value: 'secrets',
    validateInput: (text) => said({ resources: listOf(text), provider: sample }),
  });
  return typed === undefined ? undefined : listOf(typed);
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

async function askProvider(kind: NewProvider['kind'], options: Options): Promise<NewProvider | undefined> {
  if (kind !== 'kms') {
    const name = await ask(
      l10n.t('Name of the key. Each value in etcd begins with it.'),
      'key1',
      options,
      (text) => ({
        kind,
        name: text,
      }),
    );
    return name === undefined ? undefined : { kind, name };
  }
  const name = await ask(l10n.t('Name of the plugin'), 'kms', options, (text) => ({
    kind,
    name: text,
    endpoint: 'unix:///a',
  }));
  if (name === undefined) return undefined;
  const endpoint = await ask(
    l10n.t("The plugin's socket"),
    'unix:///var/run/kms-plugin/socket.sock',
    options,
    (text) => ({ kind, name, endpoint: text }),
  );
  return endpoint === undefined ? undefined : { kind, name, endpoint };
}

function ask(
  prompt: string,
  value: string,
  options: Options,
  made: (text: string) => NewProvider,
): Thenable<string | undefined> {
  const validateInput = (text: string) => said({ resources: ['secrets'], provider: made(text) });
  return window.showInputBox({ ...options, prompt, value, validateInput });
}

function said(wanted: NewConfiguration): string {
  const problem = problemOf(wanted);
  return problem === undefined ? '' : shown(problem.slice(problem.lastIndexOf(': ') + 2));
}
