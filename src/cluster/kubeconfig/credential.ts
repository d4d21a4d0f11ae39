import * as l10n from '@vscode/l10n';
import { malformed } from './fields.ts';
import type { ClientCertificate } from './material.ts';

/** What proves to the API server who asks. */
export interface Credential {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  readonly certificate: ClientCertificate | undefined;
}

export interface Credentials {
  /**
   * Those of now.
   *
   * @param refused whether the server did not take the last ones
   */
  current(refused: boolean, signal: AbortSignal): Promise<Credential>;
}

/** The same each time. */
export function fixed(credential: Credential): Credentials {
  return { current: () => Promise.resolve(credential) };
}

/** The header for a token. Throws `kubeconfig.malformed` where it could end the header or begin another. */
export function bearer(token: string, field: string): string {
  if (!isBearerToken(token)) throw malformed(l10n.t('{0} is no bearer token', field));
  return `Bearer ${token}`;
}

/** Whether a text can stand in a header, and ends none. */
export function isBearerToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
