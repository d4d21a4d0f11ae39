import type { Span } from '../core/span.ts';
import { documentSchemeIds } from '../schemes/document-scheme.ts';
import { type SchemeId, valueSchemeIds } from '../schemes/scheme.ts';
import { matchesGlob } from './glob.ts';
import type { KeyReference } from './key-reference.ts';

/** Every scheme a policy may name. */
export const schemeIds: readonly SchemeId[] = [...valueSchemeIds, ...documentSchemeIds];

export const severities = ['error', 'warning', 'information', 'off'] as const;
export type Severity = (typeof severities)[number];

export const sealedSecretsScopes = ['strict', 'namespace-wide', 'cluster-wide'] as const;

/** What must be used for the files a glob matches. */
export interface PolicyRule {
  readonly path: string;
  readonly scheme: SchemeId;
  /** The first seals; all of them open. */
  readonly keys: readonly KeyReference[];
  /** The file itself is the secret. */
  readonly whole: boolean;
  readonly openedBy: 'webhook' | 'pipeline' | undefined;
  /** Of Sealed Secrets. Undefined: as a Secret's own annotations say, which is strict where they say nothing. */
  readonly scope: (typeof sealedSecretsScopes)[number] | undefined;
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
  /** From 1. */
  readonly line: number;
  /** What it is about, on that line; without it, all of the line. */
  readonly span?: Span;
  readonly message: string;
}

/** The first rule that matches. `path` is relative to the policy's folder, with `/`. */
export function ruleFor(policy: Policy, path: string): PolicyRule | undefined {
  return policy.rules.find((rule) => matchesGlob(rule.path, path));
}

export function isIgnored(policy: Policy, path: string): boolean {
  return policy.ignore.some((glob) => matchesGlob(glob, path));
}
