import { l10n, Uri } from 'vscode';
import { planEncrypt } from '../../app/encrypt.ts';
import { type KeySecret, keySecretManifest } from '../../app/kkp/key-secret.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits } from '../../core/span.ts';
import { wishFor } from '../document-file.ts';
import { withProgress } from '../progress.ts';
import { howToSealIn, valueKey } from '../sealing.ts';
import type { Services } from '../services.ts';

/**
 * The text of a Secret with keys, sealed by the policy of the file it is to be in, or to a key that the person picks. Undefined where
 * they gave up. Throws `kkp.refused` where something would stay in clear, and what sealing throws.
 */
export async function sealKeySecret(
  secret: KeySecret,
  path: string,
  services: Services,
): Promise<string | undefined> {
  const how = await howToSealIn(Uri.file(path), services);
  if (how === undefined) return undefined;
  const text = keySecretManifest(secret).exposeText() ?? '';
  const sealed =
    how.unit === 'value' ? await byValue(text, how, services) : await byDocument(text, path, how, services);
  const stays = [...secret.entries.values()].some((key) => sealed.includes(key.exposeText() ?? ''));
  if (stays || (how.unit === 'value' && how.whole))
    throw new Failure(
      'kkp.refused',
      {
        reason: l10n.t('by the rule for this file the key would not be encrypted as a value of a Secret'),
        todo: l10n.t('choose another file, or correct the rule'),
      },
      { path },
    );
  return sealed;
}

type How = NonNullable<Awaited<ReturnType<typeof howToSealIn>>>;

async function byValue(
  text: string,
  how: Extract<How, { unit: 'value' }>,
  services: Services,
): Promise<string> {
  const key = await valueKey(how, services);
  const manifest = ManifestText.read(text);
  const choice = { which: 'these', among: manifest.entries() } as const;
  const plan = await withProgress(l10n.t('Encrypting'), (signal) =>
    planEncrypt(manifest, choice, key, services.registry, signal),
  );
  return plan.text;
}

async function byDocument(
  text: string,
  path: string,
  { scheme, keys }: Extract<How, { unit: 'document' }>,
  services: Services,
): Promise<string> {
  const answer = await services.policies.require(Uri.file(path));
  const work = await services.documents.of({ scheme });
  const { edits } = await withProgress(
    l10n.t('Encrypting'),
    (signal) => work.seal({ path, text, answer }, undefined, wishFor(answer, keys), signal),
    services.trust,
  );
  return applyEdits(text, edits);
}
