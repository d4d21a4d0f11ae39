import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { sentenceOf } from '../../../../src/app/messages.ts';
import {
  ExecCredentials,
  requireKnownProtocol,
} from '../../../../src/cluster/kubeconfig/exec-credentials.ts';
import type { Host } from '../../../../src/cluster/kubeconfig/host.ts';
import type { Exec } from '../../../../src/cluster/kubeconfig/kubeconfig.ts';
import { readKubeconfig } from '../../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import { Failure } from '../../../../src/core/errors.ts';
import {
  canary,
  type Files,
  failureOf,
  folderWith,
  hostAt,
  kubeconfigText,
  openedText,
  Person,
  writeIn,
} from '../../../support/kubeconfigs.ts';

const v1 = 'client.authentication.k8s.io/v1';
const answer = (status: object, more: object = {}) =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion: v1, status, ...more });
const never = new AbortController().signal;

/** A plugin that is a real program, a script of the shell's or of Node's, which leaves an `x` in `ran` whenever it runs. */
class Plugin {
  readonly folder: string;
  readonly person: Person;
  readonly #host: Host;
  readonly #exec: Partial<Exec>;

  constructor(script: string, exec: Partial<Exec> = {}, agrees = true, more: Host['env'] = {}) {
    this.folder = folderWith();
    const mark = join(this.folder, 'ran');
    const text = script.startsWith('#!')
      ? script.replace('\n', `\nprintf x >> '${mark}'\n`)
      : `#!${process.execPath}\nrequire('fs').appendFileSync(${JSON.stringify(mark)}, 'x');\n${script}\n`;
    writeIn(this.folder, 'bin/login', text);
    const env = {
      PATH: [join(this.folder, 'bin'), '/bin'].join(':'),
      NODE_OPTIONS: '--bad',
      VSCODE_IPC: 'x',
      HOME: '/home/me',
      ...more,
    };
    this.#host = hostAt(this.folder, { env });
    this.person = new Person(agrees);
    this.#exec = exec;
  }

  credentials(
    more: Partial<Exec> = {},
    limits?: { readonly timeout: number; readonly output: number },
    reached: object = {},
    certificateAuthority = 'CA',
    files?: Files,
  ) {
    const wanted = { apiVersion: v1, command: 'login', interactiveMode: 'Never', ...this.#exec, ...more };
    const { env, ...rest } = wanted;
    const variables = env?.map(([name, value]) => ({ name, value })) ?? [];
    const cluster = {
      server: 'https://k8s.example.com:6443/prefix',
      'tls-server-name': 'k8s',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }],
      ...reached,
    };
    const text = kubeconfigText({ exec: { ...rest, env: variables } }, cluster);
    const read = readKubeconfig(openedText(text, files));
    const [user, known] = [read.users.get('c'), read.clusters.get('c')];
    if (user?.exec === undefined || known === undefined) throw new Error('there is no exec');
    const use = {
      exec: user.exec,
      origin: user.origin,
      cluster: known,
      server: new URL(known.server),
      certificateAuthority,
    };
    return new ExecCredentials(use, this.person, this.#host, limits);
  }

  get runs(): number {
    const mark = join(this.folder, 'ran');
    return existsSync(mark) ? readFileSync(mark, 'utf8').length : 0;
  }
}

/** A shell script that prints a text. */
const prints = (text: string) => `#!/bin/sh\nprintf '%s' '${text}'\n`;
const gives = (status: object) => new Plugin(prints(answer(status)));

async function reasonOf(doing: Promise<unknown>): Promise<string> {
  const failure = await failureOf(doing);
  expect(`${sentenceOf(failure)}${JSON.stringify(failure.details)}`).not.toContain(canary);
  expect(failure.cause).toBeUndefined();
  if (!Failure.is(failure, 'exec.failed') && !Failure.is(failure, 'exec.refused')) throw failure;
  expect(failure.details.command).toBe('login');
  return failure.details.reason;
}

