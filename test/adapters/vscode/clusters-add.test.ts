import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JoinedVaults } from '../../../src/app/joined-vaults.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { contextsOf } from '../../../src/cluster/kubeconfig/contexts.ts';
import { readKubeconfig } from '../../../src/cluster/kubeconfig/read-kubeconfig.ts';
import { standaloneKubeconfig } from '../../../src/cluster/kubeconfig/standalone.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { NodeOwnKubeconfig } from '../../../src/node/own-kubeconfig.ts';
import { Clipboard } from '../../../src/vscode/clipboard.ts';
import { addCluster, addDropped } from '../../../src/vscode/clusters/add-cluster.ts';
import type { AddingClusters } from '../../../src/vscode/clusters/adding-clusters.ts';
import type { RootSource } from '../../../src/vscode/clusters/cluster.ts';
import { KubeconfigDrop } from '../../../src/vscode/clusters/drop-kubeconfig.ts';
import { FoundKubeconfigs } from '../../../src/vscode/clusters/kubeconfig-sources.ts';
import { removeCluster } from '../../../src/vscode/clusters/remove-cluster.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { WorkspaceKubeconfigs } from '../../../src/vscode/clusters/workspace-kubeconfigs.ts';
import { Findings } from '../../../src/vscode/findings.ts';
import { Policies } from '../../../src/vscode/policies.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { example } from '../../e2e/ui/sample.ts';
import { answers, env, messages, questions, registered, Uri, workspace } from '../../support/fake-vscode.ts';
import { allSchemes } from '../../support/schemes.ts';
import { symmetricKey, Workspace } from '../../support/workspace.ts';

const canary = 'shop-ci.orchid-hammer-2048-pelican-9fK3';
const ways = {
  file: '$(folder-opened) Kubeconfig File…',
  clipboard: '$(clippy) Kubeconfig in the Clipboard',
  own: '$(home) Contexts of Your Own Kubeconfig…',
  workspace: '$(lock) Encrypted Kubeconfig in the Workspace…',
};

function kubeconfig(...names: readonly string[]): string {
  const lines = (make: (name: string) => string) => names.map((name) => `- ${make(name)}\n`).join('');
  return `apiVersion: v1
kind: Config
current-context: ${names[0]}
clusters:
${lines((name) => `{name: ${name}, cluster: {server: "https://${name}.example:6443"}}`)}users:
${lines((name) => `{name: ${name}, user: {token: ${canary}}}`)}contexts:
${lines((name) => `{name: ${name}, context: {cluster: ${name}, user: ${name}}}`)}`;
}

let home: Workspace;
let folder: Workspace;
let services: Services;
let adding: AddingClusters;
let sources: FoundKubeconfigs;
let shown: RootSource[];
let policies: Policies;

