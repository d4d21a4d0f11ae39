import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSecret } from '../../../src/cluster/read-secret.ts';
import { impatientClient, rejection } from '../../support/impatient-client.ts';
import { json } from '../../support/lying-answers.ts';
import { LyingServer } from '../../support/lying-server.ts';

const { signal } = new AbortController();
const path = '/api/v1/namespaces/apps/secrets/tenant';
const base64 = (text: string) => Buffer.from(text).toString('base64');

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

function read(data: unknown, key?: string) {
  server.on(path, json({ kind: 'Secret', data }));
  const client = impatientClient(server.access());
  return readSecret(client, { namespace: 'apps', name: 'tenant', key }, signal);
}

describe('a key of a Secret', () => {
  it('is given as the bytes that it stands for', async () => {
    expect((await read({ a: base64('one'), b: base64('two') }, 'b')).exposeText()).toBe('two');
    expect((await read({ a: '' }, 'a')).byteLength).toBe(0);
  });

  it('is value, then value.yaml, where none is named', async () => {
    const yaml = base64('from value.yaml');
    expect((await read({ 'value.yaml': yaml })).exposeText()).toBe('from value.yaml');
    expect((await read({ 'value.yaml': yaml, value: base64('v') })).exposeText()).toBe('v');
  });

  it.each([
    ['no data', null],
    ['data that is a list', ['value']],
    ['other keys', { values: 'YQ==' }],
  ])('is not found where there is %s', async (_name, data) => {
    expect(await rejection(read(data))).toMatchObject({
      code: 'cluster.not-found',
      details: { what: 'value or value.yaml in secrets apps/tenant' },
    });
  });

  it('is none of what every object has', async () => {
    expect(await rejection(read({}, 'constructor'))).toMatchObject({ code: 'cluster.not-found' });
  });

  it.each([['what-is-no-base64!'], [7], [null]])('is refused as %j, and not quoted', async (value) => {
    const failure = await rejection(read({ value }));
    expect(failure).toMatchObject({ code: 'cluster.bad-answer' });
    expect(JSON.stringify(failure)).not.toContain('what-is-no-base64');
  });
});
