import { Failure } from '../../core/errors.ts';
import type { AgeKey } from '../../crypto/age/age-key.ts';
import { isSameRecipient as isSameAge, readAgeRecipient } from '../../crypto/age/recipient.ts';
import type { KeyPlan } from '../../crypto/sops/data-key.ts';
import type { SopsMetadata } from '../../crypto/sops/metadata.ts';
import {
  isSameRecipient,
  isSupported,
  type KeyRecipient,
  kindTitle,
  recipientName,
  unsupportedKey,
} from '../../crypto/sops/stanza.ts';
import type { SopsCreationRule } from '../../policy/sops-rule.ts';
import type { PolicyAnswer } from '../policy-finder.ts';
import type { RecipientTrust } from '../ports.ts';

/** The creation rule a file is sealed by. Throws `sops.no-rule`; `policy.invalid` where its `.sops.yaml` has a problem. */
export function requireRule({ sops }: Pick<PolicyAnswer, 'sops'>): SopsCreationRule {
  const [problem] = sops?.problems ?? [];
  if (sops !== undefined && problem !== undefined)
    throw new Failure('policy.invalid', { reason: problem.message }, { path: sops.file, line: problem.line });
  if (sops?.rule === undefined) throw new Failure('sops.no-rule', {});
  return sops.rule;
}

/** Whom a rule names, as a file keeps them. */
export function planOf({ groups, shamirThreshold }: SopsCreationRule): KeyPlan {
  return {
    groups: groups.map((group) => group.map(({ kind, fields }) => ({ kind, fields }))),
    shamirThreshold,
  };
}

/** Whom a file is sealed to. */
export function planIn({ groups, shamirThreshold }: SopsMetadata): KeyPlan {
  return {
    groups: groups.map((group) => group.map(({ kind, fields }) => ({ kind, fields }))),
    shamirThreshold,
  };
}

/** Whether a file is sealed to just these, each group to its own; their order does not count. */
export function isSealedTo({ groups, shamirThreshold }: SopsMetadata, plan: KeyPlan): boolean {
  const threshold = (all: KeyPlan) => (all.groups.length > 1 ? all.shamirThreshold || all.groups.length : 0);
  return (
    groups.length === plan.groups.length &&
    threshold({ groups, shamirThreshold }) === threshold(plan) &&
    groups.every((group, index) => isSameGroup(group, plan.groups[index] ?? []))
  );
}

function isSameGroup(a: readonly KeyRecipient[], b: readonly KeyRecipient[]): boolean {
  return without(a, b).length === 0 && without(b, a).length === 0;
}

/** Those of `all` that are none of the others. */
export function without(
  all: readonly KeyRecipient[],
  others: readonly KeyRecipient[],
): readonly KeyRecipient[] {
  return all.filter((recipient) => !others.some((other) => isSameRecipient(recipient, other)));
}

export interface Accepting {
  /** Recipients that need no question: named in the command. */
  readonly accepted: readonly string[];
  /** The person's own keys: who can open anyway is no news. */
  readonly own: readonly AgeKey[];
  readonly answer: PolicyAnswer;
}

/**
 * Refuses recipients that nothing can be sealed to, before anybody is asked to accept them.
 * @throws Failure `key.unusable`, `key.unsupported`
 */
export function requireUsable(recipients: readonly KeyRecipient[]): void {
  for (const recipient of recipients) {
    if (!isSupported(recipient)) throw unsupportedKey(recipient);
    const name = recipientName(recipient);
    if (recipient.kind === 'age') readAgeRecipient(name, name);
  }
}

/** Trust on first use: throws `recipients.untrusted` unless the person accepts everybody who could then read the file. */
export async function requireAccepted(
  recipients: readonly KeyRecipient[],
  { accepted, own, answer }: Accepting,
  trust: RecipientTrust,
): Promise<void> {
  const unknown = recipients
    .filter((one) => !accepted.some((other) => isNamed(one, other)) && !isOwn(one, own))
    .map((one) => ({ kind: kindTitle(one.kind), name: recipientName(one) }));
  if (unknown.length === 0) return;
  const file = answer.sops?.shown ?? '.sops.yaml';
  if (await trust.acceptsRecipients({ root: answer.root, file, recipients: unknown })) return;
  throw new Failure('recipients.untrusted', { file, recipients: unknown.map(({ name }) => name) });
}

/** PGP fingerprints are written with spaces and in either case; of a key of SSH, letters in the other case are another key. */
function isNamed(recipient: KeyRecipient, text: string): boolean {
  const name = recipientName(recipient);
  if (recipient.kind !== 'pgp') return name === text;
  const plain = (fingerprint: string) => fingerprint.replace(/\s/g, '').toLowerCase();
  return plain(name) === plain(text);
}

function isOwn(recipient: KeyRecipient, own: readonly AgeKey[]): boolean {
  if (recipient.kind !== 'age') return false;
  const name = recipientName(recipient);
  try {
    const wanted = readAgeRecipient(name, name);
    return own.some((key) => key.recipient !== undefined && isSameAge(key.recipient, wanted));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
