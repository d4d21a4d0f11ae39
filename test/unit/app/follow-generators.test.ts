import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followGenerators } from '../../../src/app/follow-generators.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { noGit } from '../../support/git-work-tree.ts';
import { privateKeyFiles } from '../../support/keys.ts';
import { Workspace } from '../../support/workspace.ts';
import { registry } from '../schemes/schemes.ts';

describe('following what a secret generator points to', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => workspace.remove());

  async function follow(
    text: string,
    isCommitted: (path: string) => boolean = () => true,
    root = workspace.root,
  ) {
    const path = workspace.write('apps/a/kustomization.yaml', text);
    const following = { files: new NodeFiles(), registry, root, isCommitted };
    const { files, problems } = await followGenerators(scan(text), path, following);
    return {
      findings: files.flatMap((file) =>
        file.findings.map(({ rule, level, message, span }) => ({
          rule,
          level,
          message,
          in: relative(workspace.root, file.path),
          at: file.text.slice(span.start, span.end),
        })),
      ),
      problems: problems.map(({ message }) => message),
    };
  }
  const pointing = (list: string) => `kind: Kustomization\nsecretGenerator:\n- name: a\n  ${list}\n`;

  it('tells of each plaintext line of an env file, where it stands', async () => {
    workspace.write(
      'apps/a/prod.env',
      'USER=app\r\nDB_PASSWORD="hunter2"\r\n# c\r\nAPI_TOKEN = hunter3 \r\n',
    );
    expect(await follow(pointing('envs: ["prod.env"]'))).toEqual({
      findings: [
        {
          rule: 'secret-generator-literal',
          level: 'error',
          message:
            'DB_PASSWORD is not encrypted, git does not ignore this file, and apps/a/kustomization.yaml makes a Secret of it',
          in: 'apps/a/prod.env',
          at: '"hunter2"',
        },
        expect.objectContaining({ level: 'error', at: 'hunter3' }),
      ],
      problems: [],
    });
  });

  it('tells of a file that becomes one value at its first line', async () => {
    workspace.write('secrets/db.txt', '\nhunter2\n');
    expect((await follow(pointing('files: [password=../../secrets/db.txt]'))).findings).toMatchObject([
      { level: 'error', message: expect.stringMatching(/^password is not encrypted/), at: 'hunter2' },
    ]);
  });

  it('tells once of a file that two generators take, and lets a comment in it pass', async () => {
    workspace.write(
      'apps/a/a.env',
      'PASSWORD=hunter2\n# purser:ignore secret-generator-literal for tests\nTOKEN=hunter3\n',
    );
    const { findings } = await follow(pointing('envs: [a.env, ./a.env]'));
    expect(findings.map(({ at }) => at)).toEqual(['hunter2']);
  });

  it('leaves a key file to the rule about keys', async () => {
    workspace.write('apps/a/tls.key', privateKeyFiles['RSA in PKCS#8'] ?? '');
    expect((await follow(pointing('files: [tls.key]'))).findings).toEqual([]);
    workspace.write('apps/a/db.key', 'hunter2');
    expect((await follow(pointing('files: [db.key]'))).findings).toHaveLength(1);
  });

  it('is a warning where the file only may hold a secret', async () => {
    workspace.write('apps/a/a.env', 'source-key=my-secret\n');
    expect((await follow(pointing('envs: [a.env]'))).findings).toMatchObject([{ level: 'warning' }]);
  });

  it.each([
    [
      'is encrypted',
      'PASSWORD=ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\nsops_mac=ENC[AES256_GCM,data:abc,iv:abc,tag:abc,type:str]\n',
    ],
    ['is yet to be filled in', 'PASSWORD=${PASSWORD}\nTOKEN=CHANGEME\n'],
    ['is no text', new Uint8Array([0, 71, 73, 84, 67, 82, 89, 80, 84, 0, 1, 2, 3])],
    ['is empty', ''],
  ])('says nothing of a file that %s', async (_what, content) => {
    workspace.write('apps/a/a.env', content);
    expect(await follow(pointing('envs: [a.env]'))).toEqual({ findings: [], problems: [] });
  });

  it('says nothing of a file that is not there, nor of one that a comment lets pass', async () => {
    expect(await follow(pointing('envs: [a.env]'))).toEqual({ findings: [], problems: [] });
    workspace.write('apps/a/a.env', 'PASSWORD=hunter2\n');
    const silenced = pointing('envs: [a.env] # purser:ignore secret-generator-literal for tests only');
    expect(await follow(silenced)).toEqual({ findings: [], problems: [] });
  });

  it.skipIf(noGit)('says nothing of a file that git ignores', async () => {
    execFileSync('git', ['init', '--quiet'], { cwd: workspace.root });
    workspace.write('.gitignore', '*.local.env\n');
    workspace.write('apps/a/a.local.env', 'PASSWORD=hunter2\n');
    workspace.write('apps/a/a.env', 'PASSWORD=hunter2\n');
    const isCommitted = (path: string) =>
      spawnSync('git', ['check-ignore', '--quiet', path], { cwd: workspace.root }).status === 1;
    const { findings } = await follow(pointing('envs: [a.local.env, a.env]'), isCommitted);
    expect(findings.map((finding) => finding.in)).toEqual(['apps/a/a.env']);
  });

  it('reads nothing outside of the repository, neither by name nor through a link', async () => {
    workspace.write('outside.env', 'PASSWORD=hunter2\n');
    mkdirSync(workspace.path('apps/a'), { recursive: true });
    symlinkSync('../../outside.env', workspace.path('apps/a/link.env'));
    const root = workspace.path('apps');
    for (const path of ['../../outside.env', 'link.env', workspace.path('outside.env')]) {
      const { findings, problems } = await follow(pointing(`envs: ["${path}"]`), () => true, root);
      expect(findings).toEqual([]);
      expect(problems).toEqual([expect.stringContaining('it is outside of the repository')]);
    }
  });

  it('follows a link that stays inside, from a root that is a link itself', async () => {
    workspace.write('apps/a/real.env', 'PASSWORD=hunter2\n');
    symlinkSync('real.env', workspace.path('apps/a/link.env'));
    symlinkSync('apps', workspace.path('root'));
    expect(
      (await follow(pointing('envs: [link.env]'), () => true, workspace.path('root'))).findings,
    ).toHaveLength(1);
  });

  it('goes on after what cannot be read', async () => {
    workspace.folder('apps/a/folder.env');
    workspace.write('apps/a/huge.env', new Uint8Array(16 * 1024 * 1024 + 1));
    symlinkSync('loop.env', workspace.path('apps/a/loop.env'));
    workspace.write('apps/a/a.env', 'PASSWORD=hunter2\n');
    const { findings, problems } = await follow(pointing('envs: [folder.env, huge.env, loop.env, a.env]'));
    expect(findings.map((finding) => finding.in)).toEqual(['apps/a/a.env']);
    expect(problems).toEqual([
      expect.stringMatching(/^folder\.env: it cannot be read/),
      expect.stringMatching(/^huge\.env: it is too large/),
    ]);
  });
});
