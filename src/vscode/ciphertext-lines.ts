import { MarkdownString, workspace } from 'vscode';
import type { JoinedVaults } from '../app/joined-vaults.ts';
import type { KeyRing } from '../app/key-ring.ts';
import { shown } from '../app/sentence.ts';
import type { PolicyRule } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Description, SchemeId } from '../schemes/scheme.ts';
import { count } from './counts.ts';

/** The person's own keys, by which it is told whether one of them opens a ciphertext. */
export interface OwnKeys {
  readonly registry: SchemeRegistry;
  readonly keys: KeyRing;
  readonly vaults: Pick<JoinedVaults, 'kept'>;
}

const day = 24 * 60 * 60 * 1000;

/** Whether the person can open it. In Restricted Mode no key is looked at. */
export async function linesOfOwn(
  scheme: SchemeId,
  recipients: readonly string[],
  { keys, vaults, registry }: OwnKeys,
): Promise<readonly string[]> {
  if (!workspace.isTrusted) return [];
  const { openerHere } = await import('../app/keys/who-opens.ts');
  const here = await openerHere(scheme, recipients, keys, vaults, registry);
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
  const { algorithm, recipient, createdAt, boundTo, bytes, weakness, withPassword } = description;
  return [
    [...new Set([title, algorithm]), `${bytes} B`].join(', '),
    ...(recipient === undefined ? [] : [`sealed to ${recipient}`]),
    ...(withPassword === true ? ['sealed with a password, which is asked for'] : []),
    ...(weakness === undefined ? [] : [`${weakness} is out of date: Seal Again uses a better one.`]),
    ...(createdAt === undefined ? [] : [`made ${createdAt.toISOString()}, ${ageOf(createdAt, new Date())}`]),
    ...(boundTo === undefined ? [] : [`for ${boundTo}`]),
  ];
}

/** What stands in a ciphertext's header or beside it comes from whoever made it. */
export function escaped(lines: readonly string[]): MarkdownString {
  const text = new MarkdownString();
  for (const [index, line] of lines.entries()) text.appendText(`${index === 0 ? '' : '\n'}${shown(line)}`);
  return text;
}

/** In whole days: a token's time is one of its maker's clock. */
function ageOf(madeAt: Date, now: Date): string {
  const days = Math.floor((now.getTime() - madeAt.getTime()) / day);
  if (days < 0) return 'which is yet to come';
  return days === 0 ? 'today' : `${count(days, 'day')} ago`;
}
