import { type CST, Lexer, Parser } from 'yaml';

/**
 * In open collections of `yaml`'s parser; no manifest has half of it. Its composer recurses: text that only opens collections
 * takes it minutes, or ends the whole process, which V8 does when it compiles a regular expression on a stack that is nearly full.
 */
const deepest = 200;

/**
 * What `yaml` composes documents from. Throws RangeError where collections are nested too deeply for that.
 * @param onNewLine is told the offset of each line but the first
 */
export function* yamlTokens(text: string, onNewLine?: (offset: number) => void): Generator<CST.Token> {
  const parser = new Parser(onNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > deepest) throw new RangeError('nested too deeply');
  }
  yield* parser.end();
}
