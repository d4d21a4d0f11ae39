import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { judgePhase } from '../../../../src/app/at-rest/phase.ts';
import { sentenceOf } from '../../../../src/app/messages.ts';
import { readEncryption } from '../../../../src/cluster/at-rest/encryption.ts';
import type { Failure } from '../../../../src/core/errors.ts';
import { impatientClient, rejection, veryImpatient } from '../../../support/impatient-client.ts';
import {
  drained,
  dripBody,
  dripHeaders,
  endless,
  json,
  loginPage,
  notFound,
  redirect,
  reset,
  shortBody,
  silence,
  status,
  text,
} from '../../../support/lying-answers.ts';
import { type Answer, LyingServer } from '../../../support/lying-server.ts';

const metricsOf = (
  resource: string,
) => `apiserver_storage_transformation_operations_total{${resource}status="OK",transformation_type="to_storage",transformer_prefix="k8s:enc:secretbox:v1:"} 3
apiserver_storage_transformation_operations_total{${resource}status="OK",transformation_type="to_storage",transformer_prefix="key1:"} 3
apiserver_encryption_config_controller_last_config_info{apiserver_id_hash="sha256:ab",hash="sha256:6bc9"} 1
`;
const filler = `etcd_request_duration_seconds_bucket{operation="get",type="/registry/secrets/",le="0.005"} 1\n`;
const pods = '/api/v1/namespaces/kube-system/pods';

let server: LyingServer;
beforeEach(async () => {
  server = await LyingServer.start();
  server.on(pods, json({ kind: 'PodList', metadata: {}, items: [] }));
});
afterEach(() => server.stop());

const read = (signal = new AbortController().signal, limits = {}) =>
  readEncryption(impatientClient(server.access(), limits), signal);
const page = (body: string): Answer => text(body, 'text/plain; version=0.0.4');
const containers = (...words: readonly unknown[]) => ({
  containers: [{ name: 'kube-apiserver', command: words }],
});

describe('what a cluster tells of its encryption', () => {
  it('is in its metrics, whose format is asked for', async () => {
    server.on('/metrics', page(metricsOf('resource="secrets",')));
    const { metrics } = await read();
    const judged = metrics.ok ? judgePhase(metrics.value, 'secrets') : undefined;
    expect(judged).toMatchObject({ phase: 'Active', writers: [{ provider: 'secretbox', keyName: 'key1' }] });
    expect(server.asked.find(({ path }) => path === '/metrics')?.headers.accept).toBe('text/plain');
  });

  it('comes over a connection that is then given up, since the next one may lead to another API server', async () => {
    server.on('/metrics', page(metricsOf('resource="secrets",')));
    await read();
    expect(server.asked.find(({ path }) => path === '/metrics')?.headers.connection).toBe('close');
  });

  it('may be of other resources where the API server is older', async () => {
    server.on('/metrics', page(metricsOf('')));
    const { metrics } = await read();
    expect(metrics.ok && judgePhase(metrics.value, 'secrets').reasons).toContain('resources-mixed');
  });

  it('is found in a page of 50 MB, which is not kept', async () => {
    server.on('/metrics', async (response) => {
      const block = filler.repeat(5_000);
      response.writeHead(200, { 'content-type': 'text/plain' });
      for (let sent = 0; sent < 50 << 20 && !response.destroyed; sent += block.length) {
        response.write(block);
        await drained(response);
      }
      response.end(metricsOf('resource="secrets",'));
    });
    const before = process.memoryUsage().arrayBuffers;
    const { metrics } = await read(undefined, { wholeAnswer: 30_000 });
    expect(metrics.ok && metrics.value.transformations.length).toBe(2);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40 << 20);
  });

  it('is not read on and on: a page without an end is cut', async () => {
    server.on('/metrics', endless(filler.repeat(2_000)));
    const { metrics } = await read(undefined, { wholeAnswer: 30_000 });
    expect(metrics.ok && metrics.value.isCut).toBe(true);
    expect(metrics.ok && judgePhase(metrics.value, 'secrets').reasons).toEqual(['page-cut']);
  });

  it('says which right is missing, and hides no other source', async () => {
    server.on('/metrics', status(403, 'Forbidden', 'no'));
    server.on(
      pods,
      json({ kind: 'PodList', metadata: {}, items: [{ metadata: { name: 'kube-apiserver-cp-1' } }] }),
    );
    const { metrics, apiServers } = await read();
    expect(metrics.ok ? '' : sentenceOf(metrics.failure)).toContain('you may not get /metrics');
    expect(apiServers.ok && apiServers.value.map(({ pod }) => pod)).toEqual(['kube-apiserver-cp-1']);
  });

  it.each<[string, Answer, string]>([
    ['a web page', loginPage(), 'cluster.bad-answer'],
    ['nothing there', notFound(), 'cluster.not-found'],
    ['a redirect', redirect('https://elsewhere.test/'), 'cluster.redirected'],
    ['a connection that is cut', reset(), 'cluster.unreachable'],
    ['an answer that breaks off', shortBody(filler), 'cluster.unreachable'],
    ['silence', silence(), 'cluster.timeout'],
    ['a head without an end', dripHeaders(20), 'cluster.timeout'],
    ['a body without an end', dripBody(20), 'cluster.timeout'],
  ])('is a failure where the answer is %s', async (_what, answer, code) => {
    server.on('/metrics', answer);
    const { metrics } = await read(undefined, veryImpatient);
    expect(metrics.ok ? 'ok' : metrics.failure.code).toBe(code);
  });

  it('is nothing where what answers is no API server', async () => {
    server.on('/metrics', page('go_goroutines 9\n'));
    const { metrics } = await read();
    expect(metrics.ok && judgePhase(metrics.value, 'secrets')).toMatchObject({ reasons: ['no-api-server'] });
  });

  it('is no longer waited for when that is cancelled', async () => {
    server.on('/metrics', dripBody(20));
    const controller = new AbortController();
    const asked = rejection(read(controller.signal));
    setTimeout(() => controller.abort(), 100);
    expect(((await asked) as Error).name).toBe('AbortError');
  });
});

