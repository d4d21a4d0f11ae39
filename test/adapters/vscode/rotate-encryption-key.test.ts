import { utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReEncrypted } from '../../../src/app/clusters/cluster-encryption.ts';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { readStoredMark } from '../../../src/crypto/at-rest/stored-mark.ts';
import { generate32ByteKey } from '../../../src/crypto/symmetric-key.ts';
import { rereadRotation } from '../../../src/vscode/at-rest/look-at-rotation.ts';
import { giveUpRotation, rotateEncryptionKey } from '../../../src/vscode/at-rest/rotate-encryption-key.ts';
import { RotationLenses } from '../../../src/vscode/at-rest/rotation-lenses.ts';
import { rotationId, rotationUri } from '../../../src/vscode/at-rest/rotation-uri.ts';
import { Rotations } from '../../../src/vscode/at-rest/rotations.ts';
import { takeRotationStep } from '../../../src/vscode/at-rest/take-rotation-step.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { ActingSession, ListedClusters } from '../../support/acting-clusters.ts';
import { ApiServer, toldBy } from '../../support/api-servers.ts';
import { Editor } from '../../support/editor.ts';
import { answers, fakeDocument, messages, questions, Uri, workspace } from '../../support/fake-vscode.ts';

const file = 'clusters/prod/encryption-config.yaml';
const oldKey = Buffer.alloc(32, 7).toString('base64');
const configuration = `# Rotated every year.
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - name: old # of last year
              secret: ${oldKey}
      - identity: {}
`;
const secrets = { resource: 'secrets', group: '' };

let editor: Editor;
let clusters: ListedClusters;
let session: ActingSession;
let servers: readonly ApiServer[];
let etcd: Map<string, Uint8Array>;
let services: Services;
let rotations: Rotations;
let kept: Map<string, unknown>;
let turn = 0;

beforeEach(() => {
  editor = new Editor();
  clusters = new ListedClusters();
  session = new ActingSession();
  etcd = new Map();
  turn = 0;
  start(configuration);
  clusters.set('prod', session);
  session.encryptionThere = async () => {
    const server = servers[turn++ % servers.length];
    if (server === undefined) throw new Error('no API server');
    return toldBy(server, servers);
  };
  session.waysToReEncrypt = async () => ['replace'];
  session.reEncrypt = async () => rewrite();
  kept = new Map();
  const memory = {
    get: (key: string, otherwise: unknown) => kept.get(key) ?? otherwise,
    // As VS Code keeps it.
    update: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
  };
  rotations = new Rotations(memory as never, async (id) => rereadRotation(id, services));
  services = {
    ...editor.services,
    rotations,
    clusters: { list: async () => [], all: () => clusters.all(), open: async () => {} } as never,
    clusterActions: { open: { all: () => clusters.all().map((cluster) => ({ cluster, session })) } } as never,
    clustersView: { rowOf: () => undefined, askEncryptionAgain() {} } as never,
    log: { warn() {}, error() {} } as never,
  };
});
afterEach(() => {
  rotations.dispose();
  editor.close();
});

/** Two API servers that run this. */
function start(text: string | undefined): void {
  servers = ['a', 'b'].map((name) => new ApiServer(name, etcd, text));
  for (const name of ['x', 'y']) servers[0]?.write(`/registry/secrets/d/${name}`, Buffer.from('k8s\0x'));
}

function rewrite(): ReEncrypted {
  for (const key of etcd.keys()) servers[0]?.write(key, servers[1]?.read(key) ?? new Uint8Array());
  return { way: 'replace', written: etcd.size, gone: 0, failed: [] };
}

function rollOut(text = editor.folder.text(file)): void {
  for (const server of servers) server.restart(text);
}

