import * as l10n from '@vscode/l10n';
import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';

/** Above this, in bytes, no kubeconfig and no file that one names is read. */
export const configSizeLimit = 1024 * 1024;

const deepest = 64;
/** A `name: value` line is six; a kubeconfig with a hundred clusters has some ten thousand. */
const mostTokens = 50_000;

/** What YAML was read, or why it was not; the reason quotes nothing. */
export type ReadYaml = { readonly documents: readonly unknown[] } | { readonly reason: string };

/**
 * The documents of a small YAML or JSON file as plain values, empty ones left out. Never throws. Depth and number of tokens are
 * counted while they come, before anything recursive sees them: `yaml` composes by recursion, and a stack that is nearly full ends
 * the whole process when V8 compiles a regular expression on it.
 */
export function readYaml(text: string): ReadYaml {
  if (text.length > configSizeLimit) return { reason: l10n.t('it is larger than 1 MB') };
  const tokens = boundedTokens(text);
  if (typeof tokens === 'string') return { reason: tokens };
  const documents = [...new Composer(options).compose(tokens)];
  if (documents.some(({ errors }) => errors.length > 0))
    return { reason: l10n.t('it is no YAML, or has the same key twice') };
  try {
    return { documents: documents.map(valueOf).filter((value) => value !== null && value !== undefined) };
  } catch {
    // The message names the alias.
    return { reason: l10n.t('its aliases cannot be followed') };
  }
}

const options = {
  schema: 'core',
  merge: true,
  uniqueKeys: true,
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

function boundedTokens(text: string): CST.Token[] | string {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > deepest) return l10n.t('it is nested too deeply');
    if (++count > mostTokens) return l10n.t('it holds too much');
  }
  tokens.push(...parser.end());
  return tokens;
}

/** What aliases repeat is bounded by `yaml` itself: a hundred times. */
function valueOf(document: Document.Parsed): unknown {
  return document.toJS({ maxAliasCount: 100 });
}
