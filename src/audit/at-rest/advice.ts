import type { Span } from '../../core/span.ts';
import {
  type ConfiguredKey,
  type EncryptionConfiguration,
  kindsOf,
  type ProviderElement,
  type ResourceRule,
} from '../../manifest/at-rest/configuration.ts';
import { repeatedResources, rulesOf } from '../../manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import { Finding, type Level } from '../finding.ts';
import { isSampleKey } from './sample-keys.ts';

const identities = {
  current: { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration' },
  legacy: { apiVersion: 'v1', kind: 'EncryptionConfig' },
} as const;

/** What a configuration that kube-apiserver takes is nevertheless not good for. */
export function adviceFor(
  configuration: EncryptionConfiguration,
  { tracked }: { readonly tracked: boolean },
): readonly Finding[] {
  const report = reporter(configuration);
  return [
    ...configuration.resources.flatMap((rule, index) => ruleAdvice(configuration, rule, index, report)),
    ...repeatedResources(configuration).map(({ item, first }) => {
      const matter = `stands in resources[${first}] already: the providers there write it, and the ones here can only read`;
      return report(item, `the resource ${item.text}`, 'at-rest/masked-rule', 'warning', matter);
    }),
    ...keysOf(configuration).flatMap(({ key, path }) => keyAdvice(key, path, tracked, report)),
  ];
}

type Report = (at: Span, entry: string, rule: RuleId, level: Level, matter: string) => Finding;

function reporter({ legacy }: EncryptionConfiguration): Report {
  const identity = identities[legacy ? 'legacy' : 'current'];
  const object = { ...identity, namespace: undefined, name: undefined };
  return ({ start, end }, entry, rule, level, matter) =>
    new Finding({ span: { start, end }, object, entry, located: undefined }, rule, level, matter);
}

function ruleAdvice(
  configuration: EncryptionConfiguration,
  rule: ResourceRule,
  index: number,
  report: Report,
): readonly Finding[] {
  const path = (provider: number) => `resources[${index}].providers[${provider}]`;
  const [writer] = rule.providers.items;
  const old = rule.providers.items.flatMap((element, at) =>
    element.kms?.apiVersion.text === 'v1'
      ? [report(element, path(at), 'at-rest/kms-v1', 'warning', kmsV1)]
      : [],
  );
  if (writer === undefined) return old;
  return [
    ...writerAdvice(configuration, rule, writer, (...rest) => report(writer, path(0), ...rest)),
    ...old,
  ];
}

const kmsV1 =
  'is kms v1, deprecated since Kubernetes 1.28 and refused since 1.29 without --feature-gates=KMSv1=true: use v2';

function writerAdvice(
  configuration: EncryptionConfiguration,
  rule: ResourceRule,
  writer: ProviderElement,
  report: (rule: RuleId, level: Level, matter: string) => Finding,
): readonly Finding[] {
  const [kind] = kindsOf(writer);
  if (kind === 'identity' && !isLeftOutOnPurpose(configuration, rule)) {
    const names = inList(rule.resources.items.map(({ text }) => text));
    const matter = `is identity and comes first: ${names} is written in plaintext; put it last`;
    return [report('at-rest/identity-first', 'warning', matter)];
  }
  if (kind === 'aescbc') {
    const matter =
      'is aescbc, which Kubernetes advises against: CBC is open to padding oracle attacks, and values are not authenticated; use secretbox or kms v2';
    return [report('at-rest/aescbc', 'warning', matter)];
  }
  if (kind === 'aesgcm') {
    const matter =
      'is aesgcm, whose key must be rotated every 200,000 writes: without an automatic rotation use secretbox or kms v2';
    return [report('at-rest/aesgcm', 'warning', matter)];
  }
  return [];
}

/** Identity alone before a wildcard is how one leaves a resource out: but hardly the Secrets. */
function isLeftOutOnPurpose(configuration: EncryptionConfiguration, rule: ResourceRule): boolean {
  if (rule.providers.items.length > 1) return false;
  const others = { ...configuration, resources: configuration.resources.filter((other) => other !== rule) };
  return rule.resources.items.every(({ text }) => {
    const resource = parseGroupResource(text);
    const isSecrets = resource.group === '' && resource.resource === 'secrets';
    return !isSecrets && rulesOf(others, resource).length > 0;
  });
}

function keyAdvice(key: ConfiguredKey, path: string, tracked: boolean, report: Report): readonly Finding[] {
  if (key.secret.text.byteLength === 0) return [];
  if (isSampleKey(key.secret)) {
    const matter = "is a sample key of Kubernetes' documentation, which everybody has: make a new one";
    return [report(key.secret, path, 'at-rest/sample-key', 'error', matter)];
  }
  if (!tracked) return [];
  const matter =
    'is a key in clear in a repository, and whoever has it can read the etcd data: move it out, and rotate it';
  return [report(key.secret, path, 'at-rest/key-in-repo', 'error', matter)];
}

function keysOf({
  resources,
}: EncryptionConfiguration): readonly { readonly key: ConfiguredKey; readonly path: string }[] {
  return resources.flatMap((rule, at) =>
    rule.providers.items.flatMap((element, provider) =>
      (['aesgcm', 'aescbc', 'secretbox'] as const).flatMap((kind) =>
        (element[kind]?.keys.items ?? []).map((key, index) => ({
          key,
          path: `resources[${at}].providers[${provider}].${kind}.keys[${index}].secret`,
        })),
      ),
    ),
  );
}

const mostNamed = 5;

function inList(names: readonly string[]): string {
  const some = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${some} and ${names.length - mostNamed} more` : some;
}
