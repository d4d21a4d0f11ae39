import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { textOf } from '../../../src/cluster/api/json.ts';
import { secrets } from '../../../src/cluster/core-resources.ts';
import { at } from '../../../src/cluster/flux/json.ts';
import { listAll } from '../../../src/cluster/list-all.ts';
import { impatientClient } from '../../support/impatient-client.ts';
import { inTurn, json, status } from '../../support/lying-answers.ts';
import { LyingServer } from '../../support/lying-server.ts';

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
});
afterEach(() => server.stop());

const page = (next: string, ...names: readonly unknown[]) =>
  json({
    kind: 'SecretList',
    metadata: { resourceVersion: '1', continue: next },
    items: names.map((name) => ({ metadata: { name } })),
  });
const names = () => {
  const { signal } = new AbortController();
  const read = (object: unknown) => textOf(at(object, 'metadata', 'name'));
  return listAll(impatientClient(server.access()), secrets, { limit: 2 }, read, signal);
};

describe('all objects of a kind', () => {
  it('are those of every page that can be read', async () => {
    server.on('/api/v1/secrets', inTurn(page('more', 'a', 7), page('', 'b')));
    expect(await names()).toEqual(['a', 'b']);
  });

  it('are told once where the list begins anew', async () => {
    const expired = status(410, 'Expired', 'the continue token is too old');
    server.on('/api/v1/secrets', inTurn(page('more', 'a', 'b'), expired, page('more', 'a'), page('', 'c')));
    expect(await names()).toEqual(['a', 'c']);
  });
});
