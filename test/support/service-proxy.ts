import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KubeApi } from './kube-api.ts';

interface Proxied {
  readonly namespace: string;
  /** Of the Service. */
  readonly name: string;
  /** What answers on the loopback. */
  readonly port: number;
}

/** An API server as kubeseal needs it. */
export interface ServiceProxy {
  /** `http://127.0.0.1:port`, of whoever holds the administrator's token or none. */
  readonly server: string;
  /** A kubeconfig of the administrator. */
  readonly kubeconfig: string;
  readonly stop: () => Promise<void>;
}

/**
 * The API server with one Service behind it: it proxies to no address of the loopback itself, where the only thing that answers here
 * listens. What is not for that Service goes to the real one.
 */
export async function startServiceProxy(
  api: KubeApi,
  { namespace, name, port }: Proxied,
): Promise<ServiceProxy> {
  const path = new RegExp(`^/api/v1/namespaces/${namespace}/services/http:${name}:[^/]*/proxy(/.*)$`);
  const server = createServer((asked, answer) => {
    const own = path.exec(asked.url ?? '')?.[1];
    const { method, headers } = asked;
    const upstream =
      own === undefined
        ? httpsRequest(`${api.server}${asked.url}`, {
            method,
            headers: {
              ...headers,
              host: new URL(api.server).host,
              authorization: `Bearer ${api.token('admin')}`,
            },
            ca: api.caPem,
          })
        : httpRequest({ host: '127.0.0.1', port, path: own, method, headers });
    forward(asked, upstream, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { server: url, kubeconfig: kubeconfigOf(url), stop };
}

function forward(
  asked: IncomingMessage,
  upstream: ReturnType<typeof httpRequest>,
  answer: ServerResponse,
): void {
  upstream.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  upstream.on('error', () => answer.destroy());
  asked.pipe(upstream);
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: '' } }],
    'current-context': 'test',
  });
}
