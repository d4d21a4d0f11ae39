import * as l10n from '@vscode/l10n';
import { utf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import type { Credential, Credentials } from './credential.ts';
import type { Origin } from './kubeconfig.ts';
import type { ClientCertificate } from './material.ts';
import { readReferenced } from './referenced-file.ts';

/** As client-go: the kubelet renews such files every few minutes. */
const goodFor = 60_000;
/** RFC 6750 section 2.1. */
const b64token = /^[A-Za-z0-9\-._~+/]+=*$/;

/** A token in a file that somebody else renews. While it cannot be read, the last good one is used, at first that of the kubeconfig. */
export class TokenFile implements Credentials {
  readonly #origin: Origin;
  readonly #path: string;
  readonly #certificate: ClientCertificate | undefined;
  #authorization: string | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(
    origin: Origin,
    path: string,
    authorization: string | undefined,
    certificate: ClientCertificate | undefined,
  ) {
    this.#origin = origin;
    this.#path = path;
    this.#authorization = authorization;
    this.#certificate = certificate;
  }

  /** Throws `kubeconfig.file-refused`. */
  async current(refused: boolean): Promise<Credential> {
    const now = performance.now();
    if (refused || now - this.#readAt > goodFor) {
      try {
        this.#authorization = `Bearer ${await readToken(this.#origin, this.#path)}`;
      } catch (error) {
        if (this.#authorization === undefined) throw error;
      }
      this.#readAt = now;
    }
    return { authorization: this.#authorization, certificate: this.#certificate };
  }
}

/**
 * The token in a file. Throws `kubeconfig.file-refused`, also where it does not look like one: it goes to a server that the
 * kubeconfig names, and a kubeconfig of somebody else's may name any file beside it.
 */
export async function readToken(origin: Origin, path: string): Promise<string> {
  const text = utf8(await readReferenced(origin, 'tokenFile', path))?.trim() ?? '';
  if (b64token.test(text)) return text;
  throw new Failure('kubeconfig.file-refused', {
    field: 'tokenFile',
    reason: l10n.t('it holds no bearer token'),
  });
}
