import * as l10n from '@vscode/l10n';
import {
  Composer,
  type Document,
  type DocumentOptions,
  type LineCounter,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';
import { yamlTokens } from '../manifest/yaml-tokens.ts';
import type { PolicyProblem } from './policy.ts';

/** What is the matter with what is deeper. */
export function tooDeep(): PolicyProblem {
  return { line: 1, message: l10n.t('it is nested too deeply') };
}

/** The documents of a policy, with the lines they count; undefined where it is nested too deeply to be read. */
export function parseShallow(
  text: string,
  lines: LineCounter,
  options: ParseOptions & DocumentOptions & SchemaOptions,
): readonly Document.Parsed[] | undefined {
  lines.addNewLine(0);
  const composer = new Composer({ ...options, lineCounter: lines });
  try {
    return [...composer.compose(yamlTokens(text, lines.addNewLine), true, text.length)];
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
