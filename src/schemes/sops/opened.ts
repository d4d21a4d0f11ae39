import type { Plaintext } from '../../core/plaintext.ts';
import type { SopsValueType } from '../../crypto/sops-token.ts';
import type { SopsComment, SopsScalar } from '../../manifest/sops-tree.ts';
import type { SopsPlace } from './walk.ts';

/** A value of a file with what it holds. */
export interface OpenedSopsValue {
  readonly document: number;
  readonly place: SopsPlace;
  readonly node: SopsScalar;
  readonly type: SopsValueType;
  /** As SOPS hashes it: `True`, `511`. */
  readonly plaintext: Plaintext;
  /** Whether the file's rule has it encrypted. */
  readonly encrypted: boolean;
  /** One text at several places, by an alias: it cannot be changed at one of them. */
  readonly shared: boolean;
}

/** A comment that was encrypted, or a list item that SOPS keeps one in. */
export interface OpenedSopsComment {
  readonly document: number;
  readonly node: SopsComment | SopsScalar;
  readonly plaintext: Plaintext;
  /** The mapping keys it is bound to. */
  readonly path: readonly string[];
}

export interface OpenedSops {
  /** In file order. */
  readonly values: readonly OpenedSopsValue[];
  readonly comments: readonly OpenedSopsComment[];
}
