import * as l10n from '@vscode/l10n';
import { isScalar, type Node } from 'yaml';
import type { GoConfig } from './go-config.ts';
import { memberNamed, sopsKeyOf } from './mapping-words.ts';
import { quoted } from './quoted.ts';
import type { SopsKeyKind, SopsRecipient } from './sops-rule.ts';

/** The members of a rule that name keys, in the order in which SOPS takes them. */
const ruleMembers = [
  ['age', 'age'],
  ['pgp', 'pgp'],
  ['kms', 'kms'],
  ['gcp_kms', 'gcp_kms'],
  ['hckms', 'hckms'],
  ['azure_keyvault', 'azure_kv'],
  ['hc_vault_transit_uri', 'hc_vault'],
] as const;

export const ruleKeyMembers: readonly string[] = ruleMembers.map(([member]) => member);

/** What is written as a key, and where. */
type Written = Pick<SopsRecipient, 'text' | 'span'>;

/** The keys that a rule names besides `key_groups`: one group (getsops/sops config.go, `getKeyGroupsFromCreationRule`). */
export function ruleRecipients(config: GoConfig, rule: ReadonlyMap<string, Node>): readonly SopsRecipient[] {
  const profile = config.text(rule.get('aws_profile'), 'aws_profile') ?? '';
  return ruleMembers.flatMap(([member, kind]) => {
    const node = rule.get(member);
    if (node === undefined) return [];
    const written =
      member === 'hckms' ? listed(config, node, member) : listedOrInOneText(config, node, member);
    return written
      .flatMap((one) => parts(one))
      .flatMap((one) => recipientOf(config, kind, one, profile) ?? []);
  });
}

/** One text with commas, or a list of texts; a number is neither to SOPS. */
function listedOrInOneText(config: GoConfig, node: Node, member: string): readonly Written[] {
  if (!isScalar(node)) return listed(config, node, member, isString);
  if (isString(config, node)) return [writtenAt(config, node, member)];
  config.problem(node, l10n.t('{0} must be text; quote it', member));
  return [];
}

/** The texts of a list. */
export function listed(
  config: GoConfig,
  node: Node | undefined,
  what: string,
  takes: (config: GoConfig, item: Node) => boolean = () => true,
): readonly Written[] {
  if (node === undefined) return [];
  return config.list(node, what).flatMap((item) => {
    if (item !== undefined && isScalar(item) && takes(config, item)) return [writtenAt(config, item, what)];
    config.problem(item ?? node, l10n.t('{0} must be a list of texts', what));
    return [];
  });
}

function isString(config: GoConfig, node: Node): boolean {
  return config.typeOf(node) === 'str';
}

function writtenAt(config: GoConfig, node: Node, what: string): Written {
  return { text: config.text(node, what) ?? '', span: config.span(node) };
}

/** What stands between the commas; what is empty there counts for nothing. */
export function parts({ text, span }: Written): readonly Written[] {
  if (!text.includes(',')) return [{ text: text.trim(), span }];
  return text
    .split(',')
    .map((part) => ({ text: part.trim(), span }))
    .filter((part) => part.text !== '');
}

/** A recipient as it is written in one text; undefined, and a problem, for what SOPS would refuse. */
export function recipientOf(
  config: GoConfig,
  kind: SopsKeyKind,
  { text, span }: Written,
  profile = '',
): SopsRecipient | undefined {
  const why = whyNone(kind, text);
  const fields = why === undefined ? readers[kind](text, profile) : undefined;
  if (fields !== undefined) return { kind, fields: new Map(Object.entries(fields)), text, span };
  config.problemAt(span, why ?? l10n.t('this is not written as a key of {0} is ({1})', kind, formOf(kind)));
  return undefined;
}

/** Why a text is no key at all, or none that belongs here. */
function whyNone(kind: SopsKeyKind, text: string): string | undefined {
  if (text === '') return l10n.t('a key is empty here');
  if (!/^AGE-|PRIVATE KEY/i.test(text)) return undefined;
  return l10n.t(
    'this is a private key of {0}: take it out, name its public half, and make a new one, for this one was to be read here',
    kind,
  );
}