describe('static pods of API servers', () => {
  const list = async (...specs: readonly unknown[]) => {
    const items = specs.map((spec, index) => ({ metadata: { name: `kube-apiserver-${index}` }, spec }));
    server.on(pods, json({ kind: 'PodList', metadata: {}, items }));
    server.on('/metrics', page(''));
    const { apiServers } = await read();
    return apiServers.ok
      ? apiServers.value.map(({ configuration, reloads }) => [configuration, reloads])
      : [];
  };
  const flag = '--encryption-provider-config';

  it('are those that kubeadm labels', async () => {
    await list();
    const asked = server.asked.find(({ path }) => path === pods);
    expect(asked?.query.get('labelSelector')).toBe('component=kube-apiserver');
  });

  it('tell their flags, however those are written', async () => {
    expect(
      await list(
        containers('kube-apiserver', `${flag}=/etc/enc.yaml`),
        containers('kube-apiserver', flag, '/etc/enc.yaml', `${flag}-automatic-reload`),
        {
          containers: [
            {
              command: ['kube-apiserver'],
              args: [`${flag}=/a`, `${flag}=/b`, `${flag}-automatic-reload=true`],
            },
          ],
        },
        containers('kube-apiserver', `${flag}=/c`, `${flag}-automatic-reload=false`),
        containers('kube-apiserver'),
      ),
    ).toEqual([
      ['/etc/enc.yaml', false],
      ['/etc/enc.yaml', true],
      ['/b', true],
      ['/c', false],
      [undefined, false],
    ]);
  });

  it('that are malformed tell nothing, and break nothing', async () => {
    const odd = [
      null,
      { containers: 'x' },
      containers(null, 7, flag),
      containers(`${flag}=`),
      { containers: [{ args: {} }] },
    ];
    expect(await list(...odd)).toEqual(odd.map(() => [undefined, false]));
  });

  it('are one failure where they may not be listed', async () => {
    server.on(pods, status(403, 'Forbidden', 'no')).on('/metrics', page(metricsOf('')));
    const { apiServers, metrics } = await read();
    expect(metrics.ok).toBe(true);
    expect((apiServers as { failure: Failure }).failure.code).toBe('cluster.forbidden');
  });
});
