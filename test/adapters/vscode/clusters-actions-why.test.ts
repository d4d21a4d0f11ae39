import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClusterDecryption, HeldKey } from '../../../src/app/clusters/decryption.ts';
import { shortName } from '../../../src/app/clusters/why-file.ts';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { Failure } from '../../../src/core/errors.ts';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import type { Cluster } from '../../../src/vscode/clusters/cluster.ts';
import { OpenClusters } from '../../../src/vscode/clusters/open-clusters.ts';
import type { Row } from '../../../src/vscode/clusters/rows.ts';
import { whyDecryptionFails } from '../../../src/vscode/clusters/why-decryption-fails.ts';
import { ActingSession, helmRelease, kustomization, ListedClusters } from '../../support/acting-clusters.ts';
import {
  answers,
  fakeDocument,
  messages,
  questions,
  registered,
  Uri,
  webviews,
  window,
  workspace,
} from '../../support/fake-vscode.ts';
import { sealedTo } from '../../support/sealed-to.ts';
import { Workspace } from '../../support/workspace.ts';

let [mine, theirs] = ['', ''];
beforeAll(async () => {
  [mine = '', theirs = ''] = await Promise.all(
    [1, 2].map(async () => (await generateAgeKey(new Date(0), { postQuantum: false })).recipient),
  );
});

class DecryptingSession extends ActingSession {
  answer: ClusterDecryption | Failure = { path: '', provider: undefined, secret: undefined };
  override decryption = async (): Promise<ClusterDecryption> => {
    if (this.answer instanceof Failure) throw this.answer;
    return this.answer;
  };
}