beforeEach(() => {
  registered.clear();
  for (const list of [answers, messages, questions]) list.length = 0;
  [home, folder, shown] = [new Workspace(), new Workspace(), []];
  workspace.isTrusted = true;
  workspace.workspaceFolders = [{ uri: Uri.file(folder.root) }];
  folder.write('.git/HEAD', 'ref: refs/heads/main\n');
  home.write('keys/mine.fernet', symmetricKey(), 0o600);
  const files = new NodeFiles();
  const registry = allSchemes();
  const vaults = new JoinedVaults([new KeyFolder(() => home.path('keys'), files)]);
  const keys = new KeyRing(files, vaults, { read: async (name) => process.env[name] });
  const finder = new PolicyFinder(files, () => folder.root);
  policies = new Policies(finder);
  const findings = new Findings();
  const kept = new Map<string, unknown>();
  const state = {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const sealed = new WorkspaceKubeconfigs(findings, state as never);
  const own = new NodeOwnKubeconfig(
    files,
    () => ({}),
    () => home.root,
  );
  const trust = { accepts: async () => false };
  const repository = { holds: async () => false };
  const clipboard = new Clipboard();
  services = {
    registry,
    policies,
    keys,
    vaults,
    trust,
    files,
    findings,
    finder,
    repository,
    clipboard,
    keysView: { refresh: () => undefined },
  } as never;
  const connector = {
    contexts: (opened: Parameters<typeof readKubeconfig>[0]) => contextsOf(readKubeconfig(opened)),
    standalone: standaloneKubeconfig,
  };
  adding = {
    connector: async () => connector as never,
    sealed,
    own,
    show: async (source) => void shown.push(source),
  };
  services = { ...services, adding };
  sources = new FoundKubeconfigs(sealed, own, services);
});
afterEach(() => {
  policies.dispose();
  for (const { root } of [home, folder]) chmodSync(root, 0o755);
  home.remove();
  folder.remove();
  workspace.workspaceFolders = [];
  workspace.isTrusted = true;
});

const closed = {
  id: '',
  title: '',
  context: 'dev',
  state: 'closed',
  failure: undefined,
  session: undefined,
} as const;

async function add(...given: readonly unknown[]): Promise<void> {
  answers.push(...given);
  await addCluster(services);
  expect(answers).toEqual([]);
}
/** Every file of the workspace that is not git's. */
const written = () =>
  [...folder.snapshot()]
    .map(([path, content]) => [path.slice(folder.root.length + 1), content] as const)
    .filter(([path]) => !path.startsWith('.git/'));
const listed = async () =>
  (await sources.list()).map((source) =>
    source.from === 'workspace' ? source.sealed.path.slice(folder.root.length + 1) : source.from,
  );
const opened = async (source: RootSource) =>
  (await sources.open(source, new AbortController().signal)).map(({ text }) => text.exposeText() ?? '');

describe('a kubeconfig file in clear', () => {
  it('becomes one encrypted file and the rule for it, and is shown', async () => {
    const file = home.write('shop.yaml', kubeconfig('shop'));
    await add(ways.file, file, undefined, '$(key) local:mine');
    expect(written().map(([path]) => path)).toEqual(['.purser.yaml', 'clusters/shop.kubeconfig.enc']);
    expect(JSON.stringify(written())).not.toContain('orchid');
    expect(folder.text('clusters/shop.kubeconfig.enc')).toMatch(/^gAAAAA[\w=-]+$/);
    expect(folder.text('.purser.yaml')).toBe(
      'version: 1\nrules:\n  - path: "clusters/*.kubeconfig.enc"\n    scheme: fernet\n    keys: ["local:mine"]\n    whole: true\n',
    );
    expect(await listed()).toEqual(['clusters/shop.kubeconfig.enc']);
    expect(await sources.list()).toMatchObject(shown);
    expect((await opened(shown[0] ?? { from: 'own' }))[0]).toContain(canary);
    expect(messages.join('\n')).toContain(
      'clusters/shop.kubeconfig.enc is encrypted with fernet to local:mine',
    );
    expect(messages.join('\n')).not.toMatch(/in clear|orchid/);
    expect(readFileSync(file, 'utf8')).toBe(kubeconfig('shop'));
  });

  it('with several contexts becomes a file for each that is picked, and the rule is written once', async () => {
    const file = folder.write('secret/all.yaml', kubeconfig('shop', 'arn:aws:eks:eu:1:cluster/prod', 'dev'));
    const picked = ['shop', 'arn:aws:eks:eu:1:cluster/prod'];
    await add(ways.file, file, picked, undefined, '$(key) local:mine', undefined);
    const [first, second] = await sources.list();
    expect(await listed()).toEqual([
      'clusters/arn-aws-eks-eu-1-cluster-prod.kubeconfig.enc',
      'clusters/shop.kubeconfig.enc',
    ]);
    expect((await opened(first ?? { from: 'own' }))[0]).not.toContain('shop.example');
    expect((await opened(second ?? { from: 'own' }))[0]).toContain('shop.example');
    expect(folder.text('.purser.yaml').match(/- path/g)).toHaveLength(1);
    expect(messages).toEqual([
      'clusters/shop.kubeconfig.enc and clusters/arn-aws-eks-eu-1-cluster-prod.kubeconfig.enc are encrypted, and .purser.yaml has a rule for them. The kubeconfig still stands in clear in secret/all.yaml. Delete that file, and renew its credentials if it was ever committed.',
    ]);
  });

  it('goes where the others are, by the rule that is there', async () => {
    folder.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**/*.kubeconfig.enc", scheme: fernet, keys: [local:mine], whole: true}\n',
    );
    await adding.sealed.remember({
      path: folder.write('access/ci.kubeconfig.enc', 'x'),
      scheme: 'fernet',
      entry: undefined,
      object: undefined,
    });
    const policy = folder.text('.purser.yaml');
    await add(ways.file, home.write('shop.yaml', kubeconfig('shop')), undefined);
    expect(folder.text('access/shop.kubeconfig.enc')).toMatch(/^gAAAAA/);
    expect(folder.text('.purser.yaml')).toBe(policy);
  });

  it('leaves a repository of SOPS to SOPS', async () => {
    folder.write('.sops.yaml', 'creation_rules:\n  - path_regex: apps/.*\n    age: age1x\n');
    await add(ways.file, home.write('shop.yaml', kubeconfig('shop')), undefined, '$(key) local:mine');
    expect(written().map(([path]) => path)).toEqual([
      '.sops.yaml',
      'clusters/.purser.yaml',
      'clusters/shop.kubeconfig.enc',
    ]);
    expect(folder.text('clusters/.purser.yaml')).toContain('path: "*.kubeconfig.enc"');
  });

  it('comes before a rule for its folder, which goes on holding for everything else', async () => {
    const rest = '  - path: clusters/**\n    scheme: secretbox\n    keys: [local:dev]\n';
    folder.write('.purser.yaml', `version: 1\nrules:\n${rest}`);
    await add(ways.file, home.write('shop.yaml', kubeconfig('shop')), undefined, '$(key) local:mine');
    expect(folder.text('.purser.yaml')).toMatch(/kubeconfig\.enc[^]*whole: true\n {2}- path: clusters\/\*\*/);
    expect((await opened(shown[0] ?? { from: 'own' }))[0]).toContain(canary);
  });
});

