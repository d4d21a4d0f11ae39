import { Failure } from '../../core/errors.ts';
import { defaultSelectionRule, type SelectionRule, selectionRuleNames } from '../../core/sops-selection.ts';
import { macAad } from './mac.ts';
import { isList, isMap, type MetadataMap, type MetadataNode, textOf } from './metadata-node.ts';
import { type KeyGroup, keyGroupOf, keyKinds, keysOfGroup } from './stanza.ts';

/** The SOPS whose files ours are like: what stands in `version` of a file that Purser wrote. */
export const sopsVersion = '3.13.3';

/** What a SOPS file says of itself. */
export interface SopsMetadata {
  /** RFC 3339, as it stands in the file; the MAC is bound to it. */
  readonly lastModified: string;
  /** The MAC, encrypted; empty where the file has none. */
  readonly mac: string;
  readonly macOnlyEncrypted: boolean;
  readonly rule: SelectionRule;
  /** One group: each key wraps the whole data key. More: each group a Shamir share of it. */
  readonly groups: readonly KeyGroup[];
  /** How many groups it takes; 0 where the file does not say, or has one group. */
  readonly shamirThreshold: number;
  /** Of the SOPS that wrote it. */
  readonly version: string;
}

/**
 * Reads the `sops` mapping of a file, whatever its order and age (getsops/sops stores/stores.go).
 * @throws Failure `sops.unreadable`
 */
export function readSopsMetadata(map: MetadataMap): SopsMetadata {
  const lastModified = textOf(map, 'lastmodified');
  if (macAad(lastModified) === undefined) throw unreadable('lastmodified is no time');
  return {
    lastModified,
    mac: textOf(map, 'mac'),
    macOnlyEncrypted: /^(?:1|t|true)$/i.test(textOf(map, 'mac_only_encrypted')),
    rule: ruleOf(map),
    groups: groupsOf(map),
    shamirThreshold: thresholdOf(map),
    version: textOf(map, 'version'),
  };
}

/** The `sops` mapping as SOPS writes it since 3.13: in alphabetical order, without what is empty. */
export function writeSopsMetadata(metadata: SopsMetadata): MetadataMap {
  const { groups, rule, shamirThreshold } = metadata;
  const entries: [string, MetadataNode][] = [
    ['lastmodified', metadata.lastModified],
    ['mac', metadata.mac],
    [rule.name, rule.text],
    ['version', metadata.version],
  ];
  const [only] = groups;
  if (groups.length === 1 && only !== undefined) entries.push(...keysOfGroup(only));
  else entries.push(['key_groups', groups.map(writeGroup)]);
  if (shamirThreshold > 0) entries.push(['shamir_threshold', shamirThreshold]);
  if (metadata.macOnlyEncrypted) entries.push(['mac_only_encrypted', true]);
  return sorted(entries);
}

/** The stanzas as their members; SOPS always writes the two lists of an element, empty or not. */
function writeGroup(group: KeyGroup): MetadataMap {
  return sorted([['age', []], ['hc_vault', []], ...keysOfGroup(group)]);
}

function sorted(entries: readonly [string, MetadataNode][]): MetadataMap {
  return new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function ruleOf(map: MetadataMap): SelectionRule {
  const rules = selectionRuleNames
    .map((name) => ({ name, text: textOf(map, name) }))
    .filter(({ text }) => text !== '');
  if (rules.length > 1)
    throw unreadable(`it has ${rules.map(({ name }) => name).join(' and ')}, of which SOPS takes one`);
  return rules[0] ?? defaultSelectionRule;
}

function groupsOf(map: MetadataMap): readonly KeyGroup[] {
  const flat = keyGroupOf(map);
  if (flat.length > 0) return [flat];
  const groups = map.get('key_groups');
  const listed = isList(groups) ? groups.filter(isMap).map(keyGroupOf) : [];
  if (listed.length === 0) throw unreadable(`it names no key (${keyKinds.join(', ')})`);
  return listed;
}

function thresholdOf(map: MetadataMap): number {
  const text = textOf(map, 'shamir_threshold');
  if (text === '') return 0;
  if (!/^\d{1,3}$/.test(text)) throw unreadable('shamir_threshold is no number');
  return Number(text);
}

function unreadable(reason: string): Failure {
  return new Failure('sops.unreadable', { reason: `in the sops block, ${reason}` });
}

/** A file's version or ours, whichever is newer: it is raised when it is written anew, and never lowered. */
export function newerVersion(version: string): string {
  const parts = (text: string) => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [parts(version), parts(sopsVersion)];
  const at = [0, 1, 2].find((index) => a[index] !== b[index]) ?? 0;
  return (a[at] ?? 0) > (b[at] ?? 0) ? version : sopsVersion;
}
