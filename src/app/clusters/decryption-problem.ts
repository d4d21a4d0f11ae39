import * as l10n from '@vscode/l10n';
import { shown } from '../sentence.ts';
import type { ClusterDecryption, DecryptionSecret, HeldKey } from './decryption.ts';
import { listed } from './key-names.ts';
import { shortName } from './why-file.ts';

/** Who is asked: the cluster's title and the Kustomization's name, cleaned of what could disguise them. */
export interface Asked {
  readonly cluster: string;
  /** `Kustomization flux-system/apps`. */
  readonly object: string;
}

/** What keeps Flux from decrypting anything at all, or us from telling; undefined where nothing is seen to. */
export function problemOf(
  { cluster, object }: Asked,
  { provider, secret }: ClusterDecryption,
): string | undefined {
  if (provider === undefined)
    return l10n.t(
      '{0} in {1} has no spec.decryption with a provider, so Flux decrypts nothing for it: set provider: sops, and name a Secret in secretRef',
      object,
      cluster,
    );
  if (provider !== 'sops')
    return l10n.t(
      '{0} in {1} says spec.decryption.provider: {2}, and Flux knows sops only: correct it',
      object,
      cluster,
      shown(provider),
    );
  // Services are opened by the controller's own identity, without a Secret.
  if (secret === undefined) return undefined;
  if (secret.state === 'missing')
    return secret.ofController
      ? l10n.t(
          "The decryption Secret {0} is not in {1}: create it with the private key, or correct the controller's --sops-age-secret",
          nameOf(secret),
          cluster,
        )
      : l10n.t(
          'The decryption Secret {0} is not in {1}: create it with the private key, or correct spec.decryption.secretRef.name',
          nameOf(secret),
          cluster,
        );
  if (secret.state === 'forbidden')
    return l10n.t(
      'You may not get secrets {0} in {1}, so its keys cannot be compared: ask for the right to get that one Secret, or use another kubeconfig',
      nameOf(secret),
      cluster,
    );
  return problemWith(secret);
}

function problemWith(secret: DecryptionSecret): string | undefined {
  const broken = secret.keys.find((key) => key.kind === 'unusable');
  if (broken !== undefined)
    return l10n.t(
      'Flux stops at {0} in the Secret {1}, and decrypts nothing: {2}; put a private key there, or remove it',
      shown(broken.name),
      nameOf(secret),
      broken.reason,
    );
  if (secret.keys.some(({ kind }) => kind !== 'passed-over' && kind !== 'inert')) return undefined;
  const [other] = secret.keys;
  if (other?.kind === 'passed-over') return passedOver(secret, other);
  if (other?.kind === 'inert') return inert(other);
  return l10n.t(
    'The Secret {0} has no key that Flux uses: it looks for NAME.agekey, NAME.asc, sops.vault-token, sops.aws-kms, sops.azure-kv and sops.gcp-kms',
    nameOf(secret),
  );
}

/** What Flux passes over or takes for nothing in a Secret, but for what was told as the problem. */
export function notesOn(secret: DecryptionSecret, problem: string | undefined): readonly string[] {
  return secret.keys.flatMap((key) => {
    if (key.kind !== 'passed-over' && key.kind !== 'inert') return [];
    const note = key.kind === 'inert' ? inert(key) : passedOver(secret, key);
    return note === problem ? [] : [note];
  });
}

function passedOver(
  secret: DecryptionSecret,
  { name, holds, recipients }: Extract<HeldKey, { kind: 'passed-over' }>,
): string {
  if (holds === 'pgp')
    return l10n.t(
      'Flux passes over {0} in the Secret {1}, which holds a PGP key: its name must end in .asc',
      shown(name),
      nameOf(secret),
    );
  return recipients.length === 0
    ? l10n.t(
        'Flux passes over {0} in the Secret {1}, which holds an age key: its name must end in .agekey',
        shown(name),
        nameOf(secret),
      )
    : l10n.t(
        'Flux passes over {0} in the Secret {1}, which holds {2}: its name must end in .agekey',
        shown(name),
        nameOf(secret),
        listed(recipients.map(shortName)),
      );
}

function inert({ name, reason }: Extract<HeldKey, { kind: 'inert' }>): string {
  return l10n.t('Flux cannot decrypt with {0}: {1}', shown(name), reason);
}

function nameOf({ namespace, name }: DecryptionSecret): string {
  return shown(`${namespace}/${name}`);
}