describe.skipIf(process.platform === 'win32')('an exec plugin', () => {
  it('gives a token, and is run once for all who need it', async () => {
    const plugin = gives({ token: 't1' });
    const credentials = plugin.credentials();
    const first = await Promise.all([1, 2, 3].map(() => credentials.current(false, never)));
    const second = await credentials.current(false, never);
    for (const credential of [...first, second])
      expect(credential).toEqual({ authorization: 'Bearer t1', certificate: undefined });
    expect(plugin.runs).toBe(1);
  });

  it('is not run where the person says no, and asks no more until the cluster is opened again', async () => {
    const plugin = new Plugin(prints(answer({ token: canary })), {}, false);
    const credentials = plugin.credentials();
    expect(await reasonOf(credentials.current(false, never))).toBe('you did not allow it');
    expect(await reasonOf(credentials.current(true, never))).toBe('you did not allow it');
    expect([plugin.runs, plugin.person.plugins.length]).toEqual([0, 1]);
  });

  it('is another to be asked about when anything of it changes', async () => {
    const plugin = new Plugin('', {}, false);
    const variants: readonly Partial<Exec>[] = [
      {},
      { args: ['a'] },
      { args: ['b'] },
      { args: ['a', 'b'] },
      { args: ['a b'] },
      { env: [['A', '1']] },
      { env: [['A', '2']] },
      { apiVersion: `${v1}beta1` },
      { provideClusterInfo: true },
      {},
    ];
    for (const variant of variants) await failureOf(plugin.credentials(variant).current(false, never));
    const hashes = plugin.person.plugins.map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(variants.length - 1);
    expect(hashes.at(-1)).toBe(hashes[0]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(plugin.person.plugins[0]).toMatchObject({
      command: 'login',
      program: join(plugin.folder, 'bin', 'login'),
      kubeconfig: 'ci.kubeconfig',
      server: 'https://k8s.example.com:6443',
    });
  });

  it('is another to be asked about when its credentials would go another way', async () => {
    const plugin = new Plugin('', {}, false);
    const ways: readonly object[] = [
      {},
      { 'proxy-url': 'http://proxy.example:3128' },
      { 'tls-server-name': 'other' },
      { 'insecure-skip-tls-verify': true },
      { extensions: [] },
      { server: 'https://k8s.example.com:6443/other' },
    ];
    for (const way of ways) await failureOf(plugin.credentials({}, undefined, way).current(false, never));
    await failureOf(plugin.credentials({}, undefined, {}, 'another CA').current(false, never));
    const hashes = plugin.person.plugins.map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(ways.length + 1);
  });

  it('is never asked about where kuberc denies it', async () => {
    const plugin = gives({ token: 't' });
    const kuberc =
      'apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: DenyAll\n';
    writeIn(plugin.folder, '.kube/kuberc', kuberc);
    expect(await reasonOf(plugin.credentials().current(false, never))).toBe(
      'your kuberc denies all credential plugins',
    );
    expect([plugin.runs, plugin.person.plugins.length]).toEqual([0, 0]);
  });

  it('gets what kubectl gives it, and nothing of the editor', async () => {
    const script = `console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${v1}', status: { token:
      Buffer.from(JSON.stringify({ env: process.env, args: process.argv.slice(2), cwd: process.cwd() })).toString('base64') } }));`;
    const plugin = new Plugin(script, {
      args: ['$HOME; "x"'],
      env: [['EXTRA', 'e']],
      provideClusterInfo: true,
    });
    const { authorization = '' } = await plugin.credentials().current(false, never);
    const seen = JSON.parse(Buffer.from(authorization.slice('Bearer '.length), 'base64').toString());
    expect(seen).toMatchObject({ args: ['$HOME; "x"'], cwd: plugin.folder });
    const { KUBERNETES_EXEC_INFO: info, ...env } = seen.env as Record<string, string>;
    expect(env).toEqual({ PATH: `${join(plugin.folder, 'bin')}:/bin`, HOME: '/home/me', EXTRA: 'e' });
    expect(JSON.parse(info ?? '')).toEqual({
      kind: 'ExecCredential',
      apiVersion: v1,
      spec: {
        interactive: false,
        cluster: {
          server: 'https://k8s.example.com:6443/prefix',
          'tls-server-name': 'k8s',
          'certificate-authority-data': Buffer.from('CA').toString('base64'),
          config: { audience: 'a' },
        },
      },
    });
  });

  it.each([
    ['fails', `#!/bin/sh\necho ${canary} >&2\nexit 3\n`, 'it ended with status 3'],
    ['prints nothing', prints(''), 'it printed no ExecCredential'],
    ['prints something else', prints(canary), 'it printed no ExecCredential'],
    ['prints no object', prints('null'), 'it printed no ExecCredential'],
    [
      'answers in another version',
      prints(answer({ token: canary }, { apiVersion: `${v1}beta1` })),
      'it answers in another version than it was asked in',
    ],
    ['gives nothing', prints(answer({})), 'it printed neither a token nor a certificate'],
    ['gives a number', prints(answer({ token: 1 })), 'it printed something else where text is expected'],
    ['gives two lines', prints(answer({ token: `${canary}\r\nX: 1` })), 'the token it printed is none'],
    [
      'gives half a certificate',
      prints(answer({ clientKeyData: canary })),
      'it printed only one of certificate and key',
    ],
    [
      'gives no certificate',
      prints(answer({ clientKeyData: canary, clientCertificateData: canary })),
      'the clientCertificateData it printed is no certificate',
    ],
    [
      'tells no time',
      prints(answer({ token: canary, expirationTimestamp: canary })),
      'the expirationTimestamp it printed is none',
    ],
  ])('that %s is a failure that tells nothing of it', async (_, script, reason) => {
    const plugin = new Plugin(script);
    expect(await reasonOf(plugin.credentials().current(false, never))).toBe(reason);
  });

  it('with more arguments than the system takes is a failure that tells nothing of them', async () => {
    const plugin = new Plugin(prints(''), { args: [canary.repeat(20_000)] });
    expect(await reasonOf(plugin.credentials().current(false, never))).toBe('it cannot be started');
  });

  it('is not run, and nobody is asked, where nobody waits any more', async () => {
    const plugin = gives({ token: 't' });
    await expect(plugin.credentials().current(false, AbortSignal.abort())).rejects.toThrow('aborted');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([plugin.runs, plugin.person.plugins.length]).toEqual([0, 0]);
  });

  it('of a kubeconfig that is not the person’s own gets no keys that Purser and SOPS read', async () => {
    const script = `console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${v1}', status: { token:
      Object.keys(process.env).sort().join('.') } }));`;
    const keys = {
      ENCRYPTION_KEY: canary,
      SOPS_AGE_KEY: canary,
      SOPS_AGE_KEY_FILE: '/keys',
      AWS_PROFILE: 'a',
    };
    const plugin = new Plugin(script, {}, true, keys);
    expect(await plugin.credentials().current(false, never)).toMatchObject({
      authorization: 'Bearer AWS_PROFILE.HOME.KUBERNETES_EXEC_INFO.PATH.SOPS_AGE_KEY_FILE',
    });
    const files = { folder: plugin.folder, anywhere: true };
    expect(
      (await plugin.credentials({}, undefined, {}, 'CA', files).current(false, never)).authorization,
    ).toContain('ENCRYPTION_KEY');
  });

  it('that says too much is ended', async () => {
    const plugin = new Plugin(`setInterval(() => process.stdout.write('${canary}'.repeat(9999)), 1)`);
    const credentials = plugin.credentials({}, { timeout: 20_000, output: 1024 * 1024 });
    expect(await reasonOf(credentials.current(false, never))).toBe('it says too much');
  });

  it('that does not end is ended, with what it has started', async () => {
    const child = `setInterval(() => {}, 1000); require('fs').writeFileSync(process.argv[1], String(process.pid))`;
    const plugin = new Plugin(`
      const pid = require('path').join(__dirname, '../pid');
      require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}, pid], { stdio: 'inherit' });
      setInterval(() => {}, 1000);`);
    const limits = { timeout: 2000, output: 1024 };
    expect(await reasonOf(plugin.credentials({}, limits).current(false, never))).toBe('it does not end');
    const pid = Number(readFileSync(join(plugin.folder, 'pid'), 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('is ended when nobody waits for it any more, and not before', async () => {
    const plugin = new Plugin(`#!/bin/sh\nsleep 0.3\necho '${answer({ token: 't' })}'\n`);
    const credentials = plugin.credentials();
    const [hasty, patient] = [new AbortController(), new AbortController()];
    const first = credentials.current(false, hasty.signal);
    const second = credentials.current(false, patient.signal);
    hasty.abort();
    await expect(first).rejects.toThrow('aborted');
    expect(await second).toMatchObject({ authorization: 'Bearer t' });
    const alone = new AbortController();
    const other = plugin.credentials();
    const third = other.current(false, alone.signal);
    alone.abort();
    await expect(third).rejects.toThrow('aborted');
    expect(await other.current(false, never)).toMatchObject({ authorization: 'Bearer t' });
  });

  it.each([
    ['that cannot be found', { command: 'missing' }, 'it is not found on the PATH'],
    ['that wants a terminal', { interactiveMode: 'Always' }, 'it wants to talk in a terminal'],
    [
      'beside a kubeconfig of nowhere',
      { command: './login' },
      'it stands beside a kubeconfig that is not your own',
    ],
  ])('%s is refused before anybody is asked', async (_, exec, reason) => {
    const plugin = new Plugin('', exec);
    const failure = await failureOf(plugin.credentials().current(false, never));
    expect(failure).toMatchObject({ code: 'exec.refused', details: { reason } });
    expect(plugin.person.plugins).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('credentials of a plugin', () => {
  const counting = (more: string) =>
    new Plugin(`const n = require('fs').readFileSync(__dirname + '/../ran', 'utf8').length;
      console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${v1}', status: { token: 't' + n, ${more} } }))`);
  const soon = (seconds: number) =>
    `expirationTimestamp: new Date(Date.now() + ${seconds * 1000}).toISOString()`;

  /** Runs `body` as if the clock had gone on since the last run. */
  async function later<T>(seconds: number, body: () => Promise<T>): Promise<T> {
    const [now, monotonic] = [Date.now, performance.now.bind(performance)];
    Date.now = () => now() + seconds * 1000;
    const since = vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + seconds * 1000);
    try {
      return await body();
    } finally {
      Date.now = now;
      since.mockRestore();
    }
  }

  it('are kept until a minute before they expire', async () => {
    const plugin = counting(soon(3600));
    const credentials = plugin.credentials();
    const current = async () => (await credentials.current(false, never)).authorization;
    expect(await current()).toBe('Bearer t1');
    expect(await later(3500, current)).toBe('Bearer t1');
    expect(await later(3550, current)).toBe('Bearer t2');
  });

  it('are renewed once when many requests are refused', async () => {
    const plugin = counting('');
    const credentials = plugin.credentials();
    await credentials.current(false, never);
    await later(60, async () => {
      for (let request = 0; request < 5; request++)
        expect(await credentials.current(true, never)).toMatchObject({ authorization: 'Bearer t2' });
    });
    expect(plugin.runs).toBe(2);
  });

  it('are not asked for again at once where the plugin fails', async () => {
    const plugin = new Plugin('#!/bin/sh\nexit 1\n');
    const credentials = plugin.credentials();
    for (let request = 0; request < 3; request++) await failureOf(credentials.current(false, never));
    expect(plugin.runs).toBe(1);
    await later(30, () => failureOf(credentials.current(false, never)));
    expect(plugin.runs).toBe(2);
  });

  it('are renewed, and asked for again, also after the clock was put back', async () => {
    const plugin = counting('');
    const credentials = plugin.credentials();
    await credentials.current(false, never);
    const putBack = Date.now() - 3_600_000;
    const before = Date.now;
    Date.now = () => putBack;
    try {
      await later(60, async () => {
        expect(await credentials.current(true, never)).toMatchObject({ authorization: 'Bearer t2' });
      });
    } finally {
      Date.now = before;
    }
  });
});

describe('the protocol of a plugin', () => {
  const protocol = (apiVersion: string, interactiveMode?: string) => () =>
    requireKnownProtocol({
      apiVersion,
      interactiveMode,
      command: 'c',
      args: [],
      env: [],
      provideClusterInfo: false,
    });

  it('is v1, or v1beta1, which need not say how it behaves', () => {
    expect(protocol(v1, 'IfAvailable')).not.toThrow();
    expect(protocol(`${v1}beta1`)).not.toThrow();
    expect(protocol(v1)).toThrow('kubeconfig.malformed');
    expect(protocol(v1, 'Sometimes')).toThrow('kubeconfig.malformed');
    expect(protocol(`${v1}alpha1`)).toThrow('kubeconfig.unsupported');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended and was not waited for by a parent is still listed.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
