import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { sentenceOf } from '../../../../src/app/messages.ts';
import { readKubeconfig } from '../../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { runs, valueText } from '../../../support/arbitraries.ts';
import { canary, kubeconfigText, openedText } from '../../../support/kubeconfigs.ts';

const read = (text: string) => readKubeconfig(openedText(text));

/** The reason why a text is no kubeconfig. */
function reasonOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (!Failure.is(error, 'kubeconfig.malformed')) throw error;
    expect(sentenceOf(error)).not.toContain(canary);
    expect(error.cause).toBeUndefined();
    return error.details.reason;
  }
  throw new Error('it was read');
}

const full = {
  'client-certificate-data': Buffer.from('cert').toString('base64'),
  'client-key': 'keys/ci.key',
  token: canary,
  as: 'jane',
  'as-groups': ['a', 'b'],
  'as-user-extra': { reason: ['x'] },
};

describe('a kubeconfig', () => {
  it('is read with all that its context refers to', () => {
    const { users, clusters, contexts, currentContext } = read(
      kubeconfigText(full, {
        server: 'https://k8s.example.com:6443',
        'tls-server-name': 'k8s',
        'proxy-url': 'socks5://proxy:1080',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }],
      }),
    );
    expect(currentContext).toBe('c');
    expect(contexts.get('c')).toEqual({ cluster: 'c', user: 'c', namespace: undefined });
    expect(clusters.get('c')).toMatchObject({
      server: 'https://k8s.example.com:6443',
      tlsServerName: 'k8s',
      insecure: false,
      proxyUrl: 'socks5://proxy:1080',
      execConfig: { audience: 'a' },
    });
    expect(users.get('c')).toMatchObject({
      token: canary,
      key: { file: 'keys/ci.key', data: undefined },
      impersonation: { user: 'jane', groups: ['a', 'b'] },
    });
  });

  it.each([
    ['two blanks', (value: unknown) => JSON.stringify(value, null, 2)],
    ['tabs', (value: unknown) => JSON.stringify(value, null, '\t')],
    ['one line', (value: unknown) => JSON.stringify(value)],
  ])('may be JSON with %s, as AKS gives it, with the secret among the arguments', (_, write) => {
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'kubelogin',
      args: ['get-token', '--login', 'spn', '--client-secret', canary],
      env: null,
      interactiveMode: 'Never',
      provideClusterInfo: false,
    };
    const text = write({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'aks', cluster: { server: 'https://aks:443' } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'aks', context: { cluster: 'aks', user: 'u' } }],
      'current-context': 'aks',
    });
    expect(read(text).users.get('u')?.exec).toMatchObject({
      command: 'kubelogin',
      args: exec.args,
      env: [],
      interactiveMode: 'Never',
    });
  });

  it('may have nothing in it yet', () => {
    expect(read('apiVersion: v1\nkind: Config\nclusters: null\n').contexts.size).toBe(0);
  });

  it.each([
    ['', 'it is empty'],
    ['hello', 'it is no mapping'],
    ['- a', 'it is no mapping'],
    [`password: ${canary}`, 'it has no clusters'],
    ['kind: Secret\nclusters: []', 'kind is not Config'],
    ['apiVersion: v2\nkind: Config', 'apiVersion is not v1'],
    [`a: 1\na: ${canary}`, 'it is no YAML, or has the same key twice'],
    [`a: "${canary}`, 'it is no YAML, or has the same key twice'],
    [`kind: Config\n---\ntoken: ${canary}`, 'it holds several documents'],
    ['kind: Config\nclusters: {}', 'clusters is no list'],
    ['kind: Config\nusers: [{name: a, user: x}]', 'users[0].user is no mapping'],
    ['kind: Config\nusers: [{name: a, user: {token: 1}}]', 'users[0].user.token is no text'],
    ['kind: Config\nusers: [{name: a}, {name: a}]', 'users[1].name stands twice'],
    ['kind: Config\ncontexts: [{name: a}]', 'contexts[0].context.cluster is missing'],
    ['kind: Config\nclusters: [{name: a}]', 'clusters[0].cluster.server is missing'],
    [kubeconfigText({ 'client-key-data': canary.slice(1) }), 'users[0].user.client-key-data is no base64'],
    [
      kubeconfigText({ token: canary, username: 'u', password: canary }),
      'users[0].user has both a token and a username with password',
    ],
    [kubeconfigText({ 'as-groups': ['system:masters'] }), 'users[0].user.as is missing'],
    [
      kubeconfigText({}, { server: 'https://a', 'insecure-skip-tls-verify': 'true' }),
      'clusters[0].cluster.insecure-skip-tls-verify is neither true nor false',
    ],
    [
      kubeconfigText(
        {},
        { server: 'https://a', 'insecure-skip-tls-verify': true, 'certificate-authority': 'a' },
      ),
      'clusters[0].cluster has both insecure-skip-tls-verify and a certificate-authority',
    ],
    ['kind: Config\nclusters: *nowhere', 'its aliases cannot be followed'],
    [
      kubeconfigText({ exec: { apiVersion: 'v1', command: 'x', args: ['a', `${canary}\0`] } }),
      'users[0].user.exec.args[1] holds a NUL character',
    ],
    [
      kubeconfigText({ exec: { apiVersion: 'v1', command: `x\0${canary}` } }),
      'users[0].user.exec.command holds a NUL character',
    ],
    [
      kubeconfigText({
        exec: { apiVersion: 'v1', command: 'x', env: [{ name: 'A', value: `\0${canary}` }] },
      }),
      'users[0].user.exec.env[0].value holds a NUL character',
    ],
  ])('is not %j: %s', (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  it('that is not UTF-8 is none', () => {
    const text = new Plaintext(new Uint8Array([0xff, 0xfe, 0x41]));
    expect(() => readKubeconfig({ title: 't', text, files: undefined })).toThrow('kubeconfig.malformed');
  });

  const million = 1 << 20;
  const levels = ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih'].map((pair) => pair.split(''));
  it.each([
    ['lists in lists', '['.repeat(million)],
    ['lists in lists on one line', '- '.repeat(million / 2)],
    ['keys of keys', '? '.repeat(million / 2)],
    ['mappings in mappings', '{a: '.repeat(million / 4)],
    ['ever deeper lines', Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['many keys', Array.from({ length: million / 12 }, (_, key) => `k${key}: 1`).join('\n')],
    ['many documents', '---\n'.repeat(million / 4)],
    ['many anchors', '&a '.repeat(million / 3)],
    ['too many bytes', `a: ${'x'.repeat(million)}`],
    ['itself', 'clusters: &a [*a]'],
    [
      'aliases of aliases',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...levels.map(([name, below]) => `${name}: &${name} [${`*${below},`.repeat(9)}]`),
      ].join('\n'),
    ],
  ])('of %s is refused at once', (_, text) => {
    const before = process.cpuUsage();
    reasonOf(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });

  it('takes `__proto__` for a name', () => {
    const text =
      'kind: Config\nusers: [{name: __proto__, user: {token: t, __proto__: {exec: {command: x}}}}]';
    expect(read(text).users.get('__proto__')).toMatchObject({ token: 't', exec: undefined });
    expect(({} as { token?: string }).token).toBeUndefined();
  });
});

describe('several files', () => {
  const file = (name: string, server: string, current?: string) =>
    openedText(
      stringify({
        kind: 'Config',
        'current-context': current,
        clusters: [{ name: 'shared', cluster: { server } }],
        users: [{ name, user: { token: name } }],
        contexts: [{ name, context: { cluster: 'shared', user: name === 'first' ? 'second' : name } }],
      }),
      { folder: `/${name}`, anywhere: true },
    );

  it('are one kubeconfig: what comes first wins, and each keeps its own folder', () => {
    const merged = readKubeconfig({
      ...file('first', 'https://first'),
      more: [file('second', 'https://second', 'second'), file('third', 'https://third', 'third')],
    });
    expect([...merged.contexts.keys()]).toEqual(['first', 'second', 'third']);
    expect(merged.currentContext).toBe('second');
    expect(merged.clusters.get('shared')?.server).toBe('https://first');
    expect(merged.contexts.get('first')?.user).toBe('second');
    expect(merged.users.get('second')?.origin.files?.folder).toBe('/second');
  });
});

describe('whatever stands in a file', () => {
  const word = fc.constantFrom(
    ...'clusters users contexts name cluster user exec env as-user-extra kind extensions'.split(' '),
    ...`auth-provider config token ${canary} __proto__ client-key-data args`.split(' '),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom(null, true, 0, '', canary, 'Config'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.array(fc.tuple(word, tie('tree')), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs)),
    ),
  }));

  it.each([
    ['any tree of its words', tree.map((value) => JSON.stringify({ kind: 'Config', ...Object(value) }))],
    ['any text', valueText.map((text) => `kind: Config\nusers:\n- ${text}\n${canary}: [`)],
    ['a kubeconfig cut anywhere', fc.nat({ max: 600 }).map((at) => kubeconfigText(full).slice(0, at))],
  ])('%s is a kubeconfig or a reason that quotes nothing', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          expect(read(text).contexts).toBeInstanceOf(Map);
        } catch (error) {
          if (!Failure.is(error, 'kubeconfig.malformed')) throw error;
          expect(JSON.stringify(error.details).replaceAll(`as-user-extra.${canary}`, '')).not.toContain(
            canary,
          );
        }
      }),
      runs(300),
    );
  });
});
