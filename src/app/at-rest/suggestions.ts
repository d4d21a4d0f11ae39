import * as l10n from '@vscode/l10n';
import { providerInShort, providerWords } from './provider-words.ts';
import { type YamlPlace, yamlPlace } from './yaml-place.ts';

/** Something to complete with. */
export interface Suggestion {
  readonly label: string;
  /** A snippet, as editors have them; its further lines are indented as the line it stands in. */
  readonly snippet: string;
  readonly detail: string;
  /** A word or two, to choose by. */
  readonly hint: string;
}

/** What may be typed at an offset of an EncryptionConfiguration in YAML. Never a key. */
export function suggestionsAt(text: string, offset: number): readonly Suggestion[] {
  const place = yamlPlace(text, offset);
  if (place === undefined) return [];
  if (place.valueOf !== undefined) return values(place);
  const where = place.path.join('.');
  if (where === '') return rootKeys(text);
  const pad = ' '.repeat(place.column - place.indent);
  return keysAt[where]?.(pad) ?? [];
}

const one = (label: string, snippet: string, detail: string, hint = ''): Suggestion => ({
  label,
  snippet,
  detail,
  hint,
});

function rootKeys(text: string): readonly Suggestion[] {
  const all = [
    one('apiVersion', 'apiVersion: apiserver.config.k8s.io/v1', l10n.t('the version of this format')),
    one('kind', 'kind: EncryptionConfiguration', l10n.t('what this file is')),
    one(
      'resources',
      `resources:\n  - resources:\n      - \${1:secrets}\n    providers:\n      - $0`,
      l10n.t('which resources, and what reads and writes them'),
    ),
  ];
  return all.filter(({ label }) => !new RegExp(`^${label}\\s*:`, 'm').test(text));
}

/** kube-apiserver's resources, as its configuration names them; the first ones hold what is worth encrypting. */
const resourceNames = (): readonly Suggestion[] => [
  one('secrets', 'secrets', 'Secrets'),
  one('configmaps', 'configmaps', 'ConfigMaps'),
  one('serviceaccounts', 'serviceaccounts', 'ServiceAccounts'),
  one('events', 'events', l10n.t('Events of both groups: both are stored as events of the core group')),
  one('pods', 'pods', l10n.t('Pods, with the environment of their containers')),
  one('deployments.apps', 'deployments.apps', l10n.t('a resource of another group: resource.group')),
  one('*.', "'*.'", l10n.t('all resources of the core group')),
  one('*.apps', "'*.apps'", l10n.t('all resources of a group')),
  one('*.*', "'*.*'", l10n.t('all resources, custom ones too')),
];

function values({ path, valueOf }: YamlPlace): readonly Suggestion[] {
  const where = [...path, valueOf].join('.');
  if (where === 'resources.*.resources') {
    return resourceNames();
  }
  return valuesAt[where]?.() ?? [];
}

const valuesAt: Readonly<Record<string, () => readonly Suggestion[]>> = {
  apiVersion: () => [
    one('apiserver.config.k8s.io/v1', 'apiserver.config.k8s.io/v1', l10n.t('the version of this format')),
  ],
  kind: () => [one('EncryptionConfiguration', 'EncryptionConfiguration', l10n.t('what this file is'))],
  'resources.*.providers.*.kms.apiVersion': () => [
    one('v2', 'v2', providerWords.kms().note),
    one('v1', 'v1', providerWords['kms v1']().note),
  ],
  'resources.*.providers.*.kms.endpoint': () => [
    one('unix://', 'unix:///${1:var/run/kms-plugin/socket.sock}', l10n.t("the plugin's socket")),
  ],
};

/** A key that is yet to be made: nobody should type one. */
const keyLines = (pad: string) => `${pad}- name: \${1:key1}\n${pad}  secret: \${2:<base64 of the key>}`;

const keyed = (kind: 'secretbox' | 'aesgcm' | 'aescbc', pad: string) =>
  one(
    kind,
    `${kind}:\n${pad}  keys:\n${keyLines(`${pad}    `)}`,
    providerInShort(kind),
    providerWords[kind]().strength,
  );

const providers = (pad: string): readonly Suggestion[] => [
  keyed('secretbox', pad),
  one(
    'kms',
    `kms:\n${pad}  apiVersion: v2\n${pad}  name: \${1:plugin}\n${pad}  endpoint: unix:///\${2:var/run/kms-plugin/socket.sock}`,
    providerInShort('kms'),
    providerWords.kms().strength,
  ),
  keyed('aesgcm', pad),
  keyed('aescbc', pad),
  one('identity', 'identity: {}', providerInShort('identity'), providerWords.identity().encryption),
];

/** As an item of a list that is not begun yet. */
const asItems = (suggestions: readonly Suggestion[]) =>
  suggestions.map((suggestion) => ({ ...suggestion, snippet: `- ${suggestion.snippet}` }));

const keysOfProvider = (pad: string) => [
  one('keys', `keys:\n${keyLines(`${pad}  `)}`, l10n.t('the first one writes')),
];

const keyParts = () => [
  one('name', 'name: ${1:key1}', l10n.t('stands before each value that the key wrote')),
  one(
    'secret',
    'secret: ${1:<base64 of the key>}',
    l10n.t('the key; New EncryptionConfiguration… makes one, sealed'),
  ),
];

const keysAt: Readonly<Record<string, (pad: string) => readonly Suggestion[]>> = {
  resources: (pad) => [
    one(
      '- resources',
      `- resources:\n${pad}    - \${1:secrets}\n${pad}  providers:\n${pad}    - $0`,
      l10n.t('which resources, and what reads and writes them'),
    ),
  ],
  'resources.*': (pad) => [
    one('resources', `resources:\n${pad}  - \${1:secrets}`, l10n.t('which ones')),
    one('providers', `providers:\n${pad}  - $0`, l10n.t('the first one writes, all of them read')),
  ],
  'resources.*.resources': () => asItems(resourceNames()),
  'resources.*.resources.*': resourceNames,
  'resources.*.providers': (pad) => asItems(providers(`${pad}  `)),
  'resources.*.providers.*': providers,
  'resources.*.providers.*.secretbox': keysOfProvider,
  'resources.*.providers.*.aesgcm': keysOfProvider,
  'resources.*.providers.*.aescbc': keysOfProvider,
  'resources.*.providers.*.secretbox.keys.*': keyParts,
  'resources.*.providers.*.aesgcm.keys.*': keyParts,
  'resources.*.providers.*.aescbc.keys.*': keyParts,
  'resources.*.providers.*.kms': () => [
    one('apiVersion', 'apiVersion: v2', l10n.t('v2, unless the plugin is an old one')),
    one('name', 'name: ${1:plugin}', l10n.t('with v2 without a colon, and once in the file')),
    one('endpoint', 'endpoint: unix:///${1:var/run/kms-plugin/socket.sock}', l10n.t("the plugin's socket")),
    one('timeout', 'timeout: ${1:3s}', l10n.t('how long a call may take')),
  ],
};
