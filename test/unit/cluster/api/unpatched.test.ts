import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpatched } from '../../../../src/cluster/api/unpatched.ts';
import { describeTls } from '../../../support/certificates.ts';
import { json } from '../../../support/lying-answers.ts';
import { LyingServer } from '../../../support/lying-server.ts';

const modules = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')];
const originals = modules.map(({ request }) => request);

/** As VS Code does it: in the modules. */
beforeEach(() => {
  for (const module of modules)
    Object.assign(module, {
      request: () => {
        throw new Error('patched');
      },
    });
});
afterEach(() => {
  for (const [index, module] of modules.entries()) Object.assign(module, { request: originals[index] });
});

function codeOf(request: ReturnType<typeof unpatched.http>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    request.end();
  });
}

describe('requests past the editor', () => {
  it.each([undefined, false])('reach a server without TLS, with the agent %s', async (agent) => {
    const server = await LyingServer.start();
    server.on('/version', json({}));
    const options = { host: '127.0.0.1', port: server.port, path: '/version', agent };
    expect(await codeOf(unpatched.http(options))).toBe(200);
    await server.stop();
  });
});

describeTls('requests past the editor', (makeCertificate) => {
  const tls = makeCertificate({ name: '127.0.0.1' });

  it('reach a server with TLS, with an agent of their own or none', async () => {
    const server = await LyingServer.start({ tls });
    server.on('/version', json({}));
    const { agent } = server.access();
    const options = { host: '127.0.0.1', port: server.port, path: '/version' };
    expect(await codeOf(unpatched.https({ ...options, agent }))).toBe(200);
    const trusting = { ...options, agent: false, ca: tls.cert };
    expect(await codeOf(unpatched.https(trusting))).toBe(200);
    await expect(codeOf(unpatched.https({ ...options, agent: false }))).rejects.toThrow(/self-signed/);
    await server.stop();
  });
});
