import { matchesGlob } from './glob.ts';
import type { KeyReference } from './key-reference.ts';

/** Every scheme a policy may name; not all of them need be built in yet. */
export const policySchemes = ['jwe', 'fernet', 'secretbox', 'sealed-secrets', 'sops'] as const;
export type PolicyScheme = (typeof policySchemes)[number];

export const severities = ['error', 'warning', 'information', 'off'] as const;
export type Severity = (typeof severities)[number];

export const sealedSecretsScopes = ['strict', 'namespace-wide', 'cluster-wide'] as const;

/** What must be used for the files a glob matches. */
export interface PolicyRule {
  readonly path: string;
  readonly scheme: PolicyScheme;
  /** The first seals; all of them open. */
  readonly keys: readonly KeyReference[];
  /** The file itself is the secret. */
  readonly whole: boolean;
  readonly openedBy: 'webhook' | 'pipeline' | undefined;
  readonly scope: (typeof sealedSecretsScopes)[number];
  /** Where the rule stands in the policy file, from 1. */
  readonly line: number;
}

/** A `.purser.yaml`: what a repository says must be used where. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly ignore: readonly string[];
  readonly severity: ReadonlyMap<string, Severity>;
}

/** What a policy says that says nothing. */
export const emptyPolicy: Policy = Object.freeze({ rules: [], ignore: [], severity: new Map() });

export interface PolicyProblem {
  readonly line: number;
  readonly message: string;
}

/** The first rule that matches. `path` is relative to the policy's folder, with `/`. */
export function ruleFor(policy: Policy, path: string): PolicyRule | undefined {
  return policy.rules.find((rule) => matchesGlob(rule.path, path));
}

export function isIgnored(policy: Policy, path: string): boolean {
  return policy.ignore.some((glob) => matchesGlob(glob, path));
}
