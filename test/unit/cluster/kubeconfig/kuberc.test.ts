import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forbiddenByKuberc } from '../../../../src/cluster/kubeconfig/kuberc.ts';
import { folderWith, hostAt, writeIn } from '../../../support/kubeconfigs.ts';

const script = '#!/bin/sh\n';

interface Asked {
  readonly kuberc?: string;
  readonly command?: string;
  /** What it was found to be, in the same folder; `bin/login` where it is not said. */
  readonly program?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What is said of `login`, which stands in the PATH's only folder. */
async function said({
  kuberc,
  command = 'login',
  program = 'bin/login',
  env = {},
}: Asked): Promise<string | undefined> {
  const home = folderWith({
    'bin/login': script,
    'other/login': script,
    login: script,
    'tools/login': script,
  });
  if (kuberc !== undefined) writeIn(home, '.kube/kuberc', kuberc.replaceAll('HOME', home));
  const used = {
    command: command.replaceAll('HOME', home),
    program: resolve(home, program.replaceAll('HOME', home)),
  };
  return forbiddenByKuberc(used, hostAt(home, { env: { PATH: join(home, 'bin'), ...env } }));
}

const preference = (lines: string, version = 'v1beta1') =>
  `apiVersion: kubectl.config.k8s.io/${version}\nkind: Preference\n${lines}\n`;
const allowlist = (entries: string) =>
  preference(`credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: ${entries}`);

const denied = 'your kuberc denies all credential plugins';
const notListed = 'it is not among the credential plugins that your kuberc allows';
const unreadable = 'your kuberc cannot be read, which may forbid it';

describe.skipIf(process.platform === 'win32')('a kuberc', () => {
  it.each([
    ['that is not there', undefined],
    ['that is empty', ''],
    ['that says nothing of plugins', preference('defaults: []')],
    ['of the first version', preference('aliases: []', 'v1alpha1')],
    ['that allows all', preference('credentialPluginPolicy: AllowAll')],
    ['that lists the name', allowlist('[{name: other}, {name: login}]')],
    ['that lists the name as kubectl 1.36 spells it', allowlist('[{command: login}]')],
    ['that lists the path', allowlist('[{name: HOME/bin/login}]')],
    ['behind documents of other kinds', `kind: Other\n---\n${preference('')}`],
  ])('%s lets it run', async (_, kuberc) => {
    expect(await said(kuberc === undefined ? {} : { kuberc })).toBeUndefined();
  });

  it.each([
    ['that denies all', preference('credentialPluginPolicy: DenyAll'), denied],
    ['that lists another', allowlist('[{name: kubelogin}]'), notListed],
    ['that lists another of the same name', allowlist('[{name: HOME/other/login}]'), notListed],
    ['with a policy nobody knows', preference('credentialPluginPolicy: Sometimes'), unreadable],
    ['of a version nobody knows', preference('', 'v9'), unreadable],
    [
      'with a list and no policy for it',
      preference('credentialPluginAllowlist: [{name: login}]'),
      unreadable,
    ],
    ['with a policy and no list', preference('credentialPluginPolicy: Allowlist'), unreadable],
    ['with an empty list', allowlist('[]'), unreadable],
    ['with an empty entry', allowlist('[{}]'), unreadable],
    ['with an entry that says two things', allowlist('[{name: login, command: other}]'), unreadable],
    ['with a path that is not normal', allowlist('[{name: HOME/bin/../bin/login}]'), unreadable],
    ['with a list that is none', allowlist('login'), unreadable],
    [
      'that says it twice',
      preference('credentialPluginPolicy: AllowAll\ncredentialPluginPolicy: DenyAll'),
      unreadable,
    ],
    ['that is no YAML', 'kind: "', unreadable],
  ])('%s does not', async (_, kuberc, reason) => {
    expect(await said({ kuberc })).toBe(reason);
  });

  it('is the one that KUBERC names, none where it says off, and must be there when it is named', async () => {
    const folder = folderWith({ mine: preference('credentialPluginPolicy: DenyAll') });
    const deny = preference('credentialPluginPolicy: DenyAll');
    expect(await said({ env: { KUBERC: join(folder, 'mine') } })).toBe(denied);
    expect(await said({ kuberc: deny, env: { KUBERC: 'off' } })).toBeUndefined();
    expect(await said({ kuberc: deny, env: { KUBERC: '' } })).toBe(denied);
    expect(await said({ env: { KUBERC: join(folder, 'missing') } })).toBe(unreadable);
  });

  it.each(['./login', './tools/login', 'HOME/other/login'])(
    'that lists a name or a relative path does not allow the file %s',
    async (command) => {
      const kuberc = allowlist('[{name: login}, {name: tools/login}]');
      expect(await said({ kuberc, command, program: command })).toBe(notListed);
    },
  );
});
