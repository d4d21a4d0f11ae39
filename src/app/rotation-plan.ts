import type { Failure } from '../core/errors.ts';
import type { Edit } from '../core/span.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { DocumentWorks } from './documents/document-work.ts';
import type { Verification } from './encrypt.ts';
import type { KeyRing } from './key-ring.ts';
import type { Repository, Trust } from './ports.ts';

export interface RotationPorts {
  readonly keys: KeyRing;
  readonly trust: Trust;
  readonly repository: Repository;
  readonly registry: SchemeRegistry;
  readonly documents: DocumentWorks;
}

/** What it takes to seal a file to today's keys, as far as it can be done. */
export interface RotationPlan {
  readonly edits: readonly Edit[];
  /** Values and documents that the edits seal again. */
  readonly renewed: number;
  /** Those that are sealed to today's keys already. */
  readonly current: number;
  /** Why the others stay as they are, each with its place. */
  readonly left: readonly Failure[];
  readonly verification: Verification;
  /** What the person should know and need not act on. */
  readonly notes: readonly string[];
}
