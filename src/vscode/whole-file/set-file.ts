import { l10n, workspace } from 'vscode';
import { sealWhole } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits } from '../apply-edits.ts';
import { askValue } from '../ask-value.ts';
import { howToSealIn, tellEncrypted, valueKey } from '../sealing.ts';
import type { Services } from '../services.ts';
import { warnOfPast } from '../warn-of-past.ts';
import { documentAt } from './peek-file.ts';

/** Set File: the content of a file that is one ciphertext, from the clipboard or another file; only its ciphertext reaches it. */
export async function setFile(argument: unknown, services: Services): Promise<void> {
  const document = await documentAt(argument);
  if (document === undefined) return;
  const { version } = document;
  const text = document.getText();
  const old = services.registry.ofToken(text.trim());
  const isWhole = (await services.policies.find(document.uri))?.rule?.whole === true;
  // Nobody means a whole manifest to give way to one ciphertext.
  if (old === undefined && !isWhole && text.trim() !== '') throw new Failure('entry.not-encrypted', {});
  const how = await howToSealIn(document.uri, services, old?.id);
  if (how === undefined) return;
  if (how.unit === 'document') throw new Failure('document.not-sealed', { scheme: how.scheme });
  const key = await valueKey(how, services);
  const plaintext = await askValue(workspace.asRelativePath(document.uri), services);
  if (plaintext === undefined) return;
  const { token, verification } = await sealWhole(plaintext, key);
  await applyEdits(document, version, [{ span: { start: 0, end: text.length }, text: token }]);
  tellEncrypted(1, verification === 'opened');
  warnOfPast(document.uri, [{ name: l10n.t('This file'), plaintext }], services);
}
