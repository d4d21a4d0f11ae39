import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readKubeconfig } from '../../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import { summaryOf } from '../../../../src/cluster/kubeconfig/summary.ts';
import { canary, kubeconfigText, openedText } from '../../../support/kubeconfigs.ts';

const summary = (text: string) => summaryOf(readKubeconfig(openedText(text)));
const data = Buffer.from(canary).toString('base64');
const certificate = { 'client-certificate-data': data, 'client-key-data': data };
const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' };

/** What a summary says of a user, which must not hold a credential of theirs. */
function credentialsOf(user: object): readonly string[] {
  const told = summary(kubeconfigText(user));
  for (const secret of [canary, data]) expect(JSON.stringify(told)).not.toContain(secret);
  return told.users.flatMap(({ credentials }) => credentials);
}

describe('what a kubeconfig leads to', () => {
  it.each<[string, object, readonly string[]]>([
    ['nothing', {}, []],
    ['a certificate', certificate, ['client certificate']],
    [
      'a certificate in files',
      { 'client-certificate': 'a.crt', 'client-key': 'a.key' },
      ['client certificate'],
    ],
    ['a certificate without its key', { 'client-certificate-data': data }, []],
    ['a token', { token: canary }, ['token']],
    ['a token in a file', { tokenFile: '/run/token' }, ['token in a file']],
    ['a password', { username: 'jane', password: canary }, ['password of jane']],
    [
      'a program, of whose arguments and variables nothing is told',
      { exec: { ...exec, command: 'aws', args: [canary], env: [{ name: 'A', value: canary }] } },
      ['the program aws'],
    ],
    [
      'an auth provider',
      { 'auth-provider': { name: 'oidc', config: { 'id-token': canary, 'refresh-token': canary } } },
      ['auth provider oidc'],
    ],
    ['somebody else', { token: canary, as: 'root' }, ['token', 'acting as root']],
    [
      'several, in the order in which clients prefer them',
      { ...certificate, token: canary },
      ['client certificate', 'token'],
    ],
  ])('names the kind of credential: %s', (_, user, kinds) => {
    expect(credentialsOf(user)).toEqual(kinds);
  });

  it.each<[string, object, { readonly server: string; readonly notes: readonly string[] }]>([
    ['https://a.example:6443', {}, { server: 'https://a.example:6443', notes: [] }],
    // A password in an URL is none of a summary's business.
    [`https://jane:${canary}@a.example`, {}, { server: '', notes: [] }],
    ['no url', {}, { server: '', notes: [] }],
    [
      'https://a.example',
      { 'insecure-skip-tls-verify': true, 'proxy-url': `http://me:${canary}@proxy`, 'tls-server-name': 'b' },
      {
        server: 'https://a.example',
        notes: ['its certificate is not checked', 'through a proxy', 'as b'],
      },
    ],
  ])('says where its clusters are, and what is unusual about that: %s', (server, more, expected) => {
    const told = summary(kubeconfigText({}, { server, ...more }));
    expect(told.clusters).toEqual([{ name: 'c', ...expected }]);
    expect(JSON.stringify(told)).not.toContain(canary);
  });

  it('says which context is the current one, in the order of the file', () => {
    const text = stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'b',
      contexts: [
        { name: 'a', context: { cluster: 'one', user: 'jane', namespace: 'web' } },
        { name: 'b', context: { cluster: 'two' } },
      ],
    });
    expect(summary(text).contexts).toEqual([
      { name: 'a', cluster: 'one', user: 'jane', namespace: 'web', isCurrent: false },
      { name: 'b', cluster: 'two', user: '', namespace: '', isCurrent: true },
    ]);
  });
});
