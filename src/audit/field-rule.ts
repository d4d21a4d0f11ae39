import type { Span } from '../core/span.ts';
import type { Field } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { AuditedFile } from './audited-file.ts';
import type { Finding, ObjectIdentity } from './finding.ts';

/** One document as the rules that look beyond Secrets' maps see it. */
export interface FieldDocument {
  /** The file's, with blanks where Secrets of this document have their values, which are judged where they stand. */
  readonly text: string;
  readonly span: Span;
  /** Every scalar but those values. */
  readonly fields: readonly Field[];
  /** What the document's root says it is. */
  readonly object: ObjectIdentity;
  readonly file: AuditedFile;
}

/** A rule about values that stand elsewhere than in a Secret's `data` and `stringData`. */
export interface FieldRule {
  /** One of these stands in every document that the rule finds something in, in a file that it is not about by name. */
  readonly words: readonly string[];
  /** Whether a file is about this rule by its base name, whatever words stand in it. */
  readonly isAbout?: (fileName: string) => boolean;
  /** Whether such a document may hold something for this rule. */
  concerns(text: string, file: AuditedFile): boolean;
  findings(document: FieldDocument, registry: SchemeRegistry): Iterable<Finding>;
}
