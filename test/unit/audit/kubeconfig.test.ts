import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { ecPair } from '../../support/workspace.ts';
import { registry } from '../schemes/schemes.ts';
import { findingsOf, summaryOf } from './findings-of.ts';

const privateKey = Buffer.from(ecPair().privatePem).toString('base64');
const certificate = Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n').toString(
  'base64',
);

function kubeconfigOf(user: string, cluster = 'server: https://k.example:6443'): string {
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    `- {name: a, cluster: {${cluster}}}`,
    'contexts:',
    '- {name: a, context: {cluster: a, user: u}}',
    'users:',
    '- name: u',
    '  user:',
    ...user.split('\n').map((line) => `    ${line}`),
    '',
  ].join('\n');
}

const error = (entry: string) => `error plaintext-kubeconfig ${entry}`;

describe('plaintext-kubeconfig', () => {
  it.each([
    ['users[0].user.client-key-data', `client-key-data: ${privateKey}`],
    ['users[0].user.client-certificate-data', `client-certificate-data: ${privateKey}`],
    ['users[0].user.token', 'token: abc.def'],
    ['users[0].user.password', 'username: admin\npassword: hunter2'],
    [
      'users[0].user.auth-provider.config.client-secret',
      'auth-provider: {name: oidc, config: {client-secret: hunter2}}',
    ],
    [
      'users[0].user.auth-provider.config.refresh-token',
      'auth-provider: {name: oidc, config: {refresh-token: q1bKLFOyUi}}',
    ],
    ['users[0].user.exec.args[2]', 'exec: {args: [get-token, --client-secret, hunter2]}'],
    ['users[0].user.exec.args[1]', 'exec: {args: [get-token, "--client-secret=hunter2"]}'],
    ['users[0].user.exec.args[0]', 'exec:\n  args:\n  - --token=hunter2'],
    ['users[0].user.exec.env[0].value', 'exec:\n  env:\n  - name: AZURE_CLIENT_SECRET\n    value: hunter2'],
    ['users[0].user.exec.env[0].value', 'exec: {env: [{value: hunter2, name: OS_PASSWORD}]}'],
  ])('is an error for %s', (entry, user) => {
    expect(summaryOf(kubeconfigOf(user))).toEqual([error(entry)]);
  });

  it.each([
    [`client-certificate-data: ${certificate}`],
    ['client-certificate: /a.crt\nclient-key: /a.key'],
    ['tokenFile: /var/run/token'],
    ['token: ${TOKEN}'],
    ['token: {{ .Values.token }}'],
    ['token: "<your token>"'],
    ['token: REDACTED\nclient-key-data: DATA+OMITTED'],
    ['token: ""\npassword:'],
    ['username: admin'],
    [
      'auth-provider: {name: gcp, config: {cmd-path: gcloud, token-key: "{.credential.access_token}", expiry: "2026-01-01"}}',
    ],
    [
      'exec: {args: [get-token, --server-id, 6dae42f8-4368-4678-94ff-3960e28e3630, --client-id, 80faf920-1908-4b52-b5ef-a8e7bedfc67a]}',
    ],
    [
      'exec: {args: [eks, get-token, --cluster-name, prod, --role-arn, "arn:aws:iam::1:role/a", --grant-type=password, --token-cache-dir=/tmp]}',
    ],
    ['exec: {args: ["--client-secret=$(SECRET)", --client-secret, --use-token]}'],
    ['exec: {env: [{name: AWS_PROFILE, value: dev}, {name: CLIENT_SECRET, value: ""}]}'],
  ])('says nothing of %s', (user) => {
    expect(summaryOf(kubeconfigOf(user))).toEqual([]);
  });

  it('is a warning where a value in a place for credentials only describes itself', () => {
    expect(summaryOf(kubeconfigOf('token: my-token'))).toEqual([
      'warning plaintext-kubeconfig users[0].user.token',
    ]);
  });

  it('sees a password in the address of a proxy', () => {
    const text = kubeconfigOf('{}', 'server: https://k:6443, proxy-url: "http://me:hunter2@proxy:3128"');
    expect(summaryOf(text)).toEqual([error('clusters[0].cluster.proxy-url')]);
  });

  it('says which value of what it is, and never the value', () => {
    expect(findingsOf(kubeconfigOf('token: hunter2'))).toEqual([
      {
        rule: 'plaintext-kubeconfig',
        level: 'error',
        entry: 'users[0].user.token',
        object: { apiVersion: 'v1', kind: 'Config', namespace: undefined, name: undefined },
        message: 'users[0].user.token of Config is not encrypted (the key name says token)',
        at: 'hunter2',
      },
    ]);
  });

  it.each([
    ['JSON', '{"kind":"Config","clusters":[],"users":[{"name":"u","user":{"token":"hunter2"}}]}'],
    ['no kind', 'contexts:\n- context: {user: u}\nusers:\n- user: {token: hunter2}\n'],
    ['nothing but users', `users:\n- user:\n    client-key-data: ${privateKey}\n`],
    [
      'another object around it',
      'cluster:\n  kubeconfig:\n    kind: Config\n    clusters: []\n    users:\n    - user: {token: hunter2}\n',
    ],
    ['CRLF', kubeconfigOf('token: hunter2').replaceAll('\n', '\r\n')],
    [
      'a template',
      kubeconfigOf('token: hunter2').replace('users:', '{{- if .x }}\nusers:').concat('{{- end }}\n'),
    ],
    ['a file that breaks off', `${kubeconfigOf('token: hunter2')}- name: "never closed\n  x: [\n`],
  ])('sees into %s', (_name, text) => {
    expect(findingsOf(text)).toMatchObject([{ rule: 'plaintext-kubeconfig', level: 'error' }]);
  });

  it.each([
    ['a list of users of something else', 'kind: Realm\nusers:\n- user: {token: hunter2}\n'],
    ['contexts of something else', 'contexts:\n- name: a\nusers:\n- name: b\n  token: hunter2\n'],
  ])('leaves %s alone', (_name, text) => {
    expect(summaryOf(text)).toEqual([]);
  });

  it('leaves a kubeconfig in a Secret to the rule for Secrets', () => {
    const block = kubeconfigOf('token: hunter2').replace(/^/gm, '    ');
    const text = `apiVersion: v1\nkind: Secret\nmetadata: {name: n}\nstringData:\n  value: |\n${block}`;
    expect(summaryOf(text)).toEqual(['error plaintext-secret stringData.value']);
  });
});

