import type { SealedItems, SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import { Failure } from '../../core/errors.ts';
import { scopeAnnotations } from '../../manifest/sealed-secret-scope.ts';
import type { ApiClient } from '../api/api.ts';
import { controllerPath, unanswered } from './certificate.ts';

/**
 * Whether a controller can open every item of a SealedSecret, as `kubeseal --validate` asks it. Only what that takes is sent: the
 * template may hold values in clear, and controllers render it. Throws `cluster.…`; `cluster.refused` where it answers that it was
 * asked too often (429) or does not take it for a SealedSecret (500).
 */
export async function canOpen(
  client: ApiClient,
  controller: SealedSecretsController,
  sealed: SealedItems,
  signal: AbortSignal,
): Promise<boolean> {
  const path = controllerPath(controller, 'verify');
  try {
    await client.text({ method: 'POST', path, body: sealedSecretOf(sealed), signal });
    return true;
  } catch (error) {
    // 409: what the controller answers where it cannot.
    if (Failure.is(error, 'cluster.conflict')) return false;
    return unanswered(error, controller);
  }
}

function sealedSecretOf({ place, items }: SealedItems) {
  const { name, namespace, scope } = place;
  const annotations = [...scopeAnnotations].filter(([, meant]) => meant === scope);
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: {
      name,
      namespace,
      annotations: Object.fromEntries(annotations.map(([annotation]) => [annotation, 'true'])),
    },
    spec: { encryptedData: Object.fromEntries(items), template: {} },
  };
}
