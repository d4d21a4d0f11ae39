import * as l10n from '@vscode/l10n';
import { fromBase64Url, utf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import type { AuthProvider } from './kubeconfig.ts';

const seconds = 1000;
/** As client-go. */
const leeway = 10 * seconds;

/**
 * The ID token that kubectl left in the kubeconfig. It is never renewed: that takes the client's secret, and writing to the file.
 * Throws `kubeconfig.unsupported` where it has expired, and for what kubectl has dropped (`gcp`, `azure`).
 *
 * @param now in milliseconds
 */
export function unexpiredIdToken({ name, config }: AuthProvider, now: number): string {
  const token = config.get('id-token');
  if (name !== 'oidc')
    throw unsupported(
      l10n.t('it logs in with an auth-provider that Kubernetes has dropped in favour of programs'),
    );
  if (token === undefined || token === '')
    throw unsupported(l10n.t('its auth-provider oidc holds no id-token'));
  const expiry = expiryOf(token);
  if (expiry === undefined) throw unsupported(l10n.t('the id-token of its auth-provider is none'));
  if (expiry * seconds - leeway <= now)
    throw unsupported(l10n.t('the id-token of its auth-provider has expired'));
  return token;
}

function unsupported(reason: string): Failure {
  return new Failure('kubeconfig.unsupported', {
    reason,
    todo: l10n.t('use an exec plugin in its place, such as kubelogin or gke-gcloud-auth-plugin'),
  });
}

/** `exp` of a JWT, in seconds since 1970. */
function expiryOf(token: string): number | undefined {
  const bytes = fromBase64Url(token.split('.')[1] ?? '');
  try {
    const claims: unknown = JSON.parse((bytes && utf8(bytes)) ?? '');
    const { exp } = claims as { exp?: unknown };
    return typeof exp === 'number' ? exp : undefined;
  } catch {
    return undefined;
  }
}
