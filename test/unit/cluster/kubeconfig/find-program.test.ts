import { symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram } from '../../../../src/cluster/kubeconfig/find-program.ts';
import { type Files, folderWith, hostAt } from '../../../support/kubeconfigs.ts';

const program = '#!/bin/sh\n';

function layout() {
  const root = folderWith({
    'bin/login': program,
    'bin/notes': 'text',
    'repo/bin/login': program,
    'repo/bin/only-here': program,
    'kube/plugins/login': program,
  });
  symlinkSync(join(root, 'repo'), join(root, 'alias'));
  symlinkSync(join(root, 'repo', 'bin', 'only-here'), join(root, 'bin', 'linked'));
  const entries = ['.', 'bin', join(root, 'alias', 'bin'), join(root, 'repo', 'bin'), join(root, 'bin')];
  const host = hostAt(root, { env: { PATH: entries.join(delimiter) }, workspace: [join(root, 'repo')] });
  const find = (command: string, files: Files) =>
    findProgram(command.replaceAll('ROOT', root), { title: 't', files }, host);
  return {
    root,
    own: (command: string) => find(command, { folder: join(root, 'kube'), anywhere: true }),
    foreign: (command: string) => find(command, { folder: join(root, 'repo'), anywhere: false }),
  };
}

describe.skipIf(process.platform === 'win32')('the program of an exec plugin', () => {
  it('is found on the PATH, and never in the workspace', async () => {
    const { root, own, foreign } = layout();
    expect(await own('login')).toEqual({ program: join(root, 'bin', 'login') });
    expect(await foreign('login')).toEqual({ program: join(root, 'bin', 'login') });
    for (const command of ['only-here', 'linked', 'notes', 'missing'])
      expect(await own(command)).toEqual({ reason: 'it is not found on the PATH' });
  });

  it('may stand beside the own kubeconfig, or anywhere by its full path', async () => {
    const { root, own } = layout();
    expect(await own('./plugins/login')).toEqual({ program: join(root, 'kube', 'plugins', 'login') });
    expect(await own('ROOT/repo/bin/login')).toEqual({ program: join(root, 'repo', 'bin', 'login') });
    expect(await own('./plugins/missing')).toEqual({ reason: 'there is no such program' });
  });

  it('is not one that comes with a kubeconfig of somebody else', async () => {
    const { root, foreign } = layout();
    expect(await foreign('./bin/login')).toEqual({
      reason: 'it stands beside a kubeconfig that is not your own',
    });
    for (const folder of ['repo', 'alias'])
      expect(await foreign(`ROOT/${folder}/bin/login`)).toEqual({ reason: 'it belongs to the workspace' });
    expect(await foreign('ROOT/bin/linked')).toEqual({ reason: 'it belongs to the workspace' });
    // On Windows, to look whether it is there is to sign in there.
    expect(await foreign('//ROOT/bin/login')).toEqual({ reason: 'it is on another computer' });
    expect(await foreign('ROOT/bin/login')).toEqual({ program: join(root, 'bin', 'login') });
  });
});
