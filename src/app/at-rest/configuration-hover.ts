import * as l10n from '@vscode/l10n';
import type { Span } from '../../core/span.ts';
import {
  type ConfiguredKey,
  type EncryptionConfiguration,
  kindsOf,
  type ProviderElement,
  type ProviderKind,
  type ResourceRule,
} from '../../manifest/at-rest/configuration.ts';
import { coverageOf } from '../../manifest/at-rest/coverage.ts';
import { parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { readConfiguration } from '../../manifest/at-rest/read-configuration.ts';
import { type Reader, readersOf } from '../../manifest/at-rest/readers.ts';
import { splitDocuments } from '../../manifest/documents.ts';
import { providerWords } from './provider-words.ts';

/** What is told about a place, in lines. */
export interface ConfigurationHover extends Span {
  readonly lines: readonly string[];
}

/** What can be told of a provider, a resource or a key of an EncryptionConfiguration at an offset; never a key. */
export function configurationHover(text: string, offset: number): ConfigurationHover | undefined {
  const document = splitDocuments(text).findLast(({ start }) => start <= offset);
  if (document === undefined) return undefined;
  const { start, end } = document;
  const { configuration } = readConfiguration(text.slice(start, end));
  const found = configuration && hoverIn(configuration, offset - start);
  return found && { start: found.start + start, end: found.end + start, lines: found.lines };
}

function hoverIn(configuration: EncryptionConfiguration, offset: number): ConfigurationHover | undefined {
  const rule = configuration.resources.find((one) => holds(one, offset));
  if (rule === undefined) return undefined;
  const resource = rule.resources.items.find((one) => holds(one, offset));
  if (resource !== undefined)
    return { ...spanOf(resource), lines: resourceLines(configuration, resource.text) };
  const element = rule.providers.items.find((one) => holds(one, offset));
  return element && elementHover(element, rule, offset);
}

function elementHover(
  element: ProviderElement,
  rule: ResourceRule,
  offset: number,
): ConfigurationHover | undefined {
  for (const kind of kindsOf(element)) {
    const provider = element[kind];
    if (provider === undefined) continue;
    if (holds(provider.keySpan, offset))
      return { ...spanOf(provider.keySpan), lines: providerLines(kind, element, rule) };
    if (kind === 'identity' || kind === 'kms') continue;
    const key = element[kind]?.keys.items.find((one) => holds(one.name, offset));
    if (key !== undefined) return { ...spanOf(key.name), lines: keyLines(key, rule) };
  }
  return undefined;
}

function providerLines(kind: ProviderKind, element: ProviderElement, rule: ResourceRule): readonly string[] {
  const isOld = kind === 'kms' && element.kms?.apiVersion.text === 'v1';
  const { encryption, strength, speed, key, note } = providerWords[isOld ? 'kms v1' : kind]();
  const isFirst = rule.providers.items[0] === element;
  return [
    l10n.t('{0}: {1}', kind, encryption),
    l10n.t('Strength: {0}. Speed: {1}. Key: {2}.', strength, speed, key),
    note,
    isFirst ? l10n.t('It comes first: it writes.') : readerLine(kind),
  ];
}

function readerLine(kind: ProviderKind): string {
  return kind === 'identity'
    ? l10n.t('It does not come first: it only reads what is in plaintext.')
    : l10n.t('It does not come first: it only reads what it wrote before.');
}

function resourceLines(configuration: EncryptionConfiguration, name: string): readonly string[] {
  const { readers } = coverageOf(configuration, parseGroupResource(name));
  const ids = readersOf(readers).map(inWords);
  const [writer] = ids;
  if (writer === undefined) return [l10n.t('{0} has no provider.', name)];
  return [
    l10n.t('{0} is written by {1}.', name, writer),
    l10n.t('Read by, in this order: {0}.', ids.join(', ')),
  ];
}

function inWords({ kind, id }: Reader): string {
  return kind === 'identity' ? l10n.t('identity, in plaintext') : id;
}

function keyLines(key: ConfiguredKey, { providers }: ResourceRule): readonly string[] {
  const readers = readersOf(providers.items);
  const at = readers.findIndex(({ start }) => start === key.start);
  const reader = readers[at];
  if (reader === undefined) return [];
  const same = readers.filter(({ prefix }) => prefix === reader.prefix).length;
  return [
    at === 0
      ? l10n.t('{0} comes first: it writes.', reader.id)
      : l10n.t('{0} only reads what it wrote before.', reader.id),
    l10n.t('Its values begin with {0} in etcd.', reader.prefix),
    ...(same > 1 ? [l10n.t('Another key here has the same name: they cannot be told apart.')] : []),
  ];
}

function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}
