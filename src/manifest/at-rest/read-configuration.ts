import { LineIndex, type Span } from '../../core/span.ts';
import { contentOf, splitDocuments } from '../documents.ts';
import { OutlineBuilder, type OutlineNode } from '../outline.ts';
import { readBlocks } from '../yaml-block.ts';
import type { YamlEvents } from '../yaml-events.ts';
import type { EncryptionConfiguration } from './configuration.ts';
import { decodeConfiguration } from './decode.ts';
import { DecodeErrors, type SaidAt } from './decode-context.ts';
import { type ReadValue, readGoValue } from './go-value.ts';
import { readTypeMeta } from './type-meta.ts';

export interface ReadConfiguration {
  /** As far as it was understood; undefined where the text is none. */
  readonly configuration: EncryptionConfiguration | undefined;
  /** Why kube-apiserver does not decode it, in its words; of several things that are not strictly right, each. */
  readonly errors: readonly SaidAt[];
}

/** How a document is read: leniently at every keystroke, or by the parser (`tellDocument`), which finds what is no YAML. */
export type TellDocument = (
  text: string,
  span: Span,
  events: YamlEvents,
) => readonly { readonly offset: number; readonly message: string }[];

/**
 * Reads the first document of a file as kube-apiserver decodes it (pkg/server/options/encryptionconfig, `loadConfig`). Total and
 * linear. What is wrong with the syntax of YAML or JSON is said in words of its own.
 */
export function readConfiguration(text: string, tell: TellDocument = tellLeniently): ReadConfiguration {
  const json = /^(?:(?!\ufeff)[\s\u0085])*\{/.test(text);
  const syntax = json ? jsonProblem(text) : undefined;
  if (syntax !== undefined) return { configuration: undefined, errors: [syntax] };
  const outline = outlineOf(text, tell);
  const read = readGoValue(outline.root, text, json);
  const broken = outline.problem ?? yamlProblem(read);
  if (broken !== undefined) return { configuration: undefined, errors: [broken] };
  const meta = readTypeMeta(read.value);
  if ('message' in meta) return { configuration: undefined, errors: [meta] };
  const errors = new DecodeErrors();
  const configuration = decodeConfiguration(errors, read.value, meta.legacy);
  const first = errors.fatal ?? errors.type;
  return { configuration, errors: first === undefined ? strictErrors(text, read, errors) : [first] };
}

function strictErrors(text: string, { repeated }: ReadValue, { strict }: DecodeErrors): readonly SaidAt[] {
  const lines = new LineIndex(text);
  const twice = repeated.map(({ printed, span, line }) => {
    const message = `line ${lines.positionAt(line).line}: key ${printed} already set in map`;
    return { start: span.start, end: span.end, message: `yaml: unmarshal errors:\n  ${message}` };
  });
  return [...twice, ...strict];
}

interface Outline {
  readonly root: OutlineNode | undefined;
  readonly problem: SaidAt | undefined;
}

function outlineOf(text: string, tell: TellDocument): Outline {
  const [document] = splitDocuments(text).filter((span) =>
    /\S/.test(withoutComments(text, contentOf(text, span))),
  );
  const span = document ?? { start: 0, end: text.length };
  const outline = new ProblemOutline(text, span.end);
  const told = tell(text, span, outline);
  const [problem] = [...told, ...outline.problems];
  if (problem === undefined) return { root: outline.root, problem: undefined };
  const { offset, message } = problem;
  return { root: undefined, problem: { start: offset, end: offset, message: `yaml: ${message}` } };
}

function tellLeniently(text: string, span: Span, events: YamlEvents): ReturnType<TellDocument> {
  readBlocks(text, contentOf(text, span), events);
  return [];
}

class ProblemOutline extends OutlineBuilder {
  readonly problems: { readonly offset: number; readonly message: string }[] = [];

  override problem(offset = 0, message = ''): void {
    this.problems.push({ offset, message });
  }
}

function withoutComments(text: string, { start, end }: Span): string {
  return text.slice(start, end).replace(/^[ \t]*(?:[#%].*|\.\.\.[ \t]*)$/gm, '');
}

function yamlProblem({ problem }: ReadValue): SaidAt | undefined {
  return problem && { start: problem.start, end: problem.end, message: `yaml: ${problem.reason}` };
}

/** What the JSON reader of Node says may quote the file, keys included. */
function jsonProblem(text: string): SaidAt | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const start = text.indexOf('{');
    const message = "couldn't get version/kind; json parse error: the file begins with { and is not JSON";
    return { start, end: start + 1, message };
  }
}
