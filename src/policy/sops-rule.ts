import { defaultSelectionRule, type SelectionRule, selectionOf } from '../core/sops-selection.ts';
import type { Span } from '../core/span.ts';

/** What SOPS' creation rule for a file says of its values. */
export interface SopsRule {
  /**
   * Whether a value would be encrypted, told from the keys above it; list positions do not count. Undefined where that
   * depends on comments, or on two statements of which SOPS allows one.
   */
  encrypts(path: readonly string[]): boolean | undefined;
}

/** The kinds of keys, as the metadata of a SOPS file calls them. */
export type SopsKeyKind = 'age' | 'pgp' | 'kms' | 'gcp_kms' | 'hckms' | 'azure_kv' | 'hc_vault';

/** Whom a creation rule names. */
export interface SopsRecipient {
  readonly kind: SopsKeyKind;
  /** What a SOPS file keeps of such a key: `recipient` of age, `fp` of pgp, `arn`, `role` and `context` of kms … */
  readonly fields: ReadonlyMap<string, string | ReadonlyMap<string, string>>;
  /** As it is written: one recipient, fingerprint, ARN, resource or URL. */
  readonly text: string;
  /** Where it is written, which is at the anchor where an alias stands for it. */
  readonly span: Span;
}

/** A creation rule of a `.sops.yaml`. */
export interface SopsCreationRule extends SopsRule {
  /** Go RE2, unanchored, against the path relative to the `.sops.yaml`; undefined matches every path. */
  readonly pathRegex: string | undefined;
  readonly selection: SelectionRule;
  readonly macOnlyEncrypted: boolean;
  /** One group: each key opens. More: each group opens a Shamir share. A rule that names no key has one empty group. */
  readonly groups: readonly (readonly SopsRecipient[])[];
  /** How many groups it takes; 0: all of them. */
  readonly shamirThreshold: number;
  /** Where the rule stands. */
  readonly span: Span;
  /** From 1. */
  readonly line: number;
}

/** How SOPS indents the files that it writes; undefined where `.sops.yaml` leaves it to SOPS: 4 in YAML, a tab in JSON. */
export interface SopsStores {
  readonly yamlIndent: number | undefined;
  /** -1 is a tab. */
  readonly jsonIndent: number | undefined;
}

const selectsByDefault = selectionOf(defaultSelectionRule, () => undefined);

/** A rule that says nothing: all is encrypted but what stands below a key that ends in `_unencrypted`. */
export const sopsByDefault: SopsRule = Object.freeze({
  encrypts: (path: readonly string[]) => selectsByDefault({ path, comments: [] }, false),
});
