import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import type { FluxObject } from '../../src/app/clusters/flux-object.ts';
import type { ApiAccess } from '../../src/cluster/api/api.ts';
import { HttpClient } from '../../src/cluster/api/http-client.ts';
import { type FluxWatchTiming, fluxWatchTiming } from '../../src/cluster/flux-watch.ts';
import { ApiSession } from '../../src/cluster/session.ts';
import type { KubeApi } from '../support/kube-api.ts';

type User = Parameters<KubeApi['kubeconfig']>[0];

const requests = { http: httpRequest, https: httpsRequest };

/** Looks again every second for what a cluster does not serve. */
export const impatient: FluxWatchTiming = {
  absent: 1_000,
  failed: 1_000,
  reflect: { ...fluxWatchTiming.reflect, least: 200, slow: 500 },
};

/** A client of a user's own. */
export function clientOf(api: KubeApi, user: User = 'admin'): HttpClient {
  return new HttpClient(accessOf(api, user), requests);
}

/** A session of a user, closed by whoever opens it. */
export function openSession(api: KubeApi, user: User = 'admin'): Promise<ApiSession> {
  const access = accessOf(api, user);
  const signal = AbortSignal.timeout(30_000);
  return ApiSession.open(access, new HttpClient(access, requests), signal, impatient);
}

function accessOf(api: KubeApi, user: User): ApiAccess {
  const tls = { ca: api.caPem, rejectUnauthorized: true };
  return {
    server: new URL(api.server),
    insecure: false,
    tls,
    agent: new Agent({ keepAlive: true, ...tls }),
    proxied: false,
    headers: () => Promise.resolve({ authorization: `Bearer ${api.token(user)}` }),
  };
}

/** The object of a kind and name as the session knows it now. */
export function fluxObject(session: ApiSession, kind: string, name: string): FluxObject | undefined {
  const list = session.flux().find((each) => each.kind.kind === kind);
  return list?.objects.find(({ ref }) => ref.name === name);
}

/** The same; throws where there is none. */
export function knownObject(session: ApiSession, kind: string, name: string): FluxObject {
  const object = fluxObject(session, kind, name);
  if (object === undefined) throw new Error(`no ${kind} ${name}`);
  return object;
}

/** Waits for changes of a session until it is as wanted. */
export function until(session: ApiSession, wanted: () => boolean, patience = 20_000): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => done(() => reject(new Error('it did not come'))), patience);
    const done = (end: () => void) => {
      clearTimeout(late);
      stop();
      end();
    };
    const look = () => {
      if (wanted()) done(resolve);
    };
    const stop = session.onDidChange(look);
    look();
  });
}
