import { Agent, createServer, request as http, type Server } from 'node:http';
import { request as https } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EncryptionReport, reportOf } from '../../src/app/at-rest/encryption-report.ts';
import { HttpClient } from '../../src/cluster/api/http-client.ts';
import { ApiSession } from '../../src/cluster/session.ts';
import { useCli } from '../support/cli.ts';
import { describeKubeApi } from '../support/describe-kube-api.ts';
import { head } from '../support/encryption-configurations.ts';
import { EncryptionDrive } from './encryption-drive.ts';
import { impatient } from './open-session.ts';

const megabyte = 1024 * 1024;
const configuration = `${head}resources:
- resources: [secrets]
  providers:
  - secretbox: {keys: [{name: key1, secret: ${Buffer.alloc(32, 7).toString('base64')}}]}
  - identity: {}
`;

describeKubeApi("a real API server's page of metrics", () => {
  const { sandbox } = useCli();
  let drive: EncryptionDrive;
  let page: Buffer;
  let version: string;
  let real: EncryptionReport;

  beforeAll(async () => {
    drive = await EncryptionDrive.start(sandbox());
    drive.write(configuration);
    await drive.create('old');
    await drive.rollOut();
    await drive.create('new');
    real = await drive.report();
    page = Buffer.from(await drive.api.kubectl(['get', '--raw', '/metrics']));
    version = await drive.api.kubectl(['get', '--raw', '/version']);
  });
  afterAll(async () => {
    await drive?.stop();
  });

  /** What is judged where something between here and the API server gives this as its page. */
  async function judged(parts: readonly Uint8Array[], isWhole = true): Promise<EncryptionReport> {
    const server = createServer(({ url }, response) => {
      if (url !== '/metrics') {
        response.writeHead(url === '/version' ? 200 : 404).end(version);
        return;
      }
      const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
      response.writeHead(200, { 'content-length': isWhole ? length : length + 1 });
      for (const part of parts) response.write(part);
      if (isWhole) response.end();
      else response.socket?.destroySoon();
    });
    const session = await sessionTo(server);
    try {
      return reportOf(await session.encryption(AbortSignal.timeout(30_000)), []);
    } finally {
      session.close();
      server.closeAllConnections();
      server.close();
    }
  }

  it('is judged as it is', async () => {
    expect(real.resources[0].judged).toMatchObject({ phase: 'Partial', reasons: ['plaintext-read'] });
    const { resources, runs } = await judged([page]);
    expect(resources[0].judged.phase).toBe('Partial');
    expect(runs).toBe(real.runs);
  });

  it('of 50 MB, as large clusters have it, is judged in little memory and no time', async () => {
    const isOther = (line: string) => !/^apiserver_(?:storage|encryption|envelope)_|^process_/.test(line);
    const others = Buffer.from(`${page.toString().split('\n').filter(isOther).join('\n')}\n`);
    const times = Math.ceil((50 * megabyte) / others.byteLength);
    const parts = [...Array.from({ length: times }, () => others), page];
    const [before, memory] = [process.cpuUsage(), process.memoryUsage()];
    const { resources } = await judged(parts);
    expect(resources[0].judged.phase).toBe('Partial');
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
    const now = process.memoryUsage();
    expect(now.rss - memory.rss).toBeLessThan(100 * megabyte);
  });

  it('that comes over and over again counts more, and is judged the same', async () => {
    const { resources } = await judged(Array.from({ length: 20 }, () => page));
    expect(resources[0].judged.phase).toBe('Partial');
  });

  it('of more than is read of one is unknown, not good', async () => {
    const parts = Array.from({ length: Math.ceil((65 * megabyte) / page.byteLength) }, () => page);
    const { resources } = await judged(parts);
    expect(resources[0].judged).toMatchObject({ phase: 'Unknown', reasons: ['page-cut'] });
  });

  it('that breaks off anywhere is unknown, not good', async () => {
    for (let part = 1; part <= 8; part++) {
      const { resources } = await judged([page.subarray(0, Math.floor((page.byteLength * part) / 8))], false);
      expect(resources[0].judged).toMatchObject({ phase: 'Unknown', reasons: ['not-answered'] });
    }
  });

  it('that is empty is no API server', async () => {
    const { resources } = await judged([]);
    expect(resources[0].judged).toMatchObject({ phase: 'Unknown', reasons: ['no-api-server'] });
  });
});

async function sessionTo(server: Server): Promise<ApiSession> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const access = {
    server: new URL(`http://127.0.0.1:${port}`),
    insecure: false,
    tls: { rejectUnauthorized: true },
    agent: new Agent({ keepAlive: true }),
    proxied: false,
    headers: () => Promise.resolve({}),
  };
  const client = new HttpClient(access, { http, https });
  return ApiSession.open(access, client, AbortSignal.timeout(30_000), impatient);
}
