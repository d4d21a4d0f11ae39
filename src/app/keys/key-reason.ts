import * as l10n from '@vscode/l10n';
import type { Failure } from '../../core/errors.ts';

/** Why a key cannot be used, without what to do: it stands in a list of keys. */
export function sentenceReason({ details }: Failure): string {
  return 'reason' in details ? details.reason : l10n.t('it cannot be read');
}
