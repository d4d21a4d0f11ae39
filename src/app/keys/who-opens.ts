import * as l10n from '@vscode/l10n';
import type { PolicyRule } from '../../policy/policy.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { SchemeId } from '../../schemes/scheme.ts';
import type { JoinedVaults } from '../joined-vaults.ts';
import type { KeyRing } from '../key-ring.ts';
import { idOfName } from './known-key.ts';
import { type KeyFile, KnownKeys } from './known-keys.ts';

/** Where the person's own keys are looked for. */
interface OwnKeySources {
  readonly ring: KeyRing;
  readonly vaults: Pick<JoinedVaults, 'kept'>;
  readonly registry: SchemeRegistry;
  readonly elsewhere: readonly KeyFile[];
}

/**
 * Whether one of the person's own keys is one of the recipients that a ciphertext names; undefined where only opening it would tell,
 * because it names none, or because SOPS finds keys in more places than are looked at here. Nobody is asked for anything.
 */
export async function openerHere(
  scheme: SchemeId,
  recipients: readonly string[],
  { ring, vaults, registry, elsewhere }: OwnKeySources,
): Promise<string | undefined> {
  if (recipients.length === 0) return undefined;
  const wanted = new Set(recipients.map((name) => idOfName({ scheme, name })));
  const { keys: own } = await new KnownKeys(ring, vaults, registry).all({
    policies: [],
    sopsConfigs: [],
    files: [],
    elsewhere,
  });
  const opener = own.find(({ opens, names }) => opens && names.some((name) => wanted.has(idOfName(name))));
  if (opener !== undefined) return l10n.t('Your key {0} opens it.', opener.title);
  return scheme === 'sops' ? undefined : l10n.t('None of your keys opens it.');
}

/** What opens a ciphertext on its way into the cluster, as far as policy and the scheme say. */
export function openerInCluster(scheme: SchemeId, rule: Pick<PolicyRule, 'openedBy'> | undefined): string {
  if (scheme === 'sealed-secrets') return l10n.t('In the cluster the Sealed Secrets controller opens it.');
  if (scheme === 'sops')
    return l10n.t('In the cluster Flux opens it, where its Kustomization decrypts with one of these keys.');
  if (rule?.openedBy === 'webhook') return l10n.t('In the cluster a webhook opens it.');
  if (rule?.openedBy === 'pipeline') return l10n.t('A pipeline opens it on its way into the cluster.');
  return l10n.t('Nothing is said to open it in the cluster.');
}
