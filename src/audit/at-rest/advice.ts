import * as l10n from '@vscode/l10n';
import type { Span } from '../../core/span.ts';
import {
  type EncryptionConfiguration,
  kindsOf,
  type NamedSpan,
  type ProviderElement,
  type ResourceRule,
} from '../../manifest/at-rest/configuration.ts';
import { namesFor, repeatedResources, rulesByName } from '../../manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import { Finding, type Level, type Matter } from '../finding.ts';

const identities = {
  current: { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration' },
  legacy: { apiVersion: 'v1', kind: 'EncryptionConfig' },
} as const;

/** What a configuration that kube-apiserver takes is nevertheless not good for; its keys are another matter. */
export function adviceFor(configuration: EncryptionConfiguration): readonly Finding[] {
  const advised: Advised = { report: reporter(configuration), rules: rulesByName(configuration) };
  return [
    ...configuration.resources.flatMap((rule, index) => ruleAdvice(rule, index, advised)),
    ...repeatedResources(configuration).map(({ item, first }) => {
      const matter: Matter = (place) =>
        l10n.t(
          '{0} stands in resources[{1}] already: the providers there write it, and the ones here can only read',
          place,
          first,
        );
      const resource = l10n.t('the resource {0}', item.text);
      return advised.report(item, resource, 'at-rest/masked-rule', 'warning', matter);
    }),
  ];
}

type Report = (at: Span, entry: string, rule: RuleId, level: Level, matter: Matter) => Finding;

/** Makes findings about a configuration, which has no name of its own. */
export function reporter({ legacy }: Pick<EncryptionConfiguration, 'legacy'>): Report {
  const identity = identities[legacy ? 'legacy' : 'current'];
  const object = { ...identity, namespace: undefined, name: undefined };
  return ({ start, end }, entry, rule, level, matter) =>
    new Finding({ span: { start, end }, object, entry, located: undefined }, rule, level, matter);
}

interface Advised {
  readonly report: Report;
  readonly rules: ReturnType<typeof rulesByName>;
}

function ruleAdvice(rule: ResourceRule, index: number, advised: Advised): readonly Finding[] {
  const path = (provider: number) => `resources[${index}].providers[${provider}]`;
  const [writer] = rule.providers.items;
  const old = rule.providers.items.flatMap(({ kms }, at) =>
    kms?.apiVersion.text === 'v1'
      ? [advised.report(kms.keySpan, path(at), 'at-rest/kms-v1', 'warning', kmsV1)]
      : [],
  );
  if (writer === undefined) return old;
  const at = nameOf(writer)?.keySpan ?? writer;
  return [...writerAdvice(rule, writer, advised, (...rest) => advised.report(at, path(0), ...rest)), ...old];
}

/** What an element is called, where it is anything. */
function nameOf(element: ProviderElement): NamedSpan | undefined {
  const [kind] = kindsOf(element);
  return kind && element[kind];
}

const kmsV1: Matter = (place) =>
  l10n.t(
    '{0} is kms v1, deprecated since Kubernetes 1.28 and refused since 1.29 without --feature-gates=KMSv1=true: use v2',
    place,
  );
const aescbc: Matter = (place) =>
  l10n.t(
    '{0} is aescbc, which Kubernetes advises against: CBC is open to padding oracle attacks, and values are not authenticated; use secretbox or kms v2',
    place,
  );
const aesgcm: Matter = (place) =>
  l10n.t(
    '{0} is aesgcm, whose key must be rotated every 200,000 writes: without an automatic rotation use secretbox or kms v2',
    place,
  );

function writerAdvice(
  rule: ResourceRule,
  writer: ProviderElement,
  { rules }: Advised,
  report: (rule: RuleId, level: Level, matter: Matter) => Finding,
): readonly Finding[] {
  const [kind] = kindsOf(writer);
  if (kind === 'identity' && !isLeftOutOnPurpose(rule, rules)) {
    const matter: Matter = (place) =>
      l10n.t(
        '{0} is identity and comes first: {1} is written in plaintext; put it last',
        place,
        inList(rule.resources.items.map(({ text }) => text)),
      );
    return [report('at-rest/identity-first', 'warning', matter)];
  }
  if (kind === 'aescbc') return [report('at-rest/aescbc', 'warning', aescbc)];
  if (kind === 'aesgcm') return [report('at-rest/aesgcm', 'warning', aesgcm)];
  return [];
}

/** Identity alone before a wildcard is how one leaves a resource out: but hardly the Secrets. */
function isLeftOutOnPurpose(rule: ResourceRule, rules: Advised['rules']): boolean {
  if (rule.providers.items.length > 1) return false;
  return rule.resources.items.every(({ text }) => {
    const resource = parseGroupResource(text);
    const isSecrets = resource.group === '' && resource.resource === 'secrets';
    return !isSecrets && namesFor(resource).some((name) => rules.get(name)?.some((other) => other !== rule));
  });
}

const mostNamed = 5;

function inList(names: readonly string[]): string {
  const some = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? l10n.t('{0} and {1} more', some, names.length - mostNamed) : some;
}
