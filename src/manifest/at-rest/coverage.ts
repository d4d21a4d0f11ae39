import type { EncryptionConfiguration, ProviderElement, ResourceRule, TextField } from './configuration.ts';
import type { SaidAt } from './decode-context.ts';
import { anyResource, type GroupResource, parseGroupResource, printGroupResource } from './group-resource.ts';

/** The one that writes a resource, and all that read it, in the order in which they are tried. */
export interface Coverage {
  readonly writer: ProviderElement | undefined;
  readonly readers: readonly ProviderElement[];
}

/**
 * What writes and reads a resource: the entries that name it, else those of its group's wildcard, else those of `*.*`; of several
 * entries all providers one after the other. Nothing at all means that it is stored in plaintext (config.go,
 * `transformerFromOverrides`).
 */
export function coverageOf(configuration: EncryptionConfiguration, resource: GroupResource): Coverage {
  return coverageBy(rulesByName(configuration), resource);
}

/** The same where many resources are asked for. */
export function coverageBy(rules: RulesByName, resource: GroupResource): Coverage {
  const readers = rulesBy(rules, resource).flatMap((rule) => rule.providers.items);
  return { writer: readers[0], readers };
}

/** The entries that name each resource or wildcard, each once, in order. */
export type RulesByName = ReadonlyMap<string, readonly ResourceRule[]>;

export function rulesByName({ resources }: EncryptionConfiguration): RulesByName {
  const rules = new Map<string, ResourceRule[]>();
  for (const rule of resources)
    for (const { text } of rule.resources.items) {
      const name = printGroupResource(parseGroupResource(text));
      const named = rules.get(name);
      if (named === undefined) rules.set(name, [rule]);
      else if (named.at(-1) !== rule) named.push(rule);
    }
  return rules;
}

/** The names under which an entry may decide on a resource: its own, its group's wildcard, any resource's. */
export function namesFor({ group, resource }: GroupResource): readonly string[] {
  return [{ group, resource }, { group, resource: '*' }, anyResource].map(printGroupResource);
}

/**
 * What API servers keep in etcd for themselves, past every configuration: their addresses, and the ranges that ports and addresses
 * of Services are taken from. Not even `*.*` encrypts these (storage without transformers in pkg/controlplane and pkg/registry/core).
 */
const neverEncrypted: ReadonlySet<string> = new Set(['masterleases', 'peerserverleases', 'ranges']);

/** The entries that decide on a resource. */
export function rulesOf(
  configuration: EncryptionConfiguration,
  resource: GroupResource,
): readonly ResourceRule[] {
  return rulesBy(rulesByName(configuration), resource);
}

function rulesBy(rules: RulesByName, resource: GroupResource): readonly ResourceRule[] {
  if (resource.group === '' && neverEncrypted.has(resource.resource)) return [];
  const name = namesFor(resource).find((each) => rules.has(each));
  return name === undefined ? [] : (rules.get(name) ?? []);
}

/** The first resource that a wildcard before it makes ineffective: kube-apiserver does not load such a configuration. */
export function maskedRule(configuration: EncryptionConfiguration): SaidAt | undefined {
  const seen = new Set<string>();
  for (const item of configuration.resources.flatMap((rule) => rule.resources.items)) {
    const resource = parseGroupResource(item.text);
    const masks = [{ group: resource.group, resource: '*' }, anyResource].map(printGroupResource);
    const mask = masks.find((name) => seen.has(name));
    const name = printGroupResource(resource);
    if (mask !== undefined) {
      const message = `resource "${name}" is masked by earlier rule "${mask}"`;
      return { start: item.start, end: item.end, message };
    }
    seen.add(name);
  }
  return undefined;
}

/** Resources that more than one entry names: the first one's provider writes, those of the others can only read. */
export function repeatedResources(
  configuration: EncryptionConfiguration,
): readonly { readonly item: TextField; readonly rule: number; readonly first: number }[] {
  const first = new Map<string, number>();
  return configuration.resources.flatMap(({ resources }, rule) =>
    resources.items.flatMap((item) => {
      const name = printGroupResource(parseGroupResource(item.text));
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, rule);
      return earlier === undefined || earlier === rule ? [] : [{ item, rule, first: earlier }];
    }),
  );
}
