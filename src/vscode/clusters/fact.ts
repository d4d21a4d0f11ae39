import type { Command } from 'vscode';
import type { GroupResource } from '../../manifest/at-rest/group-resource.ts';

/** Whether something is as it should be. Unknown where that is not known, or nobody's to say. */
export type FactState = 'good' | 'doubtful' | 'bad' | 'unknown' | 'plain';

/** Something that is told of a cluster and is no object of it. Its texts may be somebody else's: rows clean them. */
export interface Fact {
  readonly label: string;
  readonly description: string;
  readonly state: FactState;
  /** A product icon; undefined for the one of its state. */
  readonly icon?: string;
  /** Each a paragraph; plain text. */
  readonly tooltip: readonly string[];
  /** What a click does. */
  readonly command?: Command;
  /** What stands below it, by keys that are unique there. */
  readonly below?: readonly FactEntry[];
  /** What can be written anew, where it is about that. */
  readonly resource?: GroupResource;
}

export type FactEntry = readonly [key: string, fact: Fact];

/** What the row *Encryption at Rest* of a cluster says when it was asked once. */
export interface EncryptionKnown {
  /** Undefined before, and where asking failed. */
  readonly said: { readonly text: string; readonly state: FactState } | undefined;
}
