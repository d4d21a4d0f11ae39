import type { TextDocument } from 'vscode';
import { mayBeConfiguration } from '../../audit/at-rest/configuration-findings.ts';

/** What people call such files, as in the schema's patterns. */
const name = /encryption[-_.]?(?:provider[-_.]?)?config/i;
/** Longer files are not read at each word that is typed. */
const longest = 2000;

/** The text of a document that is, or is to become, an EncryptionConfiguration; undefined for all others. */
export function configurationText(document: TextDocument): string | undefined {
  if (document.lineCount > longest) return undefined;
  const text = document.getText();
  return mayBeConfiguration(text) || name.test(document.fileName) ? text : undefined;
}