const apps = kustomization('apps', {
  state: 'not-ready',
  message: 'cannot get sops data key for <b>db</b>',
});
const manifest = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./apps, sourceRef: {kind: GitRepository, name: main}}
`;
let folder: Workspace;
let session: DecryptingSession;
let clusters: ListedClusters;
let cluster: Cluster;
let open: OpenClusters;

beforeEach(() => {
  registered.clear();
  for (const list of [answers, messages, questions, webviews]) list.length = 0;
  folder = new Workspace();
  folder.write('.git/HEAD', 'ref: refs/heads/main\n');
  workspace.workspaceFolders = [{ uri: Uri.file(folder.root) }];
  session = new DecryptingSession();
  session.objects = [apps];
  clusters = new ListedClusters();
  cluster = clusters.set('prod', session);
  open = new OpenClusters(clusters);
  const held: HeldKey = { name: 'age.agekey', kind: 'age', recipients: [mine] };
  const secret = { namespace: 'flux-system', name: 'sops-age', ofController: false } as const;
  session.answer = { path: './apps', provider: 'sops', secret: { ...secret, state: 'read', keys: [held] } };
});
afterEach(() => {
  open.dispose();
  workspace.workspaceFolders = [];
  workspace.textDocuments = [];
  window.activeTextEditor = undefined;
  folder.remove();
});

function run(row: Row | undefined): Promise<void> {
  const files = new NodeFiles();
  const finder = new PolicyFinder(files, () => folder.root);
  const policies = { find: ({ fsPath }: Uri) => finder.find(fsPath) };
  const services = { clustersView: { rowOf: () => row }, clusterActions: { open }, files, policies };
  return whyDecryptionFails(undefined, services as never);
}

const onRow = (object = apps) => run({ row: 'flux', cluster, object });
const page = () => webviews[0]?.webview.html ?? '';
const shownText = () =>
  page()
    .replace(/<style>[^]*<\/style>/, '')
    .replace(/<[^>]+>/g, ' ');
const argumentOf = (command: string) => {
  const given = new RegExp(`command:${command}\\?([^"]+)"`).exec(page())?.[1];
  return given === undefined ? undefined : (JSON.parse(decodeURIComponent(given)) as unknown[])[0];
};
const edit = (path: string, text: string) => {
  const document = fakeDocument(text, path);
  window.activeTextEditor = { document, selection: undefined } as never;
};

describe('of a Kustomization', () => {
  it('tells of each file in its path what it is sealed to, and what the cluster holds', async () => {
    folder.write('clusters/prod/apps.yaml', manifest);
    const path = folder.write('apps/x.yaml', sealedTo([[theirs]]));
    folder.write('apps/ok.yaml', sealedTo([[mine]]));
    folder.write('other/y.yaml', sealedTo([[theirs]]));
    await onRow();
    expect(webviews[0]).toMatchObject({
      title: 'Decryption: apps',
      options: { enableScripts: false, enableCommandUris: ['vscode.open', 'purser.updateRecipients'] },
    });
    const text = shownText();
    expect(text).toContain('Kustomization flux-system/apps in prod');
    expect(text).toContain(
      `prod cannot open apps/x.yaml: sealed to ${shortName(theirs)}; the cluster holds ${shortName(mine)}.`,
    );
    expect(text).toContain('prod can open apps/ok.yaml');
    expect(text).not.toContain('other/y.yaml');
    expect(argumentOf('purser.updateRecipients')).toEqual({
      uri: Uri.file(path).toString(),
      line: 0,
      character: 0,
    });
    expect(page().match(/Update Recipients/g)).toHaveLength(1);
    expect(page().match(/Open File/g)).toHaveLength(2);
  });

  it('quotes what Flux says of it, and nothing in it is markup', async () => {
    folder.write('apps/x.yaml', sealedTo([['"<img src=x>"']]));
    await onRow();
    expect(page()).toContain('Flux says: cannot get sops data key for &lt;b&gt;db&lt;/b&gt;');
    expect(page()).not.toContain('<img');
    expect(page()).toContain("default-src 'none'");
  });

  it('reads what is typed and not saved', async () => {
    const path = folder.write('apps/x.yaml', sealedTo([[theirs]]));
    workspace.textDocuments = [fakeDocument(sealedTo([[mine]]), path)];
    await onRow();
    expect(shownText()).toContain('prod can open apps/x.yaml');
  });

  it('says so where no open folder has its path, and never looks outside of the repository', async () => {
    session.answer = { path: '../../..', provider: 'sops', secret: undefined };
    await onRow();
    expect(shownText()).toContain('No open folder has ../../.., its spec.path');
  });

  it('offers no new recipients where the cluster holds none', async () => {
    folder.write('apps/x.yaml', sealedTo([[theirs]]));
    session.answer = { path: './apps', provider: 'sops', secret: undefined };
    await onRow();
    expect(shownText()).toContain('names no Secret in spec.decryption.secretRef');
    expect(page()).not.toContain('Update Recipients');
  });

  it('fails in a sentence that names the cluster', async () => {
    session.answer = new Failure('cluster.unreachable', { server: 'x', reason: 'refused' });
    await expect(onRow()).rejects.toMatchObject({ place: { cluster: 'prod' } });
    clusters.set('prod', undefined);
    await expect(onRow()).rejects.toMatchObject({ code: 'cluster.closed' });
    expect(webviews).toEqual([]);
  });

  it('is not asked of other rows', async () => {
    await onRow(helmRelease('apps'));
    expect([webviews, messages]).toEqual([[], []]);
  });
});

describe('of a file', () => {
  it('tells of this file alone, for each open cluster that has the Kustomization', async () => {
    folder.write('clusters/prod/apps.yaml', manifest);
    folder.write('apps/other.yaml', sealedTo([[theirs]]));
    edit(folder.write('apps/x.yaml', sealedTo([[theirs]])), sealedTo([[theirs]]));
    clusters.set('dev', session);
    clusters.set('empty', new ActingSession());
    await run(undefined);
    const text = shownText();
    expect(text).toContain('prod cannot open apps/x.yaml');
    expect(text).toContain('dev cannot open apps/x.yaml');
    expect(text).not.toContain('apps/other.yaml');
    expect(text).not.toContain('empty');
  });

  it.each([
    [
      'is not encrypted by SOPS',
      () => edit(folder.write('a.yaml', 'kind: Secret\n'), 'kind: Secret\n'),
      'This file is not encrypted by SOPS.',
    ],
    [
      'is applied by nothing',
      () => edit(folder.write('apps/x.yaml', sealedTo([[mine]])), sealedTo([[mine]])),
      "No Kustomization of Flux' that is written in this workspace applies apps/x.yaml.",
    ],
    [
      'is applied in a cluster that is not open',
      () => {
        folder.write('clusters/prod/apps.yaml', manifest);
        edit(folder.write('apps/x.yaml', sealedTo([[mine]])), sealedTo([[mine]]));
        session.objects = [];
      },
      'apps/x.yaml is applied by the Kustomization flux-system/apps, which is not in prod: connect the cluster that has it.',
    ],
  ])('that %s says so', async (_name, given, message) => {
    given();
    await run(undefined);
    expect(messages).toEqual([message]);
    expect(webviews).toEqual([]);
  });

  it('says what to do where no cluster is open', async () => {
    clusters.set('prod', undefined);
    edit(folder.write('apps/x.yaml', sealedTo([[mine]])), sealedTo([[mine]]));
    await run(undefined);
    expect(messages[0]).toContain('No cluster is open');
    expect(questions[0]?.detail).toBeUndefined();
  });
});
