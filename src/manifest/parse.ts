import { Composer, type Document, type YAMLParseError } from 'yaml';
import type { Span } from '../core/span.ts';
import { ObjectCollector } from './collect.ts';
import { splitDocuments } from './documents.ts';
import type { Manifest, ManifestDocument, Problem } from './manifest.ts';
import type { YamlEvents } from './yaml-events.ts';
import { TemplateEnds } from './yaml-templates.ts';
import { yamlTokens } from './yaml-tokens.ts';
import { tellNode } from './yaml-tree.ts';

const disputed: readonly (readonly [RegExp, string])[] = [
  [/\r(?!\n)/, 'a carriage return stands alone'],
  [/(?:^|\n)\ufeff/, 'a byte order mark stands inside the file'],
];
export const tooDeep = 'this document is nested too deeply';

/**
 * Reads a file with a YAML parser: the reader behind edits. Gives the same documents and entries as `scan` for every
 * document that parses; one that does not has its errors as problems and no objects. Never throws, never resolves
 * aliases, and keeps every scalar a string.
 */
export function parse(text: string): Manifest {
  return { text, documents: splitDocuments(text).map((span) => parseDocument(text, span)) };
}

/** One document of `parse`. */
export function parseDocument(text: string, span: Span): ManifestDocument {
  const collector = new ObjectCollector(text, span);
  const problems = tellDocument(text, span, collector);
  return problems.length > 0 ? { span, objects: [], problems, texts: [] } : collector.finish();
}

/**
 * Tells a document as the parser reads it. Where it does not parse, the problems are all there is to it: what was told up to
 * there does not count.
 */
export function tellDocument(text: string, span: Span, events: YamlEvents): readonly Problem[] {
  try {
    const [document, ...others] = compose(text.slice(span.start, span.end));
    const problems = problemsOf(text, span, document, others.length > 0);
    if (document === undefined || problems.length > 0) return problems;
    const templates = new TemplateEnds(text, span.end);
    const source = { text, base: span.start, end: span.end, templates, templateUntil: 0 };
    tellNode(document.contents, source, events);
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [{ offset: span.start, message: tooDeep }];
  }
}

function compose(source: string): Document.Parsed[] {
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    strict: true,
  });
  return [...composer.compose(yamlTokens(source))];
}

function problemsOf(
  text: string,
  span: Span,
  document: Document.Parsed | undefined,
  several: boolean,
): readonly Problem[] {
  const problems = (document?.errors ?? []).map(
    (error): Problem => ({ offset: span.start + error.pos[0], message: messageOf(error) }),
  );
  if (several) problems.push({ offset: span.start, message: 'a document marker is missing here' });
  return [...problems, ...disputedPlaces(text, span)];
}

/** What parses, and would be read otherwise by another parser. */
export function disputedPlaces(text: string, span: Span): readonly Problem[] {
  return disputed.flatMap(([pattern, what]) => {
    const at = text.slice(span.start, span.end).search(pattern);
    return at === -1
      ? []
      : [{ offset: span.start + at, message: `${what}, which YAML readers disagree about` }];
  });
}

/** yaml's messages may quote the text they are about, after a colon or as an escape; a message must not carry a value. */
export function messageOf({ code, message }: YAMLParseError): string {
  if (code === 'BAD_DQ_ESCAPE') return 'Invalid escape sequence';
  if (message.startsWith('Maximum call stack')) return tooDeep;
  if (code === 'MISSING_CHAR') return message;
  return (message.split(/[:\n]/)[0] ?? message).trim();
}
