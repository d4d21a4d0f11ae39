import type { Plaintext } from '../../core/plaintext.ts';
import type { StoredMetadata } from './object-meta.ts';
import type { PlainForm } from './stored-mark.ts';

/** A Secret's own fields. Values do not print. */
export interface StoredSecret {
  readonly type: string;
  readonly immutable: boolean;
  readonly data: ReadonlyMap<string, Plaintext>;
}

/** A stored object, once it is open. */
export interface StoredObject {
  readonly form: PlainForm;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StoredMetadata;
  /** Of a Secret of `v1`; of other kinds, only what they are and how they are called is read. */
  readonly secret: StoredSecret | undefined;
}
