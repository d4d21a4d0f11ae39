import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../../src/app/messages.ts';
import type { ApiAccess } from '../../../../src/cluster/api/api.ts';
import { accessOf } from '../../../../src/cluster/kubeconfig/api-access.ts';
import { chooseContext, contextsOf } from '../../../../src/cluster/kubeconfig/contexts.ts';
import { readKubeconfig } from '../../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import {
  canary,
  type Files,
  failureOf,
  folderWith,
  hostAt,
  kubeconfigText,
  openedText,
  Person,
} from '../../../support/kubeconfigs.ts';

const never = new AbortController().signal;

interface Opening {
  readonly cluster?: object;
  readonly files?: Files;
  readonly person?: Person;
}

function access(
  user: object,
  { cluster, files, person = new Person(true) }: Opening = {},
): Promise<ApiAccess> {
  const kubeconfig = readKubeconfig(openedText(kubeconfigText(user, cluster), files));
  return accessOf(chooseContext(kubeconfig, undefined), person, hostAt('/nowhere'), never);
}

const headers = async (user: object, opening?: Opening) =>
  (await access(user, opening)).headers(false, never);

/** The code, and the reason as people read it. */
async function failure(user: object, opening?: Opening): Promise<string> {
  const failed = await failureOf(headers(user, opening));
  expect(`${sentenceOf(failed)}${JSON.stringify(failed.details)}`).not.toContain(canary);
  return `${failed.code}: ${sentenceOf(failed)}`;
}

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${canary}`;
const inAnHour = Math.floor(Date.now() / 1000) + 3600;

describe('who asks', () => {
  it('is told by a token, a name with password, or nothing', async () => {
    expect(await headers({ token: 't' })).toEqual({ Authorization: 'Bearer t' });
    const basic = Buffer.from('jane:pä').toString('base64');
    expect(await headers({ username: 'jane', password: 'pä' })).toEqual({ Authorization: `Basic ${basic}` });
    expect(await headers({})).toEqual({});
  });

  it('is told by the token rather than by a plugin, which is not even asked about', async () => {
    const person = new Person(true);
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'x', interactiveMode: 'Never' };
    expect(await headers({ token: 't', exec }, { person })).toEqual({ Authorization: 'Bearer t' });
    expect(person.plugins).toEqual([]);
  });

  it('may be somebody else: user, groups and what else a server wants to know', async () => {
    const user = {
      as: 'jané',
      'as-uid': '7',
      'as-groups': ['a', 'b, c'],
      'as-user-extra': { 'Ex/tra%': ['1', '2'] },
    };
    expect(await headers(user)).toEqual({
      'Impersonate-User': Buffer.from('jané').toString('latin1'),
      'Impersonate-Uid': '7',
      'Impersonate-Group': ['a', 'b, c'],
      'Impersonate-Extra-ex%2Ftra%25': ['1', '2'],
    });
  });

  it('is told by an ID token that has not expired', async () => {
    const oidc = (token: string) => ({ 'auth-provider': { name: 'oidc', config: { 'id-token': token } } });
    const good = jwt({ exp: inAnHour });
    expect(await headers(oidc(good))).toEqual({ Authorization: `Bearer ${good}` });
    expect(await failure(oidc(jwt({ exp: 1000 })))).toMatch(/unsupported: .*has expired; use an exec plugin/);
    for (const token of [canary, jwt({}), jwt({ exp: canary }), ''])
      expect(await failure(oidc(token))).toMatch(/unsupported/);
    for (const name of ['gcp', 'azure'])
      expect(await failure({ 'auth-provider': { name, config: { 'access-token': canary } } })).toMatch(
        /exec plugin/,
      );
  });

  it.each([
    ['a token with a line break', { token: `${canary}\nX-Evil: 1` }],
    ['a token in other letters', { token: `${canary}é` }],
    ['a name with a line break', { as: `jane\r\n${canary}` }],
    ['no certificate', { 'client-certificate-data': btoa(canary), 'client-key-data': btoa(canary) }],
    [
      'a plugin and an auth-provider',
      { exec: { apiVersion: 'a', command: 'b' }, 'auth-provider': { name: 'oidc' } },
    ],
  ])('is not told by %s', async (_, user) => {
    expect(await failure(user)).toMatch(/^kubeconfig\.malformed/);
  });
});

describe('a token in a file', () => {
  const own = (folder: string): Opening => ({ files: { folder, anywhere: true } });

  it('wins over the one in the kubeconfig, and is read again when it is refused', async () => {
    const folder = folderWith({ token: 'first\n' });
    const opened = await access({ token: 'static', tokenFile: 'token' }, own(folder));
    expect(await opened.headers(false, never)).toEqual({ Authorization: 'Bearer first' });
    writeFileSync(join(folder, 'token'), 'second');
    expect(await opened.headers(false, never)).toEqual({ Authorization: 'Bearer first' });
    expect(await opened.headers(true, never)).toEqual({ Authorization: 'Bearer second' });
    writeFileSync(join(folder, 'token'), '');
    expect(await opened.headers(true, never)).toEqual({ Authorization: 'Bearer second' });
  });

  it('that is missing leaves the one in the kubeconfig, or none', async () => {
    const folder = folderWith();
    expect(await headers({ token: 'static', tokenFile: 'token' }, own(folder))).toEqual({
      Authorization: 'Bearer static',
    });
    expect(await failure({ tokenFile: 'token' }, own(folder))).toMatch(
      /^kubeconfig\.file-refused: the file that tokenFile names in this kubeconfig is not read: there is no such file/,
    );
  });

  it('is not any file of a workspace: what is sent must look like a token', async () => {
    const folder = folderWith({
      '.env': `SECRET=${canary}`,
      'a.yaml': `a: ${canary}`,
      'b.txt': `${canary}\n${canary}`,
    });
    for (const tokenFile of ['.env', 'a.yaml', 'b.txt', '../token', '/etc/hostname'])
      expect(await failure({ tokenFile }, { files: { folder, anywhere: false } })).toMatch(/file-refused/);
  });
});

describe('the server', () => {
  it('keeps its path, and loses what is no part of an address', async () => {
    const opened = await access(
      {},
      { cluster: { server: 'https://rancher.example.com/k8s/clusters/c-1?x#y' } },
    );
    expect(opened.server.href).toBe('https://rancher.example.com/k8s/clusters/c-1');
    expect(opened).toMatchObject({ insecure: false, proxied: false, tls: { rejectUnauthorized: true } });
  });

  it.each([
    'k8s:6443',
    'ftp://k8s',
    `https://me:${canary}@k8s`,
    'https://k8s:99999',
    'https://',
    ' ',
    'https://a\tb',
  ])('is not %j', async (server) => {
    expect(await failure({ token: canary }, { cluster: { server } })).toMatch(/^kubeconfig\.malformed/);
  });

  it('gets credentials without TLS on this computer only', async () => {
    for (const server of ['http://127.0.0.1:8001', 'http://localhost:8001', 'http://[::1]:8001']) {
      const person = new Person(false);
      expect(await headers({ token: 't' }, { cluster: { server }, person })).toEqual({
        Authorization: 'Bearer t',
      });
      expect(person.unchecked).toEqual([]);
    }
    for (const server of ['http://k8s.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1']) {
      expect(await failure({ token: canary }, { cluster: { server } })).toMatch(
        /unsupported: .*in the clear/,
      );
      const person = new Person(true);
      expect((await access({}, { cluster: { server }, person })).insecure).toBe(true);
      expect(person.unchecked).toEqual([new URL(server).origin]);
    }
  });

  it('on this computer is reached in the clear with credentials, but through no proxy on another', async () => {
    const server = 'http://127.0.0.1:8001';
    expect((await access({ token: 't' }, { cluster: { server } })).insecure).toBe(false);
    const near = { server, 'proxy-url': 'http://localhost:3128' };
    expect((await access({ token: 't' }, { cluster: near })).insecure).toBe(false);
    for (const proxy of ['http://proxy.example:3128', 'https://proxy.example', 'socks5://192.0.2.1:1080']) {
      const cluster = { server, 'proxy-url': proxy };
      expect(await failure({ token: canary }, { cluster })).toMatch(/unsupported: .*in the clear/);
      const person = new Person(true);
      expect((await access({}, { cluster, person })).insecure).toBe(true);
      expect(person.unchecked).toEqual([server]);
    }
  });

  it('goes unchecked only where the person agrees', async () => {
    const cluster = { server: 'https://k8s.example.com', 'insecure-skip-tls-verify': true };
    const agreed = await access({}, { cluster });
    expect(agreed).toMatchObject({ insecure: true, tls: { rejectUnauthorized: false } });
    expect(await failure({ token: canary }, { cluster, person: new Person(false) })).toMatch(
      /^kubeconfig\.unchecked: this kubeconfig leaves the certificate of k8s\.example\.com unchecked/,
    );
  });

  it.each([
    ['ftp://proxy', /unsupported/],
    ['proxy:3128', /unsupported|malformed/],
    ['not an address', /malformed/],
    ['socks5://me:%zz@proxy:1080', /malformed/],
    ['http://%zz@proxy:3128', /malformed/],
  ])('is not reached through the proxy %j', async (proxy, code) => {
    const cluster = { server: 'https://k8s.example.com', 'proxy-url': proxy };
    expect(await failure({}, { cluster })).toMatch(code);
  });

  it('is not trusted by a certificate authority that is none', async () => {
    const cluster = { server: 'https://k8s.example.com', 'certificate-authority-data': btoa(canary) };
    expect(await failure({}, { cluster })).toContain('certificate-authority-data is no certificate');
    const folder = folderWith({ 'ca.pem': canary });
    const named = { server: 'https://k8s.example.com', 'certificate-authority': 'ca.pem' };
    expect(await failure({}, { cluster: named, files: { folder, anywhere: false } })).toContain(
      'certificate-authority is no certificate',
    );
  });
});