describe('a kubeconfig inside a scalar', () => {
  const configMap = (value: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: n}\ndata:\n  kubeconfig: ${value}\n`;
  const plain = kubeconfigOf('token: hunter2\npassword: hunter3');

  it('is pointed into where it is a literal block', () => {
    const found = findingsOf(configMap(`|\n${plain.replace(/^(?=.)/gm, '    ')}`));
    expect(found.map(({ at, entry }) => [entry, at])).toEqual([
      ['users[0].user.token', 'hunter2'],
      ['users[0].user.password', 'hunter3'],
    ]);
  });

  it.each([
    ['a quoted line', JSON.stringify(plain)],
    ['base64', Buffer.from(plain).toString('base64')],
    [
      'base64 of JSON',
      Buffer.from(
        '{"apiVersion":"v1","contexts":[{"context":{"user":"u"}}],"users":[{"user":{"token":"hunter2"}}]}',
      ).toString('base64'),
    ],
  ])('is one finding for %s', (_name, value) => {
    expect(findingsOf(configMap(value))).toMatchObject([
      { rule: 'plaintext-kubeconfig', level: 'error', at: value },
    ]);
  });

  it('is an error where it holds a doubtful value and a certain one', () => {
    const value = JSON.stringify(kubeconfigOf('token: my-token\npassword: hunter2'));
    expect(findingsOf(configMap(value))).toMatchObject([{ level: 'error', entry: 'users[0].user.password' }]);
  });

  it('is nothing where it holds no credential', () => {
    expect(summaryOf(configMap(Buffer.from(kubeconfigOf('tokenFile: /a')).toString('base64')))).toEqual([]);
  });
});

it('takes any text for a kubeconfig without failing, and quotes none of it', () => {
  const piece = fc.constantFrom(
    'users:\n',
    '- user:\n',
    '    token: zq7hunter\n',
    'clusters',
    ': [',
    '{',
    '"',
    '|\n',
    ' ',
    '\t',
    '- ',
    'args: [--token, zq7hunter',
    '\n',
    'contexts:\n- context: {a: b}\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const { findings } = audit(scan(pieces.join('')), registry);
      expect(findings.map(({ message }) => message).join()).not.toContain('zq7hunter');
    }),
  );
});
