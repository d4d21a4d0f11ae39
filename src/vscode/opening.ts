import { l10n, type TextDocument, window, workspace } from 'vscode';
import { type KeysFor, movedFrom, openGroups } from '../app/decrypt.ts';
import type { ManifestText } from '../app/manifest-text.ts';
import { shown } from '../app/sentence.ts';
import { weaklySealed } from '../app/weak-sealing.ts';
import { Failure } from '../core/errors.ts';
import type { Result } from '../core/result.ts';
import type { EnvelopeGroup, Opened } from '../schemes/scheme.ts';
import type { Services } from './services.ts';
import { entryAt, secretAt } from './targets.ts';

/** Throws `workspace.untrusted` in Restricted Mode, where nothing is opened. */
export function requireTrust(): void {
  if (!workspace.isTrusted) throw new Failure('workspace.untrusted', {});
}

/** The keys that may open what stands in a document: its rule's, and the person's own. */
export function keysFor(
  { uri }: Pick<TextDocument, 'uri'>,
  { policies, keys }: Pick<Services, 'policies' | 'keys'>,
): KeysFor {
  return async (scheme) => {
    const answer = await policies.find(uri);
    const references = answer?.rule?.scheme === scheme ? answer.rule.keys : [];
    return keys.openingKeys(references, scheme, { base: answer?.base ?? '', root: answer?.root });
  };
}

/** What a command is about: the ciphertext at an offset, else every ciphertext of the Secret there. */
export function groupsAt(
  manifest: ManifestText,
  groups: readonly EnvelopeGroup[],
  offset: number,
): readonly EnvelopeGroup[] {
  const entry = entryAt(manifest.manifest, offset)?.entry;
  const here = groups.filter(({ envelopes }) => envelopes.some((envelope) => envelope.entry === entry));
  if (here.length > 0) return here;
  const secret = secretAt(manifest.manifest, offset);
  return groups.filter(({ envelopes }) => envelopes[0]?.object === secret);
}

/** Asks before opening a ciphertext that was made for another place. */
export async function confirmMoved(
  groups: readonly EnvelopeGroup[],
  { registry }: Services,
): Promise<boolean> {
  const moved = groups.map((group) => movedFrom(group, registry)).filter((from) => from !== undefined);
  const [first] = moved;
  return first === undefined || confirmMovedFrom(first);
}

/** The same for one of which it is known where that is. */
export async function confirmMovedFrom(place: string): Promise<boolean> {
  const open = l10n.t('Open All the Same');
  const detail = l10n.t(
    'Someone may have moved it here to have it opened. Find out who moved it, or set the value again.',
  );
  return (
    (await window.showWarningMessage(
      l10n.t('A ciphertext here was made for {0}.', shown(place)),
      { modal: true, detail },
      open,
    )) === open
  );
}

/** Says so where values that were opened are sealed in a way that is out of date. */
export function warnOfWeak(groups: readonly EnvelopeGroup[], { registry }: Services): void {
  const [first, ...others] = weaklySealed(groups, registry);
  if (first === undefined) return;
  const { weakness } = first;
  void window.showWarningMessage(
    others.length === 0
      ? l10n.t('A value here is sealed with {0}, which is out of date: use Seal Again.', weakness)
      : l10n.t(
          '{0} values here are sealed with {1}, which is out of date: use Seal Again.',
          others.length + 1,
          weakness,
        ),
  );
}

/** Opens groups for looking at. Undefined where the person did not want a moved one opened. */
export async function openForLooking(
  manifest: ManifestText,
  groups: readonly EnvelopeGroup[],
  document: TextDocument,
  services: Services,
): Promise<readonly Result<Opened>[] | undefined> {
  requireTrust();
  if (groups.length === 0) throw new Failure('entry.not-encrypted', {});
  if (!(await confirmMoved(groups, services))) return undefined;
  const results = await openGroups(manifest, groups, keysFor(document, services), services.registry);
  warnOfWeak(
    groups.filter((_, index) => results[index]?.ok),
    services,
  );
  return results;
}
