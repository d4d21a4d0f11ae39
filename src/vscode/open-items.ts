import { l10n, type TextDocument } from 'vscode';
import { Failure } from '../core/errors.ts';
import { failed, ok } from '../core/result.ts';
import type { ItemObject, SealedDocument, SealedItem } from '../schemes/document-scheme.ts';
import { documentFile, wishFor } from './document-file.ts';
import { requireTrust } from './opening.ts';
import type { PeekValue } from './peek-values.ts';
import { withProgress } from './progress.ts';
import type { Services } from './services.ts';

/** Opens a sealed document for looking at some of its items. Throws `workspace.untrusted` in Restricted Mode. */
export async function openItems(
  document: TextDocument,
  sealed: SealedDocument,
  wanted: readonly SealedItem[],
  services: Services,
): Promise<readonly PeekValue[]> {
  requireTrust();
  if (wanted.length === 0) throw new Failure('entry.not-encrypted', {});
  const file = await documentFile(document, services);
  const work = await services.documents.of(sealed);
  const results = await withProgress(l10n.t('Opening'), () => work.open(file, sealed, wishFor(file.answer)));
  const several = new Set(wanted.map(({ object }) => titleOf(object))).size > 1;
  return wanted.map((item) => {
    const result = results[sealed.items.indexOf(item)];
    const unopened = failed<never>(new Failure('entry.not-encrypted', {}));
    return {
      name: item.name,
      key: item.key,
      object: several ? titleOf(item.object) : undefined,
      opened: result?.ok === true ? ok(result.value.plaintext) : (result ?? unopened),
      at: { uri: document.uri.toString(), offset: item.keySpan.start },
    };
  });
}

/** `Secret db/main` */
function titleOf({ kind, namespace, name }: ItemObject): string {
  const path = [namespace, name].filter((part) => part !== undefined);
  return `${kind ?? l10n.t('Object')} ${path.join('/')}`.trim();
}
