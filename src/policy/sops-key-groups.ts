import * as l10n from '@vscode/l10n';
import type { Node } from 'yaml';
import type { GoConfig } from './go-config.ts';
import { sopsKeyGroup } from './mapping-words.ts';
import { listed, parts, recipientOf, recordRecipient } from './sops-recipients.ts';
import type { SopsKeyKind, SopsRecipient } from './sops-rule.ts';

/** The kinds whose keys a group writes as mappings: what their members are called in a SOPS file, the main one first. */
const records: Partial<Record<SopsKeyKind, Readonly<Record<string, string>>>> = {
  kms: { arn: 'arn', role: 'role', context: 'context', aws_profile: 'aws_profile' },
  gcp_kms: { resource_id: 'resource_id' },
  hckms: { key_id: 'key_id' },
  azure_kv: { vaultUrl: 'vault_url', key: 'name', version: 'version' },
};

/** The members of a group that name keys, in the order in which SOPS takes them. */
const groupMembers = [
  ['age', 'age'],
  ['pgp', 'pgp'],
  ['kms', 'kms'],
  ['gcp_kms', 'gcp_kms'],
  ['hckms', 'hckms'],
  ['azure_keyvault', 'azure_kv'],
  ['hc_vault', 'hc_vault'],
] as const;

const known: readonly string[] = ['merge', ...groupMembers.map(([member]) => member)];

/** No honest group merges into what is merged into something this often. */
const deepestMerge = 16;

/**
 * Reads `key_groups` (getsops/sops config.go, `extractMasterKeys`): what a group merges comes before its own keys, and no key
 * counts twice in a group.
 */
export class SopsKeyGroups {
  readonly #config: GoConfig;

  constructor(config: GoConfig) {
    this.#config = config;
  }

  read(node: Node | undefined): readonly (readonly SopsRecipient[])[] {
    if (node === undefined) return [];
    return this.#config.list(node, 'key_groups').map((group) => {
      const recipients = withoutDoubles(this.#group(group, 0));
      if (recipients.length === 0)
        this.#config.problem(group ?? node, l10n.t('this key group names no keys'));
      return recipients;
    });
  }

  #group(group: Node | undefined, depth: number): readonly SopsRecipient[] {
    if (group === undefined) return [];
    if (depth > deepestMerge) {
      this.#config.problem(group, l10n.t('it merges itself, or far too deeply'));
      return [];
    }
    const record = this.#config.record(group, known, sopsKeyGroup);
    const merged = this.#config
      .list(record.get('merge'), 'merge')
      .flatMap((one) => this.#group(one, depth + 1));
    const own = groupMembers.flatMap(([member, kind]) => this.#keys(record.get(member), member, kind));
    return [...merged, ...own];
  }

  #keys(node: Node | undefined, member: string, kind: SopsKeyKind): readonly SopsRecipient[] {
    if (node === undefined) return [];
    const names = records[kind];
    if (names !== undefined)
      return this.#config
        .list(node, member)
        .flatMap((item) => recordRecipient(this.#config, item, kind, names) ?? []);
    const written = listed(this.#config, node, member);
    const each = kind === 'age' ? written.flatMap(parts) : written;
    return each.flatMap((one) => recipientOf(this.#config, kind, one) ?? []);
  }
}

function withoutDoubles(recipients: readonly SopsRecipient[]): readonly SopsRecipient[] {
  const told = new Map<string, SopsRecipient>();
  for (const recipient of recipients) {
    const { kind, fields } = recipient;
    const id = JSON.stringify([
      kind,
      [...fields].map(([name, value]) => [name, value instanceof Map ? [...value] : value]),
    ]);
    if (!told.has(id)) told.set(id, recipient);
  }
  return [...told.values()];
}
