import { type CST, Lexer, Parser } from 'yaml';

/**
 * In open collections of `yaml`'s parser; no manifest has half of it. Its composer recurses: text that only opens collections
 * takes it minutes, or ends the whole process, which V8 does when it compiles a regular expression on a stack that is nearly full.
 */
const deepest = 200;

/** What `yaml` composes documents from. Throws RangeError where collections are nested too deeply for that. */
export function* yamlTokens(text: string): Generator<CST.Token> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > deepest) throw new RangeError('nested too deeply');
  }
  yield* parser.end();
}

/** Throws RangeError where a text is nested too deeply to be parsed. */
export function requireShallow(text: string): void {
  const tokens = yamlTokens(text);
  while (tokens.next().done !== true);
}
