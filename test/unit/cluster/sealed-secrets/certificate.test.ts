import { createHash, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchCertificate } from '../../../../src/cluster/sealed-secrets/certificate.ts';
import { describeTls } from '../../../support/certificates.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { loginPage, status, text } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';

const { signal } = new AbortController();
const controller = { namespace: 'kube-system', name: 'sealed-secrets', port: 'http', keys: undefined };
const path = '/api/v1/namespaces/kube-system/services/http:sealed-secrets:http/proxy/v1/cert.pem';
const pemType = 'application/x-pem-file';

describeTls('the certificate of a Sealed Secrets controller', (make) => {
  let server: LyingServer;
  const rsa = make({ name: 'sealing.example', rsaBits: 2048 }).cert;

  beforeAll(async () => {
    server = await LyingServer.start();
  });
  afterAll(() => server.stop());

  const fetched = (port = 'http') =>
    fetchCertificate(impatientClient(server.access()), { ...controller, port }, signal);

  it('is asked for through the API server, as kubeseal does', async () => {
    server.on(path, text(rsa, pemType));
    const certificate = await fetched();
    expect(certificate.pem).toBe(rsa);
    expect(server.asked.at(-1)?.headers.accept).toBe(pemType);
    const days = (certificate.validTo.getTime() - certificate.validFrom.getTime()) / 86_400_000;
    expect(days).toBe(2);
  });

  it('has the fingerprint that openssl makes of its public key', async () => {
    server.on(path, text(rsa, pemType));
    const der = createPublicKey(rsa).export({ type: 'spki', format: 'der' });
    const digest = createHash('sha256').update(der).digest('base64');
    expect((await fetched()).fingerprint).toBe(`SHA256:${digest}`);
  });

  it('is asked for at a port without a name, too', async () => {
    server.on(path.replace(':http/proxy', ':/proxy'), text(rsa, pemType));
    expect((await fetched('')).pem).toBe(rsa);
  });

  it.each([
    ['nothing', ''],
    ['half a certificate', rsa.slice(0, 300)],
    ['no base64', '-----BEGIN CERTIFICATE-----\n???\n-----END CERTIFICATE-----'],
    ['another end before it', `-----END CERTIFICATE-----\n${rsa.slice(0, 300)}`],
    ['a certificate of an elliptic curve', make({ name: 'curve.example' }).cert],
    ['a short RSA key', make({ name: 'short.example', rsaBits: 1024 }).cert],
  ])('is refused where there is %s', async (_name, answer) => {
    server.on(path, text(answer, pemType));
    expect(await rejection(fetched())).toMatchObject({ code: 'cluster.bad-answer' });
  });

  it('names the right that is missing, and the service behind which nothing is', async () => {
    server.on(path, status(403, 'Forbidden', 'services "http:sealed-secrets:http" is forbidden'));
    expect(await rejection(fetched())).toMatchObject({
      code: 'cluster.forbidden',
      details: { what: 'get services/proxy kube-system/http:sealed-secrets:http' },
    });
    server.on(path, status(404, 'NotFound', 'endpoints "sealed-secrets" not found'));
    expect(await rejection(fetched())).toMatchObject({
      code: 'cluster.not-found',
      details: { what: 'controller behind the service kube-system/sealed-secrets' },
    });
  });

  it('is not there where the controller does not run, or a page for signing in comes', async () => {
    server.on(path, status(503, 'ServiceUnavailable', 'no endpoints available for service'));
    expect(await rejection(fetched())).toMatchObject({ code: 'cluster.refused' });
    server.on(path, loginPage());
    expect(await rejection(fetched())).toMatchObject({ code: 'cluster.bad-answer' });
  });
});
