import { l10n } from 'vscode';
import { Failure } from '../../core/errors.ts';
import { failureSentence } from '../failure-sentence.ts';
import type { Row } from './rows.ts';

/** Why something is not there, in the sentence that messages make of it. */
export function failureRow(error: unknown): Row {
  return errorRow(failureText(error));
}

export function errorRow(text: string): Row {
  return { row: 'message', text, severity: 'error' };
}

export function noteRow(text: string): Row {
  return { row: 'message', text, severity: 'information' };
}

export function failureText(error: unknown): string {
  return error instanceof Failure
    ? failureSentence(error)
    : l10n.t('Something went wrong; the log says what.');
}
