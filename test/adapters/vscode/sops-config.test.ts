import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { PolicyDiagnostics } from '../../../src/vscode/policy-diagnostics.ts';
import { SopsConfigHovers } from '../../../src/vscode/sops-config-hovers.ts';
import {
  CancellationTokenSource,
  DiagnosticSeverity,
  diagnostics,
  fakeDocument,
  type Hover,
  registered,
  type Uri,
  Uri as UriClass,
  workspace,
} from '../../support/fake-vscode.ts';
import { Workspace } from '../../support/workspace.ts';

const { recipient } = await generateAgeKey(new Date(0));
const config = `keys: []
creation_rules:
  - path_regex: ^apps/
    age: ${recipient}
    encrypted_regex: ^(data|stringData)$
  - path_regex: ^nope/
    age: age1x
`;

let repo: Workspace;
const repos: Workspace[] = [];
afterAll(() => {
  for (const one of repos) one.remove();
});
beforeEach(() => {
  registered.clear();
  diagnostics.clear();
  repo = new Workspace();
  repos.push(repo);
  repo.write('apps/a.yaml', 'a: 1\n');
  repo.write('apps/b.yaml', 'a: 1\n');
  repo.write('apps/own/.sops.yaml', 'creation_rules: []\n');
  repo.write('apps/own/c.yaml', 'a: 1\n');
  repo.write('x.yaml', 'a: 1\n');
  workspace.workspaceFolders = [{ uri: UriClass.file(repo.root) }];
});

describe('the diagnostics of a policy', () => {
  const shownOf = (path: string) =>
    (diagnostics.get(`purser policy ${UriClass.file(path).toString()}`) ?? []).map(
      ({ range, severity, message }) =>
        `${severity} ${range.start.line}:${range.start.character}-${range.end.character} ${message}`,
    );

  async function examined(
    path: string,
    text: string,
    work: (shown: () => readonly string[]) => Promise<void>,
  ) {
    workspace.textDocuments = [fakeDocument(text, path)];
    const own = new PolicyDiagnostics();
    try {
      await work(() => shownOf(path));
    } finally {
      own.dispose();
      workspace.textDocuments = [];
    }
  }

  it('of SOPS say what is wrong where it stands, and then which patterns match no file', async () => {
    await examined(repo.path('.sops.yaml'), config, async (shown) => {
      const wrong = expect.stringMatching(/^0 6:9-14 nothing can be sealed to this recipient: /);
      await expect.poll(shown).toEqual([wrong]);
      const none = `${DiagnosticSeverity.Information} 5:4-22 path_regex matches no file of this folder`;
      await expect.poll(shown).toEqual([wrong, none]);
    });
  });

  it('of Purser stand on their lines', async () => {
    await examined(repo.path('.purser.yaml'), 'version: 1\nruels: []\n', async (shown) => {
      const wrong = expect.stringMatching(/^0 1:0-9 unknown key "ruels"/);
      await expect.poll(shown).toEqual([wrong]);
    });
  });

  it('are one where the file is far too large, and none for other files', async () => {
    await examined(repo.path('.sops.yaml'), '#'.repeat(300_000), async (shown) => {
      await expect.poll(shown).toEqual(['0 0:0-300000 this file is far too large']);
    });
    await examined(repo.path('not.sops.yaml'), '[', async (shown) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(shown()).toEqual([]);
    });
  });
});

describe('the hover on a creation rule', () => {
  async function hoverAt(line: number, text = config, path = repo.path('.sops.yaml')) {
    const hovers = new SopsConfigHovers({
      get: ({ fsPath }: Pick<Uri, 'fsPath'>) => ({ sealed: fsPath.endsWith('b.yaml') }) as never,
    });
    const { token } = new CancellationTokenSource();
    const found = await hovers.provideHover(
      fakeDocument(text, path) as never,
      { line, character: 6 } as never,
      token,
    );
    return found as unknown as Hover | undefined;
  }

  it('says its files, its recipients and its values', async () => {
    const hover = await hoverAt(4);
    expect(hover?.contents.value.split('\n')).toEqual([
      '2 files come to this rule first; 1 encrypted: apps/a.yaml, apps/b.yaml',
      `Sealed to age ${recipient.slice(0, 12)}…${recipient.slice(-6)}`,
      'Encrypts only values under keys that match ^(data|stringData)$ (encrypted_regex)',
    ]);
    expect(hover?.range?.start).toMatchObject({ line: 2, character: 4 });
    expect((await hoverAt(6))?.contents.value).toMatch(/^No file comes to this rule\n/);
  });

  it('says no files of a .sops.yaml outside the workspace', async () => {
    expect((await hoverAt(4, config, '/elsewhere/.sops.yaml'))?.contents.value).toMatch(/^Sealed to age/);
  });

  it('is none beside the rules, and in what is no YAML', async () => {
    expect(await hoverAt(0)).toBeUndefined();
    expect(await hoverAt(0, 'creation_rules: [')).toBeUndefined();
    expect(await hoverAt(0, `${config}${'#'.repeat(300_000)}`)).toBeUndefined();
  });
});
