import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import type { TLSSocket } from 'node:tls';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ApiAccess } from '../../../../src/cluster/api/api.ts';
import { clientLimits, HttpClient } from '../../../../src/cluster/api/http-client.ts';
import { accessOf } from '../../../../src/cluster/kubeconfig/api-access.ts';
import { chooseContext } from '../../../../src/cluster/kubeconfig/contexts.ts';
import { readKubeconfig } from '../../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import { describeTls, type TestCertificate } from '../../../support/certificates.ts';
import {
  canary,
  failureOf,
  folderWith,
  hostAt,
  kubeconfigText,
  openedText,
  Person,
  writeIn,
} from '../../../support/kubeconfigs.ts';

const never = new AbortController().signal;
const base64 = (pem: string) => Buffer.from(pem).toString('base64');

/** Something on the loopback that is gone after the test. Resolves to its port. */
async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** An API server that answers with the name of who asks and the fingerprint of the certificate that was shown. */
function tlsServer({ cert, key }: TestCertificate, options: ServerOptions = {}): Promise<number> {
  return listening(
    createTlsServer({ cert, key, ...options }, (request, response) => {
      const shown = (request.socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify({ by: request.headers.authorization, shown: shown?.fingerprint256 }));
    }),
  );
}

/** Asks as the API client does; resolves to what the server answered, or to the code of what went wrong. */
async function ask(access: ApiAccess): Promise<{ by?: string; shown?: string } | string> {
  const headers = await access.headers(false, never);
  const { hostname, port } = access.server;
  const request = httpsRequest({ hostname, port, path: '/', headers, agent: access.agent });
  onTestFinished(() => access.agent.destroy());
  try {
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return JSON.parse((await response.toArray()).join(''));
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function accessTo(
  cluster: object,
  user: object = { token: 't' },
  home = '/nowhere',
): Promise<ApiAccess> {
  const files = { folder: home, anywhere: true };
  const kubeconfig = readKubeconfig(openedText(kubeconfigText(user, cluster), files));
  return accessOf(chooseContext(kubeconfig, 'c'), new Person(true), hostAt(home), never);
}

describeTls('a server with TLS', (make) => {
  const local = make({ name: '127.0.0.1' });
  const named = make({ name: 'k8s.internal' });
  const client = make({ name: 'client' });
  const authority = (certificate: TestCertificate) => ({
    'certificate-authority-data': base64(certificate.cert),
  });

  it('is trusted when the certificate authority of the kubeconfig has signed it, inside or in a file', async () => {
    const server = `https://127.0.0.1:${await tlsServer(local)}`;
    expect(await ask(await accessTo({ server, ...authority(local) }))).toMatchObject({ by: 'Bearer t' });
    const folder = folderWith({ 'ca.pem': `# comment\n${named.cert}\n${local.cert}` });
    const cluster = { server, 'certificate-authority': 'ca.pem' };
    expect(await ask(await accessTo(cluster, {}, folder))).toMatchObject({});
  });

  it('is not trusted otherwise, whatever the environment says', async () => {
    const server = `https://127.0.0.1:${await tlsServer(local)}`;
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    // Said on stderr otherwise.
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      vi.restoreAllMocks();
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    });
    expect(await ask(await accessTo({ server }))).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(await ask(await accessTo({ server, ...authority(named) }))).toMatch(/SELF_SIGNED|VERIFY/);
  });

  it('may be called by another name, which its certificate must then have', async () => {
    const server = `https://127.0.0.1:${await tlsServer(named)}`;
    const cluster = { server, ...authority(named) };
    expect(await ask(await accessTo(cluster))).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await ask(await accessTo({ ...cluster, 'tls-server-name': 'k8s.internal' }))).toMatchObject({});
    expect(await ask(await accessTo({ ...cluster, 'tls-server-name': 'other' }))).toBe(
      'ERR_TLS_CERT_ALTNAME_INVALID',
    );
  });

  it('is not checked where the kubeconfig says so and the person agrees', async () => {
    const server = `https://127.0.0.1:${await tlsServer(named)}`;
    const access = await accessTo({ server, 'insecure-skip-tls-verify': true });
    expect(access.insecure).toBe(true);
    expect(await ask(access)).toMatchObject({ by: 'Bearer t' });
  });

  it('is shown the client certificate, and wants it to fit its key', async () => {
    const port = await tlsServer(local, { requestCert: true, ca: [client.cert], rejectUnauthorized: true });
    const cluster = { server: `https://127.0.0.1:${port}`, ...authority(local) };
    const user = { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) };
    expect(await ask(await accessTo(cluster, user))).toMatchObject({
      shown: expect.stringMatching(/^[0-9A-F:]+$/),
    });
    expect(await ask(await accessTo(cluster, {}))).toMatch(/ECONNRESET|CERTIFICATE_REQUIRED|EPIPE/);
    const folder = folderWith({ 'c.crt': client.cert, 'c.key': client.key });
    const inFiles = { 'client-certificate': 'c.crt', 'client-key': 'c.key' };
    expect(await ask(await accessTo(cluster, inFiles, folder))).toHaveProperty('shown');
    for (const [key, reason] of [
      [local.key, 'client-key-data does not belong to client-certificate-data'],
      [canary, 'client-key-data is no private key, or has a passphrase'],
      ['', 'client-key-data is missing'],
    ] as const) {
      const failure = await failureOf(accessTo(cluster, { ...user, 'client-key-data': base64(key) }));
      expect(failure.details).toEqual({ reason });
    }
  });

  it.skipIf(process.platform === 'win32')(
    'is shown the certificate that a plugin gives, and the next one',
    async () => {
      const port = await tlsServer(local, { requestCert: true, rejectUnauthorized: false });
      const home = folderWith({ 'plugin.json': '' });
      const gives = ({ cert, key }: TestCertificate) => {
        const status = {
          clientCertificateData: cert,
          clientKeyData: key,
          expirationTimestamp: '2020-01-01T00:00:00Z',
        };
        const printed = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status };
        writeIn(home, 'plugin.json', JSON.stringify(printed));
      };
      writeIn(home, 'login', `#!/bin/sh\ncat '${home}/plugin.json'\n`);
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: './login',
        interactiveMode: 'Never',
      };
      gives(client);
      const access = await accessTo(
        { server: `https://127.0.0.1:${port}`, ...authority(local) },
        { exec },
        home,
      );
      const first = await ask(access);
      const agent = access.agent;
      gives(named);
      const now = performance.now.bind(performance);
      vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
      onTestFinished(() => void vi.restoreAllMocks());
      const second = await ask(access);
      expect(first).toHaveProperty('shown');
      expect(second).toHaveProperty('shown');
      expect(second).not.toEqual(first);
      expect(access.agent).not.toBe(agent);
      expect(access.tls.cert).toBe(named.cert.trim());
      expect(Object.keys(agent.freeSockets)).toEqual([]);
    },
  );

  it('is reached through the http proxy that the kubeconfig names, which sees neither token nor content', async () => {
    const port = await tlsServer(local);
    const seen: string[] = [];
    const proxy = createServer((_, response) => response.writeHead(500).end());
    proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
      seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
      const upstream = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      upstream.on('data', (data) => socket.write(data)).on('error', () => socket.destroy());
      socket.on('data', (data) => upstream.write(data)).on('error', () => upstream.destroy());
      onTestFinished(() => void upstream.destroy());
    });
    const proxyUrl = `http://me:pw@127.0.0.1:${await listening(proxy)}`;
    const cluster = { server: `https://127.0.0.1:${port}`, ...authority(local), 'proxy-url': proxyUrl };
    const access = await accessTo(cluster, { token: canary });
    expect(access.proxied).toBe(true);
    for (let request = 0; request < 2; request++)
      expect(await ask(access)).toMatchObject({ by: `Bearer ${canary}` });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toContain(`CONNECT 127.0.0.1:${port}`);
    expect(seen[0]).toContain(`Basic ${base64('me:pw')}`);
    expect(seen[0]).not.toContain(canary);
    expect(await ask(await accessTo({ ...cluster, ...authority(named) }))).toMatch(/SELF_SIGNED|VERIFY/);
  });

  it('has no connection left to a proxy that never answers', async () => {
    let connections = 0;
    const proxy = createTcpServer((socket) => {
      connections++;
      socket
        .on('error', () => {})
        .on('close', () => connections--)
        .resume();
    });
    const proxyUrl = `http://127.0.0.1:${await listening(proxy)}`;
    const access = await accessTo({ server: 'https://k8s.internal', 'proxy-url': proxyUrl });
    const limits = { ...clientLimits, firstByte: 100 };
    const client = new HttpClient(access, { http: httpRequest, https: httpsRequest }, limits);
    const asked = client.json({ method: 'GET', path: '/version', signal: never });
    expect((await failureOf(asked)).code).toBe('cluster.timeout');
    expect(connections).toBe(1);
    client.close();
    await expect.poll(() => connections).toBe(0);
  });

  it('is reached through a socks5 proxy, which looks up its name', async () => {
    const port = await tlsServer(named);
    const asked: string[] = [];
    const proxy = createTcpServer((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', (wanted: Buffer) => {
          asked.push(`${wanted[3]} ${wanted.subarray(5, 5 + (wanted[4] ?? 0)).toString()}`);
          const upstream = connect(port, '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
            socket.pipe(upstream).pipe(socket);
          });
          upstream.on('error', () => socket.destroy());
          onTestFinished(() => void upstream.destroy());
        });
      });
      socket.on('error', () => {});
    });
    const cluster = {
      server: `https://k8s.internal:${port}`,
      ...authority(named),
      'proxy-url': `socks5://127.0.0.1:${await listening(proxy)}`,
    };
    expect(await ask(await accessTo(cluster))).toMatchObject({ by: 'Bearer t' });
    expect(asked).toEqual(['3 k8s.internal']);
  });

  it('is asked again and again on one connection', async () => {
    let connections = 0;
    const server = createTlsServer(local, (_, response) => response.end('{}'));
    server.on('secureConnection', () => connections++);
    const access = await accessTo({
      server: `https://127.0.0.1:${await listening(server)}`,
      ...authority(local),
    });
    for (let request = 0; request < 5; request++) await ask(access);
    expect(connections).toBe(1);
  });
});
