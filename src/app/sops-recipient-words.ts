import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';
import { readAgeRecipient, shortRecipient } from '../crypto/age/recipient.ts';
import { kindTitle, recipientName } from '../crypto/sops/stanza.ts';
import type { SopsRecipient } from '../policy/sops-rule.ts';
import type { ConfigNotice } from './config-notice.ts';
import { shown } from './sentence.ts';

/** A recipient of a creation rule in a few words: `age age1ql3z7hjy…q9z2ct`, `AWS KMS arn:aws:kms:…`. */
export function recipientWords(recipient: SopsRecipient): string {
  return `${kindTitle(recipient.kind)} ${shown(nameOf(recipient))}`;
}

function nameOf(recipient: SopsRecipient): string {
  if (recipient.kind !== 'age') return recipientName(recipient);
  try {
    return shortRecipient(readAgeRecipient(recipient.text, 'a recipient'));
  } catch (error) {
    if (Failure.is(error, 'key.unusable')) return recipient.text;
    throw error;
  }
}

/** What is wrong with a recipient that is written as its kind is; undefined for nothing that can be told here. */
export function recipientNotice({
  kind,
  text,
}: SopsRecipient): Pick<ConfigNotice, 'level' | 'message'> | undefined {
  if (kind === 'age') return ageNotice(text);
  if (kind === 'pgp' && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text.replaceAll(' ', '')))
    return {
      level: 'warning',
      message: l10n.t('this is no whole fingerprint of 40 digits: gpg may take another key for it'),
    };
  const form = forms[kind];
  if (form === undefined || form.pattern.test(text)) return undefined;
  return {
    level: 'error',
    message: l10n.t('SOPS refuses a key of {0} that is not written {1}', kindTitle(kind), form.written),
  };
}

/** What SOPS 3.13 tests before it calls the service (kms/keysource.go, gcpkms/keysource.go). */
const forms: Partial<Record<SopsRecipient['kind'], { readonly pattern: RegExp; readonly written: string }>> =
  {
    kms: {
      pattern: /^arn:aws[\w-]*:kms:[^:]+:[0-9]+:(?:key|alias)\/./,
      written: 'arn:aws:kms:REGION:ACCOUNT:key/ID',
    },
    gcp_kms: {
      pattern: /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
      written: 'projects/…/locations/…/keyRings/…/cryptoKeys/…',
    },
  };

function ageNotice(text: string): Pick<ConfigNotice, 'level' | 'message'> | undefined {
  try {
    readAgeRecipient(text, 'a recipient');
    return undefined;
  } catch (error) {
    if (!Failure.is(error, 'key.unusable')) throw error;
    // SOPS runs plugins.
    const level = /^age1(?!pq1).*1/.test(text) ? 'warning' : 'error';
    return { level, message: l10n.t('nothing can be sealed to this recipient: {0}', error.details.reason) };
  }
}
