import { workspace } from 'vscode';
import { sealWhole } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits } from '../apply-edits.ts';
import { askValue } from '../ask-value.ts';
import { howToSealIn, tellEncrypted, valueKey } from '../sealing.ts';
import type { Services } from '../services.ts';
import { documentAt } from './peek-file.ts';

/** Set File: the content of a file that is one ciphertext, from the clipboard or another file; only its ciphertext reaches it. */
export async function setFile(argument: unknown, services: Services): Promise<void> {
  const document = await documentAt(argument);
  if (document === undefined) return;
  const { version } = document;
  const text = document.getText();
  const old = services.registry.ofToken(text.trim());
  const how = await howToSealIn(document.uri, services, old?.id);
  if (how === undefined) return;
  if (how.unit === 'document') throw new Failure('document.not-sealed', { scheme: how.scheme });
  const key = await valueKey(how, services);
  const plaintext = await askValue(workspace.asRelativePath(document.uri), services);
  if (plaintext === undefined) return;
  const { token, verification } = await sealWhole(plaintext, key);
  await applyEdits(document, version, [{ span: { start: 0, end: text.length }, text: token }]);
  tellEncrypted(1, verification === 'opened');
}