const about = () => ({ file: uriOf(), cluster: 'prod' });
const uriOf = () => Uri.file(editor.folder.path(file)).toString();
const id = () => rotationId(about());
const checklist = () => rotations.provideTextDocumentContent(rotationUri(id(), 'prod'));
const lenses = async () => {
  const uri = rotationUri(id(), 'prod');
  const found = await rotations.provideCodeLenses({ uri });
  return found.map((lens) => ({ title: lens.command?.title, line: lens.range.start.line }));
};
async function take(action: string, ...given: unknown[]): Promise<void> {
  answers.splice(0, answers.length, ...given);
  await takeRotationStep({ rotation: id(), action }, services);
}
async function begin(...given: unknown[]): Promise<void> {
  editor.folder.write(file, configuration);
  answers.splice(0, answers.length, ...given);
  await rotateEncryptionKey({ uri: uriOf() }, services);
}
const toNewKey = ['prod', '$(add) New secretbox key…', 'new'];
/** What is marked as next, and what it waits for. */
async function next(): Promise<string> {
  const [, after = ''] = (await checklist()).split('\n→');
  return `→${after.split(/\n(?:\[|\n)/)[0]}`.replaceAll(/\s+/g, ' ');
}

describe('Rotate Encryption Key', () => {
  it('goes through all seven steps, and shows no key in its document', async () => {
    await begin(...toNewKey);
    expect(await next()).toContain('→ 1. Add secretbox/new behind secretbox/old');
    expect(await lenses()).toEqual([{ title: 'Add Key…', line: 4 }]);
    await take('add', '$(sparkle) Make a Random Key');
    expect(editor.folder.text(file)).toMatch(
      /name: old # of last year\n.*\n +- name: new\n +secret: ["']?[\w+/]{43}=["']?\n/,
    );
    expect(await next()).toContain('→ 2. Put the file on every control plane node');
    servers[1]?.restart(editor.folder.text(file));
    await take('ask');
    expect(await next()).toContain('An API server has another configuration loaded');
    rollOut();
    await take('ask');
    expect(await next()).toContain('→ 3.');
    expect((await lenses()).map(({ title }) => title)).toEqual([
      'I Keep a Copy of the Key',
      'Ask the Cluster Again',
    ]);
    await take('backed-up');
    expect(await lenses()).toEqual([
      { title: 'Swap', line: 7 },
      { title: 'Ask the Cluster Again', line: 7 },
    ]);
    await take('swap');
    rollOut();
    await take('ask');
    expect(await next()).toContain('Nobody has counted what is still stored with secretbox/old');
    await take('re-encrypt', 'Re-encrypt');
    expect(await next()).toContain('→ 7. Remove secretbox/old');
    expect(await checklist()).toContain('Written anew one after the other');
    await take('remove');
    expect(editor.folder.text(file)).not.toContain('name: old');
    expect(await checklist()).toContain('Keep secretbox/old for as long as there are backups of etcd');
    expect(messages.at(-1)).toContain('keep secretbox/old as long as there are backups of etcd');
    expect(await lenses()).toEqual([]);
    rollOut();
    for (const server of servers) for (const key of etcd.keys()) server.read(key);
    expect([...etcd.values()].map((value) => readStoredMark(value).keyName)).toEqual(['new', 'new']);
    const secret = /secret: ["']?([\w+/=]+)/.exec(editor.folder.text(file))?.[1] ?? '';
    expect(await checklist()).not.toContain(secret);
    expect(JSON.stringify([...kept])).not.toContain(secret);
    expect(JSON.stringify([...kept])).not.toContain(oldKey);
  });

  it('refuses a step that is not due, by what is true now', async () => {
    await begin(...toNewKey);
    for (const action of ['swap', 'remove', 're-encrypt', 'audit', 'move-back', 'backed-up'])
      await expect(take(action), action).rejects.toThrow('rotation.refused');
    expect(editor.folder.text(file)).toBe(configuration);
    await take('add', '$(sparkle) Make a Random Key');
    rollOut();
    await take('ask');
    await take('backed-up');
    expect((await lenses())[0]?.title).toBe('Swap');
    // Meanwhile somebody restarts an API server with the file of before.
    servers[1]?.restart(configuration);
    const added = editor.folder.text(file);
    await expect(take('swap')).rejects.toThrow('rotation.refused');
    expect(editor.folder.text(file)).toBe(added);
    expect(await next()).toContain('→ 2.');
  });

  it('swaps nothing while the cluster cannot be asked', async () => {
    await begin(...toNewKey);
    await take('add', '$(sparkle) Make a Random Key');
    rollOut();
    await take('ask');
    await take('backed-up');
    const there = session.encryptionThere;
    session.encryptionThere = async () => Promise.reject(new Failure('cluster.closed', {}));
    await expect(take('swap')).rejects.toThrow('rotation.refused');
    expect(await checklist()).toContain('prod:');
    session.encryptionThere = there;
    await take('swap');
    expect(editor.folder.text(file)).toMatch(/name: new[^]*name: old/);
  });

  it('tells of what was done by hand, and offers the way back', async () => {
    await begin(...toNewKey);
    await take('add', '$(sparkle) Make a Random Key');
    const swapped = editor.folder
      .text(file)
      .replace('name: old', 'name: x')
      .replace('name: new', 'name: old')
      .replace('name: x', 'name: new');
    editor.folder.write(file, swapped);
    await take('ask');
    expect((await lenses()).map(({ title }) => title)).toEqual([
      'Put the Old Key First Again',
      'Ask the Cluster Again',
    ]);
    expect(await next()).toContain('put secretbox/old first again');
    await take('move-back');
    expect(await next()).toContain('→ 2.');
    editor.folder.write(file, configuration.replaceAll('old', 'third'));
    await take('ask');
    expect(await checklist()).toContain(
      'Neither secretbox/old nor secretbox/new writes in this file any more',
    );
  });

  it('takes a key that the person has, if it is one', async () => {
    await begin('prod', '$(add) New aescbc key…', 'k2');
    await take('add', '$(key) Use a Key That I Have…', 'c2hvcnQ=');
    expect(editor.folder.text(file)).toBe(configuration);
    const own = Buffer.alloc(32, 9).toString('base64');
    await take('add', '$(key) Use a Key That I Have…', own);
    expect(editor.folder.text(file)).toContain(`secret: ${own}`);
  });

  it('is taken up again another day, and given up when a person says so', async () => {
    await begin(...toNewKey);
    await take('add', '$(sparkle) Make a Random Key');
    rotations.dispose();
    const state = {
      get: (key: string, otherwise: unknown) => kept.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
    rotations = new Rotations(state as never, async () => {});
    services = { ...services, rotations };
    expect(await checklist()).toContain('when they are asked again');
    expect((await lenses()).map(({ title }) => title)).toEqual(['Ask the Cluster Again']);
    answers.splice(0, answers.length, '$(checklist) secretbox/old to secretbox/new');
    await rotateEncryptionKey({ uri: uriOf() }, services);
    expect(await next()).toContain('→ 2.');
    answers.splice(0, answers.length, 'secretbox/old to secretbox/new', 'Give It Up');
    await giveUpRotation(services);
    expect(rotations.all()).toEqual([]);
    expect(await checklist()).toBe('There is no such rotation any more.\n');
  });

  it('asks how many API servers there are where the cluster does not tell', async () => {
    const there = session.encryptionThere;
    session.encryptionThere = async (signal) => ({
      ...(await there(signal)),
      apiServers: { ok: true, value: [] },
    });
    await begin(...toNewKey);
    await take('add', '$(sparkle) Make a Random Key');
    rollOut();
    await take('ask');
    expect((await lenses()).map(({ title }) => title)).toContain('State How Many API Servers There Are…');
    await take('state-servers', '2');
    expect(await next()).toContain('→ 3.');
    expect(await checklist()).toContain('2 of 2');
  });

  it('counts an etcd snapshot only if it is younger than the roll-out', async () => {
    await begin(...toNewKey);
    await take('add', '$(sparkle) Make a Random Key');
    rollOut();
    await take('ask');
    await take('backed-up');
    await take('swap');
    rollOut();
    await take('ask');
    editor.folder.write('etcd.db', 'a snapshot');
    const counted = {
      resource: secrets,
      provider: 'secretbox',
      keyName: 'old',
      current: 2,
      superseded: 9,
      deleted: 0,
      untold: 0,
    };
    const audit = {
      values: 2,
      deletions: 0,
      unreadable: 0,
      newestRevision: 9,
      compacted: undefined,
      counts: [counted],
      plaintext: [],
      unlisted: 0,
    };
    services = {
      ...services,
      snapshots: { lookThrough: async () => ({ checksum: 'verified', audit }) } as never,
    };
    await take('audit', editor.folder.path('etcd.db'), undefined);
    expect(questions.at(-1)?.message).toContain('Was this snapshot taken after');
    expect(await next()).toContain('Nobody has counted');
    await take('audit', editor.folder.path('etcd.db'), 'It Was Taken After That');
    expect(await next()).toContain('2 objects are not stored with secretbox/new yet');
    counted.current = 0;
    await take('audit', editor.folder.path('etcd.db'), 'It Was Taken After That');
    expect(await next()).toContain('→ 7.');
    utimesSync(editor.folder.path('etcd.db'), 1, 1);
    counted.current = 1;
    await expect(take('audit', editor.folder.path('etcd.db'))).rejects.toThrow('rotation.refused');
  });

  it('edits what is sealed as a whole without plaintext in any file', async () => {
    const sealedFile = 'clusters/prod/encryption.enc';
    editor.folder.write('keys/ops.secretbox', `${generate32ByteKey()}\n`, 0o600);
    editor.folder.write(
      '.purser.yaml',
      `version: 1\nrules:\n  - path: "**/*.enc"\n    scheme: secretbox\n    keys: [local:ops]\n    whole: true\n`,
    );
    const { sealWhole } = await import('../../../src/app/whole-file.ts');
    const { howToSealIn, valueKey } = await import('../../../src/vscode/sealing.ts');
    const uri = Uri.file(editor.folder.path(sealedFile));
    const how = await howToSealIn(uri as never, services);
    if (how?.unit !== 'value') throw new Error('policy has no key for it');
    const { token } = await sealWhole(Plaintext.fromText(configuration), await valueKey(how, services));
    editor.folder.write(sealedFile, token);
    answers.splice(0, answers.length, ...toNewKey);
    await rotateEncryptionKey({ uri: uri.toString() }, services);
    const rotation = rotationId({ file: uri.toString(), cluster: 'prod' });
    answers.splice(0, answers.length, '$(sparkle) Make a Random Key');
    await takeRotationStep({ rotation, action: 'add' }, services);
    const after = editor.folder.text(sealedFile);
    expect(after).toMatch(/^k8s:enc:secretbox:v1:ops:\S+$/);
    expect(after).not.toBe(token);
    const [lens] = await rotations.provideCodeLenses({ uri: rotationUri(rotation, 'prod') });
    expect(lens?.command?.title).toBe('Ask the Cluster Again');
  });

  it('refuses a file of SOPS, whose bytes API servers never get', async () => {
    const recipient = await editor.ownAgeKey();
    editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n`);
    editor.folder.write(
      file,
      `${configuration}sops:\n  mac: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\n  lastmodified: "2026-01-01T00:00:00Z"\n  version: 3.13.0\n`,
    );
    answers.splice(0, answers.length, ...toNewKey);
    await expect(rotateEncryptionKey({ uri: uriOf() }, services)).rejects.toThrow('rotation.refused');
    expect(rotations.all()).toEqual([]);
  });

  it('stands above an EncryptionConfiguration, and above nothing else', () => {
    const provider = new RotationLenses();
    const on = (text: string) =>
      provider
        .provideCodeLenses(fakeDocument(text) as never)
        .map(({ command, range }) => [command?.command, range.start.line]);
    expect(on(configuration)).toEqual([['purser.rotateEncryptionKey', 2]]);
    expect(on('kind: Secret\n')).toEqual([]);
  });

  it('opens nothing in Restricted Mode', async () => {
    workspace.isTrusted = false;
    await expect(rotateEncryptionKey({ uri: uriOf() }, services)).rejects.toThrow('workspace.untrusted');
    await expect(take('ask')).rejects.toThrow('workspace.untrusted');
  });
});
