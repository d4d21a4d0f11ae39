import type { RequestListener } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { certificateFromUrl } from '../../../../src/app/documents/certificate-from-url.ts';
import { fetchTextWith } from '../../../../src/node/fetch-certificate.ts';
import { describeTls } from '../../../support/certificates.ts';

const { signal } = new AbortController();

describeTls('a certificate at a URL', (make) => {
  const tls = make({ name: '127.0.0.1' });
  const sealing = make({ name: 'sealing.example', rsaBits: 2048 });
  let server: Server;
  let answer: RequestListener;
  let asked: string[];

  beforeAll(async () => {
    server = createServer(tls, (from, to) => {
      asked.push(from.url ?? '');
      answer(from, to);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
    answer = (_from, to) => void to.end(sealing.cert);
  });

  const port = () => (server.address() as AddressInfo).port;
  const url = (path = '/v1/cert.pem') => `https://127.0.0.1:${port()}${path}`;
  const fetched = (at = url(), { ca = tls.cert, now = new Date(), until = signal } = {}) => {
    const trusting: Parameters<typeof fetchTextWith>[0] = (to, options, callback) =>
      request(to, { ...options, ca, agent: false }, callback);
    return certificateFromUrl(at, fetchTextWith(trusting, 1_000), now, until);
  };
  const fails = async (work: Promise<unknown>, code: string, reason?: string) => {
    const details = reason === undefined ? {} : { reason };
    await expect(work).rejects.toMatchObject({ code, details });
  };

  it('is got, the newest where there are several', async () => {
    expect((await fetched()).pem).toBe(sealing.cert);
    expect(asked).toEqual(['/v1/cert.pem']);
  });

  it('is not asked for without TLS, or with a password', async () => {
    for (const at of ['http://127.0.0.1/', 'file:///etc/passwd', 'cert.pem', ''])
      await fails(fetched(at), 'usage', 'a certificate is fetched from an https URL');
    await fails(fetched(url().replace('://', '://me:hunter2@')), 'usage');
    expect(asked).toEqual([]);
  });

  it('is refused from a server that cannot prove who it is', async () => {
    await fails(fetched(url(), { ca: sealing.cert }), 'sealing.unreachable');
    expect(asked).toEqual([]);
  });

  it('is looked for where the same host says, and nowhere else', async () => {
    answer = (from, to) => {
      if (from.url === '/v1/cert.pem') to.writeHead(302, { location: '/there' }).end();
      else to.end(sealing.cert);
    };
    expect((await fetched()).pem).toBe(sealing.cert);
    answer = (_from, to) => void to.writeHead(302, { location: 'https://example.com/' }).end();
    await fails(fetched(), 'sealing.unreachable', 'it leads to https://example.com');
    answer = (_from, to) => void to.writeHead(302, { location: url().replace('https', 'http') }).end();
    await fails(fetched(), 'sealing.unreachable', `it leads to http://127.0.0.1:${port()}`);
    answer = (_from, to) => void to.writeHead(302, { location: '/v1/cert.pem' }).end();
    await fails(fetched(), 'sealing.unreachable', 'it leads in circles');
  });

  it('is refused where it is none', async () => {
    answer = (_from, to) => void to.writeHead(404).end('hunter2');
    await fails(fetched(), 'sealing.unreachable', 'it answers 404');
    answer = (_from, to) => void to.end('<html>hunter2</html>');
    await fails(fetched(), 'key.unusable', 'it holds no certificate in PEM');
    answer = (_from, to) => void to.end(tls.cert);
    await fails(fetched(), 'key.unusable', 'its certificate is not one of RSA');
    answer = (_from, to) => void to.end('x'.repeat(100_000));
    await fails(fetched(), 'sealing.unreachable', 'its answer is far too large for a certificate');
  });

  it('is refused once it has expired', async () => {
    const now = new Date(Date.now() + 3 * 24 * 60 * 60 * 1000);
    await fails(fetched(url(), { now }), 'certificate.expired');
  });

  it('is given up on', async () => {
    answer = () => undefined;
    await fails(fetched(), 'sealing.unreachable', 'it takes too long to answer');
    await expect(fetched(url(), { until: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
