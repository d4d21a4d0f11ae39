import { describe, expect, it } from 'vitest';
import { commandLineOf } from '../../../../src/cluster/kubeconfig/command-line.ts';
import { canary } from '../../../support/kubeconfigs.ts';

function shownLine(args: readonly string[], env: readonly (readonly [string, string])[] = []): string {
  return commandLineOf({
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'kubelogin',
    args,
    env,
    interactiveMode: 'Never',
    provideClusterInfo: false,
  });
}

describe('the command line that a person is asked about', () => {
  it('is what runs, with blanks in quotes', () => {
    expect(shownLine(['get-token', '--server-id', '6dae42f8', 'a b'])).toBe(
      'kubelogin get-token --server-id 6dae42f8 "a b"',
    );
  });

  it.each([
    [['--client-secret', canary], '--client-secret ••••'],
    [['-secret', canary], '-secret ••••'],
    [[`--token=${canary}`], '--token=••••'],
    [[`--oidc-client-secret=${canary}`, '--x'], '--oidc-client-secret=•••• --x'],
    [['--password', canary, 'next'], '--password •••• next'],
    [[`AWS_SECRET_ACCESS_KEY=${canary}`], 'AWS_SECRET_ACCESS_KEY=••••'],
    [[`https://me:${canary}@login.example.com/`], 'https://me:••••@login.example.com/'],
    [['-c', `curl -H 'Authorization: Bearer ${canary}' x`], `-c "curl -H 'Authorization: Bearer ••••' x"`],
    [[`eyJhbGciOiJub25lIn0.${canary}.x`], '••••'],
  ])('masks the secret in %j', (args, line) => {
    expect(shownLine(args)).toBe(`kubelogin ${line}`);
  });

  it('tells what variables are set to, which may decide what runs, unless they look like secrets', () => {
    expect(
      shownLine(
        [],
        [
          ['AAD_SECRET', canary],
          ['HTTPS_PROXY', `http://me:${canary}@proxy`],
          ['LD_PRELOAD', '/repo/evil one.so'],
          ['EMPTY', ''],
        ],
      ),
    ).toBe(
      'AAD_SECRET=•••• HTTPS_PROXY=http://me:••••@proxy "LD_PRELOAD=/repo/evil one.so" EMPTY= kubelogin',
    );
  });

  it('is made in a moment, whatever the arguments hold', () => {
    const before = process.cpuUsage();
    for (const part of ['eyJ-', 'eyJa.', '//a:', 'Bearer ', '-a=', "'"]) shownLine([part.repeat(100_000)]);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
  });

  it('hides nothing else: get-token is a word, and --token-cache is followed by another flag', () => {
    expect(shownLine(['get-token', 'a', '--token', '--evil'])).toBe('kubelogin get-token a --token --evil');
  });
});
