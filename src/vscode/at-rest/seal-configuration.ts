import { l10n } from 'vscode';
import { holdsKeysInClear, withConfigurationRule } from '../../app/at-rest/configuration-file.ts';
import { requireValid } from '../../app/policy-finder.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { applyEdits } from '../../core/span.ts';
import { documentSchemeOf, wishFor } from '../document-file.ts';
import { keepSealedFile, type SealedFileTarget } from '../keep-sealed-file.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { decideSealing, type WholeFileSealing } from '../whole-file-key.ts';

/** How a configuration is sealed: by the creation rule of SOPS that matches it, else as one ciphertext. */
export type ConfigurationSealing =
  | { readonly by: 'sops' }
  | { readonly by: 'token'; readonly sealing: WholeFileSealing };

/** Policy decides, else the person picks a key. Undefined where they gave up. Throws `policy.…`. */
export async function decideConfigurationSealing(
  { answer }: SealedFileTarget,
  title: string,
  services: Services,
): Promise<ConfigurationSealing | undefined> {
  if (documentSchemeOf(answer) === 'sops') return { by: 'sops' };
  const placeHolder = l10n.t(
    "Which Fernet key is the configuration encrypted with? Whoever has it has the keys of the cluster's etcd data.",
  );
  const sealing = await decideSealing(answer, { title, placeHolder }, services);
  return sealing && { by: 'token', sealing };
}

/** Writes a new file, sealed. Whether it was opened again. Throws `configuration.keys-stay-clear` and what sealing throws. */
export async function writeSealed(
  content: Plaintext,
  target: SealedFileTarget,
  how: ConfigurationSealing,
  services: Services,
): Promise<boolean> {
  if (how.by === 'token')
    return keepSealedFile(content, target, how.sealing, withConfigurationRule, services);
  const { files } = services;
  const { text, verified } = await sealedBySops(content.exposeText() ?? '', target, services);
  if (await files.exists(target.path)) throw new Failure('file.exists', {}, { path: target.path });
  await files.makeFolder(files.parent(target.path));
  await files.replaceSealed(target.path, new TextEncoder().encode(text), undefined);
  return verified;
}

/** A rule of SOPS may leave keys as they are: it is often about Secrets only. */
async function sealedBySops(text: string, { path, answer }: SealedFileTarget, services: Services) {
  requireValid(answer);
  const work = await services.documents.of({ scheme: 'sops' });
  const { edits, verification } = await withProgress(
    l10n.t('Encrypting'),
    (signal) => work.seal({ path, text, answer }, undefined, wishFor(answer), signal),
    services.trust,
  );
  const sealed = applyEdits(text, edits);
  if (holdsKeysInClear(sealed, services.registry))
    throw new Failure('configuration.keys-stay-clear', {
      by: plainMessage(answer.sops?.shown ?? '.sops.yaml'),
    });
  return { text: sealed, edits, verified: verification === 'opened' };
}

/** The edits that seal a document in place by SOPS. Throws as `writeSealed` does. */
export function sealInPlace(text: string, target: SealedFileTarget, services: Services) {
  return sealedBySops(text, target, services);
}
