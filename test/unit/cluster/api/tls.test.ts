import { afterEach, expect, it } from 'vitest';
import { describeTls } from '../../../support/certificates.ts';
import { impatientClient, rejection } from '../../../support/impatient-client.ts';
import { json } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';

const servers: LyingServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
async function start(tls: { readonly cert: string; readonly key: string }): Promise<LyingServer> {
  const server = await LyingServer.start({ tls });
  servers.push(server);
  return server.on('/version', json({ gitVersion: 'v1.36.3' }));
}
const request = { method: 'GET', path: '/version', signal: new AbortController().signal } as const;

describeTls('the certificate of a server', (make) => {
  it('that the kubeconfig’s authority has signed is accepted', async () => {
    const server = await start(make({ name: '127.0.0.1' }));
    expect(await impatientClient(server.access()).json(request)).toEqual({ gitVersion: 'v1.36.3' });
  });

  it.each([
    ['of another authority', { name: '127.0.0.1' }, true, 'no authority that is trusted has signed it'],
    ['for another name', { name: 'elsewhere.example' }, false, 'it was issued for another name'],
    ['that has expired', { name: '127.0.0.1', days: -1 }, false, 'it has expired'],
  ])('%s is refused before anything is sent', async (_name, options, otherCa, reason) => {
    const server = await start(make(options));
    const ca = otherCa ? { ca: make({ name: '127.0.0.1' }).cert } : {};
    const error = await rejection(impatientClient(server.access(ca)).json(request));
    expect(error).toMatchObject({ code: 'cluster.certificate', details: { reason } });
    expect(server.count()).toBe(0);
  });

  it('is asked for where the server speaks none', async () => {
    const plain = await LyingServer.start();
    servers.push(plain);
    const secure = await start(make({ name: '127.0.0.1' }));
    const access = secure.access({ server: new URL(`https://${plain.url.host}`) });
    expect(await rejection(impatientClient(access).json(request))).toMatchObject({
      code: 'cluster.certificate',
      details: { reason: 'it does not speak TLS' },
    });
    expect(plain.count()).toBe(0);
  });

  it('goes unchecked only where the access says so, in the request as in the agent', async () => {
    const server = await start(make({ name: 'elsewhere.example' }));
    const access = server.access();
    const tls = { rejectUnauthorized: false };
    access.agent.destroy();
    const { Agent } = await import('node:https');
    const agent = new Agent(tls);
    expect(await impatientClient({ ...access, tls, agent }).json(request)).toEqual({ gitVersion: 'v1.36.3' });
    // The editor puts its own agent in place of ours: what stands in the request must do.
    expect(await impatientClient({ ...access, tls, agent: new Agent() }).json(request)).toEqual({
      gitVersion: 'v1.36.3',
    });
  });
});
