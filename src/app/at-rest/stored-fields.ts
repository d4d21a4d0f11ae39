import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { readStoredObject } from '../../crypto/at-rest/read-stored-object.ts';
import type { StoredObject } from '../../crypto/at-rest/stored-object.ts';

/** One part of a stored object that may be secret. */
export interface StoredField {
  /** `data.password` */
  readonly name: string;
  /** `password` */
  readonly key: string;
  readonly value: Plaintext;
}

/** An object as it is shown: its parts, and what is known of it where it is one. */
export interface StoredFields {
  readonly object: StoredObject | undefined;
  readonly fields: readonly StoredField[];
}

/**
 * Takes an opened value apart for looking at: of a Secret its data, of any object its annotations (`kubectl apply` keeps a whole
 * Secret in one), of what was stored as JSON all of it. What is no object is one field.
 */
export function storedFields(plaintext: Plaintext): StoredFields {
  const object = objectIn(plaintext);
  const whole = { name: l10n.t('the whole value'), key: 'value', value: plaintext };
  if (object === undefined) return { object, fields: [whole] };
  const { metadata, secret, form } = object;
  const data = [...(secret?.data ?? [])].map(([key, value]) => ({ name: `data.${key}`, key, value }));
  const annotations = [...metadata.annotations].map(([key, value]) => ({
    name: `metadata.annotations.${key}`,
    key,
    value,
  }));
  const rest =
    form === 'json' && secret === undefined ? [{ ...whole, name: l10n.t('the whole object') }] : [];
  return { object, fields: [...data, ...annotations, ...rest] };
}

function objectIn(plaintext: Plaintext): StoredObject | undefined {
  try {
    return readStoredObject(plaintext);
  } catch (error) {
    if (Failure.is(error, 'stored.malformed')) return undefined;
    throw error;
  }
}
