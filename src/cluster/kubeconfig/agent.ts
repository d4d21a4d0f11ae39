import { setMaxListeners } from 'node:events';
import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { ApiAccess } from '../api/api.ts';

/** Each kind that is watched holds a connection: more than are ever watched. */
const mostConnections = 64;
/** Milliseconds. */
const proxyAnswersWithin = 15_000;

/** An agent for `server` that keeps connections alive and goes through the proxy, as @kubernetes/client-node makes them. */
export async function makeAgent(server: URL, tls: ApiAccess['tls'], proxy: URL | undefined): Promise<Agent> {
  const config = new KubeConfig();
  config.loadFromOptions({
    // Without TLS there is nothing to verify; client-node insists on hearing so.
    clusters: [{ ...clusterOf(server, tls, proxy), skipTLSVerify: server.protocol === 'http:' }],
    users: [{ name: 'user', certData: encoded(tls.cert), keyData: encoded(tls.key) }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  });
  // Said either way: otherwise NODE_TLS_REJECT_UNAUTHORIZED decides.
  const options: RequestOptions = { rejectUnauthorized: tls.rejectUnauthorized !== false };
  await config.applyToHTTPSOptions(options);
  const agent = withEndingTunnels(options.agent as Agent);
  return Object.assign(agent, { keepAlive: true, maxSockets: mostConnections, maxFreeSockets: 8 });
}

/**
 * hpagent forgets what it asked of a proxy: where that never answers, neither the end of the request nor of the agent ends the
 * connection to it.
 */
function withEndingTunnels(agent: Agent): Agent {
  if (!('proxyRequestOptions' in agent && 'options' in agent)) return agent;
  const ending = new AbortController();
  setMaxListeners(0, ending.signal);
  const destroy = agent.destroy.bind(agent);
  // The timeout is for answers of the proxy; a tunnel is closed by it only while nobody uses it.
  Object.assign(agent.options as object, { timeout: proxyAnswersWithin });
  return Object.assign(agent, {
    proxyRequestOptions: { signal: ending.signal },
    destroy: () => {
      ending.abort();
      destroy();
    },
  });
}

function clusterOf(server: URL, tls: ApiAccess['tls'], proxy: URL | undefined) {
  return {
    name: 'cluster',
    server: server.href,
    caData: encoded(tls.ca),
    tlsServerName: tls.servername,
    // In Go, `socks5` leaves looking up names to the proxy, which may be the only one to know them.
    proxyUrl: proxy?.href.replace(/^socks5:/, 'socks5h:'),
  };
}

/** Lets what is under way end, and keeps no connection after it. */
export function retire(agent: Agent): void {
  Object.assign(agent, { keepAlive: false });
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}

function encoded(pem: unknown): string | undefined {
  return typeof pem === 'string' ? Buffer.from(pem).toString('base64') : undefined;
}
