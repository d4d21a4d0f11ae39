import { randomBytes } from 'node:crypto';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { SopsMetadata } from './metadata.ts';
import { combineShares, splitSecret } from './shamir.ts';
import {
  isSupported,
  type KeyGroup,
  type KeyRecipient,
  type KeyStanza,
  recipientName,
  supportedKinds,
  unsupportedKey,
} from './stanza.ts';

/** Where wrapped data keys are opened: age identities, gpg, a key service. */
export interface DataKeySource {
  /** Undefined: none of the keys at hand. What is wrong with a key that should fit is thrown. */
  unwrap(stanza: KeyStanza): Promise<Plaintext | undefined>;
}

/** Where data keys are wrapped. */
export interface DataKeySealer {
  /** The stanza's `enc`. */
  wrap(recipient: KeyRecipient, part: Plaintext): Promise<string>;
}

/** Recipients by group, as a creation rule or a file names them. */
export interface KeyPlan {
  readonly groups: readonly (readonly KeyRecipient[])[];
  /** How many groups it takes; 0: all of them. */
  readonly shamirThreshold: number;
}

const dataKeyBytes = 32;

export function generateDataKey(): Plaintext {
  return new Plaintext(new Uint8Array(randomBytes(dataKeyBytes)));
}

/**
 * Gets the data key by the keys at hand, trying them in SOPS' order: age, then PGP. Unlike SOPS, it asks for no more groups
 * than it takes, those with age keys first: PGP keys may have passphrases.
 * @throws Failure `key.unsupported` where it takes a key service; `key.missing` naming the recipients; what a key itself threw,
 * where none of them opened; `sops.unreadable`
 */
export async function recoverDataKey(
  { groups, shamirThreshold }: Pick<SopsMetadata, 'groups' | 'shamirThreshold'>,
  source: DataKeySource,
): Promise<Plaintext> {
  const needed = groups.length === 1 ? 1 : Math.max(shamirThreshold, 2);
  requireUsable(groups, needed);
  // Where a file does not say how many it takes, it takes all.
  const enough = shamirThreshold < 2 ? groups.length : needed;
  const parts: Plaintext[] = [];
  let wrong: unknown;
  for (const group of groups.toSorted((a, b) => hasAge(b) - hasAge(a))) {
    if (parts.length === enough) break;
    const { part, error } = await unwrapGroup(group, source);
    if (part !== undefined) parts.push(part);
    wrong ??= error;
  }
  if (parts.length < needed) {
    if (wrong !== undefined) throw wrong;
    const hint = groups.flat().map(recipientName).join(', ');
    throw new Failure('key.missing', { scheme: 'sops', hint });
  }
  const key = groups.length === 1 ? parts[0] : combineShares(parts);
  if (key?.byteLength !== dataKeyBytes)
    throw new Failure('sops.unreadable', { reason: 'what its keys open to is no data key' });
  return key;
}

/**
 * Wraps a data key for everybody in the plan: whole for one group, a Shamir share a group for more.
 * @throws Failure `key.unsupported` before anything is wrapped; what the sealer throws
 */
export async function wrapForGroups(
  dataKey: Plaintext,
  { groups, shamirThreshold }: KeyPlan,
  sealer: DataKeySealer,
  now: Date,
): Promise<readonly KeyGroup[]> {
  const unsupported = groups.flat().find((recipient) => !isSupported(recipient));
  if (unsupported !== undefined) throw unsupportedKey(unsupported);
  const parts =
    groups.length > 1 ? splitSecret(dataKey, groups.length, shamirThreshold || groups.length) : [dataKey];
  return Promise.all(
    groups.map((group, index) =>
      Promise.all(
        group.map(
          async (recipient): Promise<KeyStanza> => ({
            ...recipient,
            enc: await sealer.wrap(recipient, parts[index] ?? dataKey),
            createdAt: recipient.kind === 'age' ? undefined : sopsTime(now),
          }),
        ),
      ),
    ),
  );
}

/**
 * What SOPS could not read again is not written: a group of nobody, or a threshold that does not fit the groups.
 * @throws Failure `policy.invalid`
 */
export function requireRecipients({ groups, shamirThreshold }: KeyPlan): void {
  const reason =
    groups.length === 0 || groups.some((group) => group.length === 0)
      ? 'it names nobody to encrypt to, or a key group of nobody'
      : 'shamir_threshold is 2 or more, and no more than there are key groups';
  const fits = shamirThreshold === 0 || (shamirThreshold >= 2 && shamirThreshold <= groups.length);
  const peopled = groups.length > 0 && groups.every((group) => group.length > 0);
  if (!peopled || (groups.length > 1 && !fits)) throw new Failure('policy.invalid', { reason });
}

/** RFC 3339 in UTC with whole seconds. */
export function sopsTime(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Nobody types a passphrase for a share where the others can only be had from key services. */
function requireUsable(groups: readonly KeyGroup[], needed: number): void {
  const hopeless = groups.filter((group) => !group.some(isSupported));
  const [stanza] = hopeless.flat();
  if (stanza !== undefined && groups.length - hopeless.length < needed) throw unsupportedKey(stanza);
}

function hasAge(group: KeyGroup): number {
  return group.some(({ kind }) => kind === 'age') ? 1 : 0;
}

async function unwrapGroup(
  group: KeyGroup,
  source: DataKeySource,
): Promise<{ readonly part?: Plaintext; readonly error?: unknown }> {
  let wrong: unknown;
  for (const stanza of supportedKinds.flatMap((kind) => group.filter((one) => one.kind === kind))) {
    try {
      const part = await source.unwrap(stanza);
      if (part !== undefined) return { part };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      wrong ??= error;
    }
  }
  return wrong === undefined ? {} : { error: wrong };
}
