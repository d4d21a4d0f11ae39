import type { Agent } from 'node:http';
import type { ApiAccess } from '../api/api.ts';
import { makeAgent, retire } from './agent.ts';
import type { Credentials } from './credential.ts';
import type { ClientCertificate } from './material.ts';

/** What stays the same as long as a cluster is open. */
export interface AccessParts {
  readonly server: URL;
  /** How the server is checked. */
  readonly tls: ApiAccess['tls'];
  readonly proxy: URL | undefined;
  readonly credentials: Credentials;
  readonly impersonation: Readonly<Record<string, string | string[]>>;
}

/** What connections are made with. */
interface Identity {
  readonly certificate: ClientCertificate | undefined;
  readonly tls: ApiAccess['tls'];
  readonly agent: Agent;
}

/** Access as a kubeconfig describes it. A renewed client certificate comes with a new agent: connections are made with one. */
export class KubeconfigAccess implements ApiAccess {
  readonly #parts: AccessParts;
  #identity: Identity;
  /** Changes of the identity, one after the other. */
  #changing: Promise<void> = Promise.resolve();

  private constructor(parts: AccessParts, identity: Identity) {
    this.#parts = parts;
    this.#identity = identity;
  }

  static async presenting(
    certificate: ClientCertificate | undefined,
    parts: AccessParts,
  ): Promise<KubeconfigAccess> {
    return new KubeconfigAccess(parts, await identityOf(certificate, parts));
  }

  get server(): URL {
    return this.#parts.server;
  }

  get insecure(): boolean {
    return this.#parts.tls.rejectUnauthorized === false;
  }

  get proxied(): boolean {
    return this.#parts.proxy !== undefined;
  }

  get tls(): ApiAccess['tls'] {
    return this.#identity.tls;
  }

  get agent(): Agent {
    return this.#identity.agent;
  }

  async headers(refused: boolean, signal: AbortSignal): Promise<Readonly<Record<string, string | string[]>>> {
    const { authorization, certificate } = await this.#parts.credentials.current(refused, signal);
    this.#changing = this.#changing.then(() => this.#present(certificate));
    await this.#changing;
    const { impersonation } = this.#parts;
    return authorization === undefined ? impersonation : { Authorization: authorization, ...impersonation };
  }

  async #present(certificate: ClientCertificate | undefined): Promise<void> {
    const before = this.#identity;
    if (certificate?.cert === before.certificate?.cert && certificate?.key === before.certificate?.key)
      return;
    this.#identity = await identityOf(certificate, this.#parts);
    retire(before.agent);
  }
}

async function identityOf(certificate: ClientCertificate | undefined, parts: AccessParts): Promise<Identity> {
  const tls = certificate === undefined ? parts.tls : { ...parts.tls, ...certificate };
  return { certificate, tls, agent: await makeAgent(parts.server, tls, parts.proxy) };
}
