import {
  Composer,
  type CST,
  type Document,
  type DocumentOptions,
  Lexer,
  type LineCounter,
  type ParseOptions,
  Parser,
  type SchemaOptions,
} from 'yaml';
import type { PolicyProblem } from './policy.ts';

/** No policy comes near it. */
const deepest = 64;

/** What is the matter with what is deeper. */
export const tooDeep: PolicyProblem = Object.freeze({ line: 1, message: 'it is nested too deeply' });

/**
 * The documents of a policy; undefined where it is nested deeper than any policy is. Depth is counted before anything recursive
 * sees it: `yaml` composes by recursion, and a stack that is nearly full ends the whole process when V8 compiles a regular
 * expression on it.
 */
export function parseShallow(
  text: string,
  lines: LineCounter,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): readonly Document.Parsed[] | undefined {
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > deepest) return undefined;
  }
  for (const token of parser.end()) tokens.push(token);
  return [...new Composer({ ...options, lineCounter: lines }).compose(tokens, true, text.length)];
}
