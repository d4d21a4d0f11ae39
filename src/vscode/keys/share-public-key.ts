import { addAgeRecipient } from '../add-age-recipient.ts';
import { addPublicKeyPem } from '../add-public-key.ts';
import { requireTrust } from '../opening.ts';
import type { Services } from '../services.ts';
import { keptIn } from './key-list.ts';

/** Add to Repository: hands out the public half of a key that is kept here, so that others can encrypt to it. */
export async function sharePublicKey(argument: unknown, services: Services): Promise<void> {
  requireTrust();
  const row = services.keysView.rowOf(argument);
  const [place] = row?.row === 'key' ? keptIn(row.key) : [];
  if (row?.row !== 'key' || place === undefined) return;
  const { key } = place;
  if (key.extension === 'age') {
    const { fingerprint } = row.key;
    if (fingerprint !== undefined) await addAgeRecipient(fingerprint, services);
    return;
  }
  const kept = await services.keys.own('jwe');
  const material = kept.find(({ ref }) => ref === `local:${key.name}`);
  const crypto = await services.registry.byId('jwe').load();
  const publicPem = material && crypto.inspect(material).publicPem;
  if (publicPem !== undefined) await addPublicKeyPem(publicPem, key.name, services);
}