describe('what fails leaves nothing', () => {
  const file = () => home.write('shop.yaml', kubeconfig('shop'));
  async function fails(code: string, ...given: readonly unknown[]): Promise<void> {
    const before = folder.snapshot();
    await expect(add(...given)).rejects.toMatchObject({ code });
    answers.length = 0;
    expect(folder.snapshot()).toEqual(before);
    expect([shown, messages.join()]).toEqual([[], '']);
  }

  it('where the policy cannot be followed', async () => {
    folder.write('.purser.yaml', 'version: 1\nrules: [{path: a}]\n');
    await fails('policy.invalid', ways.file, file(), undefined, '$(key) local:mine');
  });

  it('where the policy cannot be read', async () => {
    folder.folder('clusters');
    mkdirSync(folder.path('.purser.yaml'));
    await fails('policy.invalid', ways.file, file(), undefined, '$(key) local:mine');
  });

  /** Does something right after the encrypted file was written. */
  function meanwhile(work: () => void): void {
    const { files } = services;
    const write = files.replaceSealed.bind(files);
    files.replaceSealed = async (...given) => {
      await write(...given);
      work();
    };
  }

  it('where the policy cannot be saved', async () => {
    const policy = folder.write('.purser.yaml', 'version: 1\n');
    meanwhile(() => {
      rmSync(policy);
      mkdirSync(policy);
    });
    await expect(add(ways.file, file(), undefined, '$(key) local:mine')).rejects.toMatchObject({
      code: 'file.unwritable',
    });
    expect(written()).toEqual([]);
  });

  it('where a policy turns up in the meantime', async () => {
    meanwhile(() => folder.write('.purser.yaml', 'version: 1\n'));
    await expect(add(ways.file, file(), undefined, '$(key) local:mine')).rejects.toMatchObject({
      code: 'file.unwritable',
    });
    expect(written().map(([path]) => path)).toEqual(['.purser.yaml']);
  });

  it('where the folder is a file, or a link out of the workspace', async () => {
    folder.write('clusters', 'not a folder');
    await fails('file.unwritable', ways.file, file(), undefined, '$(key) local:mine');
    folder.remove();
    folder.write('.git/HEAD', 'ref: refs/heads/main\n');
    symlinkSync(home.folder('elsewhere'), folder.path('clusters'));
    await fails('kubeconfig.outside-workspace', ways.file, file(), undefined, '$(key) local:mine');
  });

  it('where there is such a file already', async () => {
    folder.write('clusters/shop.kubeconfig.enc', 'mine\n');
    await fails('file.exists', ways.file, file(), undefined, '$(key) local:mine');
  });

  it('where the policy ignores the place', async () => {
    folder.write('.purser.yaml', 'version: 1\nrules: []\nignore: [clusters/**]\n');
    await fails('kubeconfig.ignored', ways.file, file(), undefined);
  });

  it('where the key is missing', async () => {
    folder.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**/*.enc", scheme: fernet, keys: [local:gone], whole: true}\n',
    );
    await fails('key.not-found', ways.file, file(), undefined);
  });

  it('where it is no kubeconfig, is encrypted, or no folder is open', async () => {
    await fails('kubeconfig.malformed', ways.file, home.write('a.txt', 'velvet anchor\n'));
    await fails('kubeconfig.unreadable', ways.file, home.write('a.bin', new Uint8Array([0, 1, 2])));
    await fails('kubeconfig.no-context', ways.file, home.write('b', 'apiVersion: v1\nkind: Config\n'));
    const key = { ref: 'k', name: undefined, bytes: Plaintext.fromText(symmetricKey()) };
    const crypto = (await services.registry.byId('fernet').load()).token;
    const token = (await crypto?.seal(Plaintext.fromText('x'), key)) ?? '';
    await fails('kubeconfig.not-clear', ways.file, home.write('c', token));
    workspace.workspaceFolders = [];
    await fails('kubeconfig.no-folder', ways.file, file());
    workspace.isTrusted = false;
    await expect(addCluster(services)).rejects.toMatchObject({ code: 'workspace.untrusted' });
  });

  it('where the person gives up', async () => {
    const before = folder.snapshot();
    await add(undefined);
    await add(ways.file, undefined);
    await add(ways.file, home.write('all.yaml', kubeconfig('shop', 'dev')), undefined);
    await add(ways.file, file(), undefined, undefined);
    expect([folder.snapshot(), shown]).toEqual([before, []]);
  });
});

describe('other ways', () => {
  it('takes the clipboard, and clears it if the person wants that and it is still there', async () => {
    env.clipboard.text = kubeconfig('shop');
    await add(ways.clipboard, undefined, '$(key) local:mine', 'Clear Clipboard');
    expect(env.clipboard.text).toBe('');
    expect(await listed()).toEqual(['clusters/shop.kubeconfig.enc']);
    expect(messages).toEqual([
      expect.stringMatching(
        /is encrypted with fernet.* The kubeconfig is still on the clipboard, in clear\.$/,
      ),
    ]);
  });

  it('takes contexts of the own kubeconfig with the files that they name', async () => {
    home.write('certs/ca.pem', 'not read: there is a token');
    home.write('token', `${canary}\n`);
    const text = kubeconfig('shop').replace(`token: ${canary}`, `tokenFile: ${home.path('token')}`);
    home.write('.kube/config', text);
    expect(await listed()).toEqual(['own']);
    await add(ways.own, undefined, '$(key) local:mine');
    const [inside] = await opened((await sources.list())[0] ?? { from: 'own' });
    expect(inside).toContain(canary);
    expect(inside).not.toContain(home.root);
    expect(await opened({ from: 'own' })).toEqual([text]);
  });

  it('reads no file that somebody else’s kubeconfig names', async () => {
    home.write('token', `${canary}\n`);
    const text = kubeconfig('shop').replace(`token: ${canary}`, `tokenFile: ${home.path('token')}`);
    const given = [ways.file, home.write('downloads/shop.yaml', text)];
    await expect(add(...given)).rejects.toMatchObject({ code: 'kubeconfig.file-refused' });
    expect(written()).toEqual([]);
  });

  it('makes a key where there is none, and offers to back it up', async () => {
    home.remove();
    home.folder('keys');
    const file = home.write('shop.yaml', kubeconfig('shop'));
    await add(ways.file, file, undefined, '$(add) Create Key…', 'new', 'In the key folder', undefined);
    expect(home.exists('keys/new.fernet')).toBe(true);
    expect(messages.join('\n')).toContain('Back it up now');
    expect((await opened(shown[0] ?? { from: 'own' }))[0]).toContain(canary);
  });

  it('offers the variables that fernet rules name', async () => {
    folder.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: a, scheme: fernet, keys: [env:PURSER_TEST_KEY]}\n',
    );
    process.env['PURSER_TEST_KEY'] = symmetricKey().trim();
    try {
      const file = home.write('shop.yaml', kubeconfig('shop'));
      const policy = folder
        .text('.purser.yaml')
        .replace('rules:\n  - {', 'rules:\n  - path: b\n    scheme: sops\n  - {');
      folder.write('.purser.yaml', policy);
      await add(ways.file, file, undefined, '$(key) env:PURSER_TEST_KEY');
      expect((await opened(shown[0] ?? { from: 'own' }))[0]).toContain(canary);
    } finally {
      delete process.env['PURSER_TEST_KEY'];
    }
  });

  it('lists an encrypted file of any name, and remembers it by its place alone', async () => {
    const crypto = (await services.registry.byId('fernet').load()).token;
    const key = {
      ref: 'k',
      name: undefined,
      bytes: Plaintext.fromText(readFileSync(home.path('keys/mine.fernet'), 'utf8')),
    };
    const token = (await crypto?.seal(Plaintext.fromText(kubeconfig('shop')), key)) ?? '';
    const path = folder.write('db/dump.txt', token);
    await add(ways.workspace, path);
    expect(await listed()).toEqual(['db/dump.txt']);
    expect((await opened(shown[0] ?? { from: 'own' }))[0]).toContain(canary);
    const [source] = await sources.list();
    const rowOf = (): Row => ({
      row: 'kubeconfig',
      id: '',
      title: '',
      clusters: [{ ...closed, source: source ?? { from: 'own' } }],
    });
    await removeCluster('a row', { clustersView: { rowOf: () => undefined }, adding });
    expect(await listed()).toEqual(['db/dump.txt']);
    await removeCluster('a row', { clustersView: { rowOf }, adding });
    expect([await listed(), folder.text('db/dump.txt')]).toEqual([[], token]);
    await add(ways.workspace, path);
    await expect(add(ways.workspace, home.write('x', token))).rejects.toMatchObject({
      code: 'kubeconfig.outside-workspace',
    });
    await expect(add(ways.workspace, folder.write('y', 'clear'))).rejects.toMatchObject({
      code: 'entry.not-encrypted',
    });
    folder.remove();
    folder.folder('.');
    expect(await listed()).toEqual([]);
  });
});

describe('what is dropped on the view', () => {
  function transfer(list: string | undefined, files: readonly { name: string; text: string }[] = []) {
    const items = files.map(({ name, text }) => {
      const file = { name, uri: undefined, data: async () => new TextEncoder().encode(text) };
      return ['text/plain', { asFile: () => file }] as const;
    });
    const get = (mime: string) =>
      mime === 'text/uri-list' && list !== undefined ? { asString: async () => list } : undefined;
    return { get, [Symbol.iterator]: () => items[Symbol.iterator]() } as never;
  }
  async function drop(dropped: never, ...given: readonly unknown[]): Promise<readonly string[]> {
    answers.push(...given);
    const failures: string[] = [];
    const controller = new KubeconfigDrop((file) =>
      addDropped(file, services).catch((error: { code: string }) => void failures.push(error.code)),
    );
    await controller.handleDrop(undefined, dropped, { isCancellationRequested: false } as never);
    return failures;
  }

  it('is added file by file, and what is no kubeconfig does not stop the others', async () => {
    const paths = [
      home.write('a.yaml', kubeconfig('shop')),
      home.write('notes.md', '# velvet\n'),
      home.write('b.yaml', kubeconfig('dev')),
    ];
    const list = `# files\r\n${paths.map((path) => `file://${path}`).join('\r\n')}`;
    const failures = await drop(transfer(list), undefined, '$(key) local:mine', undefined);
    expect(failures).toEqual(['kubeconfig.malformed']);
    expect(await listed()).toEqual(['clusters/dev.kubeconfig.enc', 'clusters/shop.kubeconfig.enc']);
    expect(JSON.stringify(written())).not.toContain('orchid');
  });

  it('becomes a file for each context by the rule that is there, in the sample workspace', async () => {
    folder.write('.purser.yaml', await example('.purser.yaml'));
    home.write('keys/kubeconfig.fernet', symmetricKey(), 0o600);
    const path = folder.write('access/dev.kubeconfig', await example('access/dev.kubeconfig'));
    const picked = ['shop-dev', 'shop-test'];
    expect(await drop(transfer(`file://${path}`), picked, undefined, undefined)).toEqual([]);
    expect(await listed()).toEqual(['clusters/shop-dev.kubeconfig.enc', 'clusters/shop-test.kubeconfig.enc']);
    const [dev] = await opened((await sources.list())[0] ?? { from: 'own' });
    expect(dev).toContain('maple-anchor');
    expect(dev).not.toContain('test.kubernetes');
    expect(messages.join('\n')).toContain('still stands in clear in access/dev.kubeconfig');
  });

  it('may come from a browser, without a file of this computer', async () => {
    const files = [{ name: 'config', text: kubeconfig('shop') }];
    expect(await drop(transfer(undefined, files), undefined, '$(key) local:mine')).toEqual([]);
    const desktop = transfer('vscode-local:///home/ann/config', [{ name: 'x', text: kubeconfig('dev') }]);
    expect(await drop(desktop, undefined)).toEqual([]);
    expect(await listed()).toEqual(['clusters/dev.kubeconfig.enc', 'clusters/shop.kubeconfig.enc']);
    expect(await drop(transfer('vscode-vfs://github/nowhere'))).toEqual(['kubeconfig.unreadable']);
  });

  it('is refused in Restricted Mode', async () => {
    workspace.isTrusted = false;
    const list = `file://${home.write('a.yaml', kubeconfig('shop'))}`;
    expect(await drop(transfer(list))).toEqual(['workspace.untrusted']);
    expect(await sources.list()).toEqual([]);
    const source = { from: 'own' } as const;
    await expect(sources.open(source, new AbortController().signal)).rejects.toMatchObject({
      code: 'workspace.untrusted',
    });
  });
});
