import { bearer, type Credentials, fixed } from './credential.ts';
import type { User } from './kubeconfig.ts';
import type { ClientCertificate } from './material.ts';
import { unexpiredIdToken } from './oidc.ts';
import { TokenFile } from './token-file.ts';

/**
 * What a user entry holds itself. Undefined where it holds nothing, and a program is to be asked: as in client-go, that is the last
 * resort. Throws `kubeconfig.malformed`, `kubeconfig.unsupported`.
 *
 * @param now in milliseconds
 */
export function ownCredentials(
  user: User,
  certificate: ClientCertificate | undefined,
  now: number,
): Credentials | undefined {
  const { token, tokenFile, username, password, authProvider } = user;
  const authorization = token === undefined ? undefined : bearer(token, 'token');
  if (tokenFile !== undefined) return new TokenFile(user.origin, tokenFile, authorization, certificate);
  if (authorization !== undefined) return fixed({ authorization, certificate });
  if (username !== undefined || password !== undefined) {
    const pair = Buffer.from(`${username ?? ''}:${password ?? ''}`).toString('base64');
    return fixed({ authorization: `Basic ${pair}`, certificate });
  }
  if (authProvider !== undefined) {
    const idToken = unexpiredIdToken(authProvider, now);
    return fixed({ authorization: bearer(idToken, 'id-token'), certificate });
  }
  return certificate === undefined ? undefined : fixed({ authorization: undefined, certificate });
}
