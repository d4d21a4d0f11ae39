import { l10n, MarkdownString, workspace } from 'vscode';
import type { JoinedVaults } from '../app/joined-vaults.ts';
import type { KeyRing } from '../app/key-ring.ts';
import type { KeyFile } from '../app/keys/known-keys.ts';
import { shown } from '../app/sentence.ts';
import type { PolicyRule } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Description, SchemeId } from '../schemes/scheme.ts';

/** The person's own keys, by which it is told whether one of them opens a ciphertext. */
export interface OwnKeys {
  readonly registry: SchemeRegistry;
  readonly keys: KeyRing;
  readonly vaults: Pick<JoinedVaults, 'kept'>;
  readonly keysElsewhere: FindKeyFiles;
}

/** Reads the key files of the person's that other programs keep; those that cannot be read are left out. */
export type FindKeyFiles = () => Promise<readonly KeyFile[]>;

const day = 24 * 60 * 60 * 1000;

/** Whether the person can open it. In Restricted Mode no key is looked at. */
export async function linesOfOwn(
  scheme: SchemeId,
  recipients: readonly string[],
  { keys, vaults, registry, keysElsewhere }: OwnKeys,
): Promise<readonly string[]> {
  if (!workspace.isTrusted) return [];
  const { openerHere } = await import('../app/keys/who-opens.ts');
  const elsewhere = scheme === 'sops' ? await keysElsewhere() : [];
  const here = await openerHere(scheme, recipients, { ring: keys, vaults, registry, elsewhere });
  return here === undefined ? [] : [here];
}

/** Who can open it here, and in the cluster. */
export async function linesOfOpeners(
  scheme: SchemeId,
  recipients: readonly string[],
  rule: PolicyRule | undefined,
  own: OwnKeys,
): Promise<readonly string[]> {
  const { openerInCluster } = await import('../app/keys/who-opens.ts');
  return [...(await linesOfOwn(scheme, recipients, own)), openerInCluster(scheme, rule)];
}

/** What a ciphertext says of itself. */
export function linesOfCiphertext(title: string, description: Description): readonly string[] {
  const { algorithm, recipient, recipients, createdAt, boundTo, bytes, weakness, withPassword } = description;
  return [
    [...new Set([title, algorithm]), `${bytes} B`].join(', '),
    ...(recipient === undefined ? [] : [l10n.t('sealed to {0}', recipient)]),
    ...(recipients === undefined
      ? []
      : [l10n.t('sealed to {0} recipients: Purser opens what is sealed to one.', recipients)]),
    ...(withPassword === true ? [l10n.t('sealed with a password, which is asked for')] : []),
    ...(weakness === undefined
      ? []
      : [l10n.t('{0} is out of date: Seal Again uses a better one.', weakness)]),
    ...(createdAt === undefined ? [] : [madeLine(createdAt, new Date())]),
    ...(boundTo === undefined ? [] : [l10n.t('for {0}', boundTo)]),
  ];
}

/** What stands in a ciphertext's header or beside it comes from whoever made it. */
export function escaped(lines: readonly string[]): MarkdownString {
  const text = new MarkdownString();
  for (const [index, line] of lines.entries()) text.appendText(`${index === 0 ? '' : '\n'}${shown(line)}`);
  return text;
}

/** In whole days: a token's time is one of its maker's clock. */
function madeLine(madeAt: Date, now: Date): string {
  const days = Math.floor((now.getTime() - madeAt.getTime()) / day);
  const time = madeAt.toISOString();
  if (days < 0) return l10n.t('made {0}, which is yet to come', time);
  if (days === 0) return l10n.t('made {0}, today', time);
  return days === 1 ? l10n.t('made {0}, 1 day ago', time) : l10n.t('made {0}, {1} days ago', time, days);
}
