import type { PathPattern } from './field-path.ts';

/** Where an operator's object may hold literal values of the Secret it makes. */
export interface LiteralPlace {
  readonly path: PathPattern;
  /** What the object's `apiVersion` begins with, where its kind alone says too little. */
  readonly group?: string;
  /** `data`: the value is base64, as in a Secret. */
  readonly map?: 'data';
  /** What names the value if not its own key: the key above it, or the text of the key beside it. */
  readonly named?: 'above' | 'key';
  /** All that stands there ends up in a Secret as it is; a template, by contrast, is mostly config around expressions. */
  readonly secretByPlace?: boolean;
}

const path = (text: string): PathPattern => text.split('.');

function template(root: string): readonly LiteralPlace[] {
  return [
    { path: path(`${root}.data.*`) },
    { path: path(`${root}.stringData.*`) },
    { path: path(`${root}.templateFrom.*.literal`) },
  ];
}

const stores: readonly LiteralPlace[] = [
  { path: path('spec.provider.fake.data.*.value'), named: 'key', secretByPlace: true },
  { path: path('spec.provider.fake.data.*.valueMap.*'), secretByPlace: true },
  { path: path('spec.provider.*.*.value'), named: 'above' },
  { path: path('spec.provider.*.auth.*.value'), named: 'above' },
  { path: path('spec.provider.webhook.url') },
  { path: path('spec.provider.webhook.body') },
  { path: path('spec.provider.*.headers.*') },
];

const mittwald = 'secretgenerator.mittwald.de/';
const carvel = 'secretgen.';
const hashicorp: readonly LiteralPlace[] = [
  { path: path('spec.destination.transformation.templates.*.text'), named: 'above' },
];

/**
 * SealedSecret (bitnami.com), External Secrets Operator (external-secrets.io and its generators; before it
 * kubernetes-client.io), SopsSecret (isindir.github.com), Vault Secrets Operator, Infisical, carvel's
 * secretgen-controller, mittwald's secret generator, ClusterSecret (clustersecret.io).
 */
const places: readonly (readonly [kind: string, places: readonly LiteralPlace[]])[] = [
  ['SealedSecret', template('spec.template')],
  ['ExternalSecret', [...template('spec.target.template'), ...template('spec.template')]],
  ['ClusterExternalSecret', template('spec.externalSecretSpec.target.template')],
  ['PushSecret', template('spec.template')],
  ['ClusterPushSecret', template('spec.pushSecretSpec.template')],
  ['SecretStore', stores],
  ['ClusterSecretStore', stores],
  ['Fake', [{ path: path('spec.data.*'), group: 'generators.external-secrets.io/', secretByPlace: true }]],
  ['ClusterGenerator', [{ path: path('spec.generator.fakeSpec.data.*'), secretByPlace: true }]],
  [
    'SopsSecret',
    [
      { path: path('spec.secretTemplates.*.stringData.*'), secretByPlace: true },
      { path: path('spec.secretTemplates.*.data.*'), map: 'data', secretByPlace: true },
    ],
  ],
  ['ClusterSecret', [{ path: path('data.*'), group: 'clustersecret.io/', map: 'data', secretByPlace: true }]],
  ['VaultStaticSecret', hashicorp],
  ['VaultDynamicSecret', hashicorp],
  ['VaultPKISecret', hashicorp],
  ['HCPVaultSecretsApp', hashicorp],
  ['SecretTransformation', [{ path: path('spec.templates.*.text'), named: 'above' }]],
  [
    'InfisicalSecret',
    [
      ...template('spec.managedSecretReference.template'),
      ...template('spec.managedKubeSecretReferences.*.template'),
    ],
  ],
  [
    'SecretTemplate',
    [
      { path: path('spec.template.stringData.*'), group: carvel },
      { path: path('spec.template.data.*'), group: carvel },
    ],
  ],
  ['StringSecret', [{ path: path('spec.data.*'), group: mittwald, secretByPlace: true }]],
];

/** By kind. */
export const literalPlaces: ReadonlyMap<string, readonly LiteralPlace[]> = new Map(places);

/** One of these stands in every object of these kinds. */
export const literalWords: readonly string[] = [
  'Secret',
  'generators.external-secrets.io',
  'VaultSecretsApp',
  'SecretTransformation',
];

const kind = new RegExp(
  `kind["']?\\s{0,8}:\\s{0,8}["']?(?:${places.map(([name]) => name).join('|')})(?!\\w)`,
);

/** Whether a text may hold an object of one of these kinds. */
export function mayHoldLiteralPlaces(text: string): boolean {
  return kind.test(text);
}