/** What a key of each kind looks like. */
function formOf(kind: SopsKeyKind): string {
  if (kind === 'pgp') return l10n.t('a fingerprint');
  return kind === 'age' ? l10n.t('age1…, ssh-ed25519 … or ssh-rsa …') : forms[kind];
}

const forms: Readonly<Record<Exclude<SopsKeyKind, 'age' | 'pgp'>, string>> = {
  kms: 'arn:aws:kms:…',
  gcp_kms: 'projects/…/cryptoKeys/…',
  hckms: 'region:key-uuid',
  azure_kv: 'https://VAULT/keys/NAME/VERSION',
  hc_vault: 'https://VAULT/v1/ENGINE/keys/NAME',
};

type Fields = Readonly<Record<string, string>>;

/** What a SOPS file keeps of a key that is written in one text; undefined where it is none of its kind. */
const readers: Readonly<Record<SopsKeyKind, (text: string, profile: string) => Fields | undefined>> = {
  age: (text) => (/^(?:age1|ssh-)/.test(text) ? { recipient: text } : undefined),
  pgp: (text) => ({ fp: text.replaceAll(' ', '') }),
  kms: (text, profile) => kmsFields(text.replaceAll(' ', ''), profile),
  gcp_kms: (text) => ({ resource_id: text.replaceAll(' ', '') }),
  hckms: (text) => (/^[^:]+:./.test(text) ? { key_id: text } : undefined),
  azure_kv: vaultKeyFields,
  hc_vault: transitFields,
};

/** `ARN+ROLE` */
function kmsFields(text: string, profile: string): Fields {
  const plus = text.indexOf('+arn:');
  const arn = plus > 0 ? { arn: text.slice(0, plus), role: text.slice(plus + 1) } : { arn: text };
  return profile === '' ? arn : { ...arn, aws_profile: profile };
}

/** Azure's: without a version, the newest. */
function vaultKeyFields(text: string): Fields | undefined {
  const [, vault, name, version = ''] = /^(https:\/\/[^/]+)\/keys\/([^/]+)(?:\/([^/]*))?$/.exec(text) ?? [];
  return vault === undefined || name === undefined ? undefined : { vault_url: vault, name, version };
}

/** The path is `/v1/ENGINE/keys/NAME` from the address on: SOPS takes no longer one, but the engine may have slashes. */
function transitFields(text: string): Fields | undefined {
  const [, address, path = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)(\/[^?#]*)$/i.exec(text) ?? [];
  if (address === undefined || !/^\/v\d+\/[^/]+\/[^/]+\/[^/]/.test(path)) return undefined;
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  return {
    vault_address: address,
    engine_path: segments.slice(1, -2).join('/'),
    key_name: segments.at(-1) ?? '',
  };
}

/** The recipient as an item of a key group may write it: the keys of `record`, by the names of a SOPS file. */
export function recordRecipient(
  config: GoConfig,
  node: Node | undefined,
  kind: SopsKeyKind,
  names: Readonly<Record<string, string>>,
): SopsRecipient | undefined {
  if (node === undefined) return undefined;
  const fields = new Map<string, string | ReadonlyMap<string, string>>();
  const record = config.record(node, Object.keys(names), sopsKeyOf(kind));
  for (const [member, field] of Object.entries(names)) {
    const value = record.get(member);
    if (value === undefined) continue;
    if (member === 'context') fields.set(field, contextOf(config, value));
    else fields.set(field, config.text(value, member) ?? '');
  }
  const [main = ''] = Object.values(names);
  const text = fields.get(main);
  if (typeof text === 'string' && text !== '') return { kind, fields, text, span: config.span(node) };
  config.problem(node, l10n.t('a key of {0} must have {1}', kind, quoted(Object.keys(names)[0] ?? '')));
  return undefined;
}

/** The encryption context of a KMS key. */
function contextOf(config: GoConfig, node: Node): ReadonlyMap<string, string> {
  return new Map(
    config
      .members(node, memberNamed('context'))
      .map(({ key, value }) => [key, config.text(value, 'context') ?? '']),
  );
}