describe('contexts', () => {
  const text = `
kind: Config
current-context: b
clusters: [{name: one, cluster: {server: 'https://one:6443/prefix'}}, {name: odd, cluster: {server: x}}]
users: [{name: u, user: {}}]
contexts:
- {name: a, context: {cluster: one}}
- {name: b, context: {cluster: one, user: u, namespace: flux}}
- {name: c, context: {cluster: missing}}
- {name: d, context: {cluster: one, user: missing}}
- {name: e, context: {cluster: odd}}
`;
  const kubeconfig = readKubeconfig(openedText(text));

  it('are listed in order, each with its server, though some lead nowhere', () => {
    expect(contextsOf(kubeconfig)).toEqual([
      { name: 'a', server: 'https://one:6443', isCurrent: false },
      { name: 'b', server: 'https://one:6443', isCurrent: true },
      { name: 'c', server: '', isCurrent: false },
      { name: 'd', server: 'https://one:6443', isCurrent: false },
      { name: 'e', server: '', isCurrent: false },
    ]);
  });

  it('are chosen by name, else the current one', () => {
    expect(chooseContext(kubeconfig, undefined)).toMatchObject({ name: 'b', namespace: 'flux' });
    expect(chooseContext(kubeconfig, 'a').user).toBeUndefined();
    expect(() => chooseContext(kubeconfig, 'z')).toThrow('kubeconfig.no-context');
    expect(() => chooseContext(kubeconfig, 'c')).toThrow('kubeconfig.malformed');
    expect(() => chooseContext(kubeconfig, 'd')).toThrow('kubeconfig.malformed');
    expect(() => chooseContext(readKubeconfig(openedText('kind: Config')), undefined)).toThrow(
      'kubeconfig.no-context',
    );
  });
});
