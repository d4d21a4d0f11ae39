import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { chooseContext } from '../../../../src/cluster/kubeconfig/contexts.ts';
import { readKubeconfig } from '../../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import { standaloneKubeconfig } from '../../../../src/cluster/kubeconfig/standalone.ts';
import { failureOf, folderWith, openedText } from '../../../support/kubeconfigs.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'kubelogin',
  args: ['get-token'],
  env: [{ name: 'A', value: 'b' }],
  interactiveMode: 'Never',
  provideClusterInfo: true,
};
const text = stringify({
  kind: 'Config',
  'current-context': 'other',
  clusters: [
    { name: 'other', cluster: { server: 'https://other' } },
    {
      name: 'one',
      cluster: {
        server: 'https://one:6443/prefix',
        'certificate-authority': 'ca.pem',
        'tls-server-name': 'k8s',
        'proxy-url': 'http://proxy:3128',
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }],
      },
    },
  ],
  users: [
    { name: 'files', user: { 'client-certificate': 'c.crt', 'client-key': 'c.key', tokenFile: 'token' } },
    { name: 'plugin', user: { exec, as: 'jane', 'as-groups': ['a'], 'as-user-extra': { why: ['x'] } } },
    { name: 'oidc', user: { 'auth-provider': { name: 'oidc', config: { 'id-token': 't' } } } },
  ],
  contexts: ['files', 'plugin', 'oidc'].map((user) => ({
    name: `at ${user}`,
    context: { cluster: 'one', user, namespace: 'flux-system' },
  })),
});

function opened() {
  const folder = folderWith({ 'ca.pem': 'CA', 'c.crt': 'CERT', 'c.key': 'KEY', token: 'TOKEN\n' });
  return openedText(text, { folder, anywhere: true });
}

it('one context is written with what its files hold, and nothing of the others', async () => {
  const written = await standaloneKubeconfig(opened(), 'at files');
  expect(parse(written.exposeText() ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'at files',
        cluster: {
          server: 'https://one:6443/prefix',
          'tls-server-name': 'k8s',
          'certificate-authority-data': base64('CA'),
          'proxy-url': 'http://proxy:3128',
          extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }],
        },
      },
    ],
    users: [
      {
        name: 'at files',
        user: {
          'client-certificate-data': base64('CERT'),
          'client-key-data': base64('KEY'),
          token: 'TOKEN',
        },
      },
    ],
    contexts: [
      { name: 'at files', context: { cluster: 'at files', user: 'at files', namespace: 'flux-system' } },
    ],
    'current-context': 'at files',
  });
});

it.each(['at plugin', 'at oidc'])('%s reads back as the same, wherever it stands', async (context) => {
  const original = opened();
  const before = chooseContext(readKubeconfig(original), context);
  const written = await standaloneKubeconfig(original, context);
  const after = chooseContext(readKubeconfig({ title: 't', text: written, files: undefined }), undefined);
  const origin = expect.anything();
  expect(after).toEqual({
    ...before,
    cluster: {
      ...before.cluster,
      origin,
      certificateAuthority: expect.objectContaining({ file: undefined }),
    },
    user: { ...before.user, origin },
  });
});

it('fails where a file is missing or there is no such context', async () => {
  const folder = folderWith({ 'ca.pem': 'CA', 'c.crt': 'CERT', token: 'TOKEN' });
  const without = openedText(text, { folder: join(folder), anywhere: true });
  expect(await failureOf(standaloneKubeconfig(without, 'at files'))).toMatchObject({
    code: 'kubeconfig.file-refused',
    details: { field: 'client-key', reason: 'there is no such file' },
  });
  expect(await failureOf(standaloneKubeconfig(without, 'nowhere'))).toMatchObject({
    code: 'kubeconfig.no-context',
  });
});
