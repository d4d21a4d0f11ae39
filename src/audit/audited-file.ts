import type { PolicyRule } from '../policy/policy.ts';
import type { SopsRule } from '../policy/sops-rule.ts';
import type { DocumentRecipient } from '../schemes/document-scheme.ts';

/** What the repository says about a file, worked out before it is looked into: an audit reads no files itself. */
export interface AuditedFile {
  /** The file's base name; empty for a text that is in no file. */
  readonly name: string;
  readonly policy: PolicyFacts | undefined;
}

/** As much of a rule as tells how the values of a file are to be sealed, and what opens them; its glob where it has one. */
export type AppliedRule = Pick<PolicyRule, 'scheme' | 'whole' | 'openedBy'> &
  Partial<Pick<PolicyRule, 'path'>>;

/** What policy says must be used in a file. An audit of a later version of the file is quicker if it gets the same object. */
export interface PolicyFacts {
  /** Of `.purser.yaml`, else what a `.sops.yaml` comes to; undefined where neither says anything. */
  readonly rule: AppliedRule | undefined;
  /** The names ciphertexts carry that are sealed to a key of the rule (`kid`, key name), where all of them are known. */
  readonly recipients: ReadonlySet<string> | undefined;
  /** Which keys SOPS would encrypt, where it is to be used and its rules can be read. */
  readonly sops?: SopsRule | undefined;
  /** Whom the creation rule of SOPS names, where it can be read. */
  readonly sopsRecipients?: readonly DocumentRecipient[] | undefined;
}

/** Policy facts where there is a rule. */
export interface AppliedPolicy extends PolicyFacts {
  readonly rule: AppliedRule;
}

/** What policy says, asked once: the facts may be worked out when they are asked. */
export function appliedPolicy(facts: PolicyFacts | undefined): AppliedPolicy | undefined {
  const rule = facts?.rule;
  if (facts === undefined || rule === undefined) return undefined;
  const { recipients, sops, sopsRecipients } = facts;
  return { rule, recipients, sops, sopsRecipients };
}

/** A text that is in no file: no name and no policy say anything about it. */
export const noFile: AuditedFile = Object.freeze({ name: '', policy: undefined });
