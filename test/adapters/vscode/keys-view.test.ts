import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findingsOfDocument } from '../../../src/vscode/document-findings.ts';
import { encryptSecret } from '../../../src/vscode/encrypt-commands.ts';
import { backUpKey, forgetKey } from '../../../src/vscode/keep-keys.ts';
import { copyFingerprint } from '../../../src/vscode/keys/copy-fingerprint.ts';
import { KeyDrop } from '../../../src/vscode/keys/drop-key.ts';
import type { KeyRow } from '../../../src/vscode/keys/key-rows.ts';
import { KeysView } from '../../../src/vscode/keys/keys-view.ts';
import { takeKey } from '../../../src/vscode/keys/take-key.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { Editor } from '../../support/editor.ts';
import {
  answers,
  contextKeys,
  EventEmitter,
  env,
  messages,
  Uri,
  workspace,
} from '../../support/fake-vscode.ts';
import { drawBelow, expand, labelsOf, linesOf } from '../../support/tree.ts';
import { rsaPair, secretYaml, symmetricKey } from '../../support/workspace.ts';

const pair = rsaPair();
let editor: Editor;
let view: KeysView;
let services: Services;
let changes: EventEmitter<void>;
let bugs: unknown[];

beforeEach(() => {
  editor = new Editor();
  bugs = [];
  const drop = new KeyDrop((file) => takeKey(file, services));
  changes = new EventEmitter<void>();
  view = new KeysView(
    { ...editor.services, changes: { onDidChange: changes.event } },
    drop,
    (error) => void bugs.push(error),
  );
  services = { ...editor.services, keysView: view };
});
afterEach(() => {
  view.dispose();
  editor.close();
  expect(bugs).toEqual([]);
});

const policyOf = (path: string, scheme: string, key: string) =>
  `version: 1\nrules:\n  - path: "${path}"\n    scheme: ${scheme}\n    keys: [${key}]\n`;

/** Seals a Secret of two values by policy, and has what is in it known as a scan would. */
async function sealed(path: string): Promise<void> {
  const document = await editor.open(path, secretYaml('main', { a: 'first-value', b: 'second-value' }));
  await encryptSecret({ uri: document.uri.toString(), offset: 20 }, services);
  await document.save();
  const examined = services.manifests.examine(document as never);
  services.findings.setInEditor(
    document.uri as never,
    findingsOfDocument(document as never, examined, new Map()),
  );
  view.refresh();
}

it('says that nobody has a key once it has looked, and not before', async () => {
  contextKeys.delete('purser.hasNoKeys');
  const drawn = drawBelow(view);
  expect(contextKeys.get('purser.hasNoKeys')).toBeUndefined();
  expect(await drawn).toEqual([]);
  expect(contextKeys.get('purser.hasNoKeys')).toBe(true);
});

it('shows a key of the repository and its private half as one, with what is sealed to it', async () => {
  editor.folder.write('.purser/keys/prod.pub.pem', pair.publicPem);
  editor.folder.write('.purser.yaml', policyOf('**', 'jwe', '.purser/keys/prod.pub.pem'));
  expect(linesOf(await drawBelow(view))).toEqual(['.purser/keys/prod.pub.pem (unused · JWE · RSA 2048)']);
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  await sealed('db.yaml');
  const [line, ...others] = await drawBelow(view);
  expect(others).toEqual([]);
  expect(linesOf(line === undefined ? [] : [line])).toEqual([
    '.purser/keys/prod.pub.pem (2 values · JWE, Sealed Secrets · RSA 2048)',
  ]);
  expect(line?.item.accessibilityInformation?.label).toContain('can open here');
  const below = await expand(view, '.purser/keys/prod.pub.pem');
  expect(labelsOf(below)).toEqual([
    '.purser/keys/prod.pub.pem',
    'local:prod',
    expect.stringMatching(/^SHA256:/),
    'db.yaml',
  ]);
  expect(linesOf(below).at(-1)).toBe('db.yaml (2 values)');
});

it('names whom values are sealed to that nobody here knows', async () => {
  editor.folder.write('keys/dev.secretbox', symmetricKey(), 0o600);
  editor.folder.write('.purser.yaml', policyOf('**', 'secretbox', 'local:dev'));
  await sealed('db.yaml');
  expect(linesOf(await drawBelow(view))).toEqual(['local:dev (2 values · Secretbox · 256 bits)']);
  editor.folder.write('keys/other.secretbox', editor.folder.text('keys/dev.secretbox'), 0o600);
  answers.push('dev');
  await forgetKey((await drawBelow(view))[0]?.row, services);
  expect(linesOf(await drawBelow(view)).at(-1)).toBe(
    'local:dev (2 values · Secretbox · named by a policy, and not among your keys)',
  );
  editor.folder.write('.purser.yaml', policyOf('**', 'secretbox', 'local:other'));
  services.policies.refresh();
  await expect.poll(async () => labelsOf(await drawBelow(view))).toEqual(['local:other', 'dev']);
  const unknown = (await drawBelow(view)).at(-1);
  expect(unknown?.item.description).toBe('2 values · Secretbox · not known here');
  expect(unknown?.item.accessibilityInformation?.label).toMatch(/^unknown recipient dev/);
});

it('lists recipients of .sops.yaml with their line, and as one with the identity that is kept', async () => {
  const recipient = await editor.ownAgeKey('me');
  const other = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n  - age: ${other}\n`);
  expect(linesOf(await drawBelow(view))).toEqual([
    'local:me (unused · SOPS · age, x25519)',
    `${other} (unused · SOPS · age)`,
  ]);
  expect(linesOf(await expand(view, 'local:me'))).toEqual([
    'local:me (the key folder · age)',
    '.sops.yaml (line 2)',
    `${recipient} (fingerprint)`,
  ]);
});

it('lists the keys of sops where sops keeps them, and opens that file for nobody', async () => {
  const recipient = await editor.ownAgeKey('me');
  editor.folder.write('.config/sops/age/keys.txt', editor.folder.text('keys/me.age'), 0o600);
  rmSync(editor.folder.path('keys/me.age'));
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n`);
  const title = '~/.config/sops/age/keys.txt';
  const [drawn, ...others] = await drawBelow(view);
  expect(others).toEqual([]);
  expect(linesOf(drawn === undefined ? [] : [drawn])).toEqual([`${title} (unused · SOPS · age, x25519)`]);
  expect(drawn?.item.accessibilityInformation?.label).toContain('can open here');
  const [place, ...below] = await expand(view, title);
  expect(place?.item).toMatchObject({
    label: title,
    accessibilityInformation: { label: `kept in ${title}` },
  });
  expect(place?.item.command).toBeUndefined();
  expect(labelsOf(below)).toEqual(['.sops.yaml', recipient]);
});

it('offers the public half of a key that sops keeps too for the repository', async () => {
  await editor.ownAgeKey('me');
  editor.folder.write('.config/sops/age/keys.txt', editor.folder.text('keys/me.age'), 0o600);
  const [drawn, ...others] = await drawBelow(view);
  expect(others).toEqual([]);
  expect(drawn?.item.contextValue).toBe('purser.key+kept+share+fingerprint');
});

it('says of a key that a policy names and that is not there, that it is not', async () => {
  editor.folder.write('.purser.yaml', policyOf('**', 'jwe', '.purser/keys/gone.pub.pem'));
  expect(linesOf(await drawBelow(view))).toEqual([
    '.purser/keys/gone.pub.pem (unused · JWE · named by a policy, and not there)',
  ]);
});

it('says of a file that is no key why it is none, and quotes none of it', async () => {
  editor.folder.write(
    '.purser/keys/broken.pem',
    '-----BEGIN PUBLIC KEY-----\nc2VjcmV0\n-----END PUBLIC KEY-----\n',
  );
  const [row] = linesOf(await drawBelow(view));
  expect(row).toMatch(/^\.purser\/keys\/broken\.pem \(unused · JWE · cannot be used: /);
  expect(row).not.toContain('c2VjcmV0');
});

it('copies a fingerprint, backs up and forgets the key of a row', async () => {
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  const [key] = await drawBelow(view);
  await copyFingerprint(key?.row, services);
  expect(env.clipboard.text).toMatch(/^SHA256:/);
  answers.push(editor.folder.path('backup.pem'));
  await backUpKey(key?.row, services);
  expect(editor.folder.text('backup.pem')).toBe(pair.privatePem);
  answers.push('Forget Key');
  await forgetKey(key?.row, services);
  expect(editor.folder.exists('keys/prod.pem')).toBe(false);
  expect(await drawBelow(view)).toEqual([]);
});

it('takes rows for what they are only where it made them', async () => {
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  const [key] = await drawBelow(view);
  env.clipboard.text = '';
  await copyFingerprint({ ...(key?.row as KeyRow) }, services);
  await copyFingerprint('SHA256:x', services);
  expect(env.clipboard.text).toBe('');
});

it('imports a private key that is dropped on it, and takes a public one for the repository', async () => {
  const path = editor.folder.write('downloads/prod.pem', pair.privatePem);
  answers.push('prod', 'In the key folder');
  await takeKey(Uri.file(path) as never, services);
  expect(labelsOf(await drawBelow(view))).toEqual(['local:prod']);
  const publicPath = editor.folder.write('downloads/prod.pub.pem', pair.publicPem);
  answers.push('prod', '**', 'Add Key');
  await takeKey(Uri.file(publicPath) as never, services);
  expect(editor.folder.text('.purser/keys/prod.pub.pem')).toBe(pair.publicPem);
  expect(messages.join('\n')).toContain('.purser.yaml pins it');
});

it('takes a key from files that another extension offers, and never the file of that path on this computer', async () => {
  const path = editor.folder.write('downloads/prod.pem', pair.privatePem);
  const offered = Uri.parse(`vscode-vfs://${path}`);
  const read = vi.spyOn(workspace.fs, 'readFile');
  try {
    read.mockRejectedValueOnce(new Error('nobody offers such files'));
    await expect(takeKey(offered as never, services)).rejects.toMatchObject({
      code: 'key.unusable',
      details: { ref: path, reason: 'it cannot be reached from here' },
    });
    expect(await drawBelow(view)).toEqual([]);
    read.mockResolvedValueOnce(new TextEncoder().encode(rsaPair().privatePem));
    answers.push('other', 'In the key folder');
    await takeKey(offered as never, services);
    expect(editor.folder.text('keys/other.pem')).not.toBe(pair.privatePem);
    expect(labelsOf(await drawBelow(view))).toEqual(['local:other']);
  } finally {
    read.mockRestore();
  }
});

it('takes what a browser hands over, and the file where it is one of this computer', async () => {
  const path = editor.folder.write('downloads/prod.pem', pair.privatePem);
  answers.push('one', 'In the key folder');
  const content = {
    name: 'x.pem',
    uri: undefined,
    data: async () => new TextEncoder().encode(pair.privatePem),
  };
  await takeKey(content as never, services);
  answers.push('two', 'In the key folder');
  const named = { ...content, uri: Uri.file(path), data: async () => new Uint8Array() };
  await takeKey(named as never, services);
  expect(labelsOf(await drawBelow(view))).toHaveLength(1);
  expect(editor.folder.text('keys/one.pem')).toBe(pair.privatePem);
  expect(editor.folder.text('keys/two.pem')).toBe(pair.privatePem);
});

it('tells a key that only a policy speaks of from one that is there, and reads no variable', async () => {
  editor.folder.write('.purser.yaml', policyOf('**', 'fernet', 'env:ENCRYPTION_KEY, local:gone'));
  const rows = await drawBelow(view);
  expect(linesOf(rows)).toEqual([
    'env:ENCRYPTION_KEY (unused · Fernet · a variable, read when it is used)',
    'local:gone (unused · Fernet · named by a policy, and not among your keys)',
  ]);
  expect(rows[0]?.item.tooltip).toContain('Only a policy speaks of it.');
});

it('gives values that name no key to the key that opens them', async () => {
  editor.folder.write('keys/one.fernet', symmetricKey(), 0o600);
  editor.folder.write('keys/two.fernet', symmetricKey(), 0o600);
  editor.folder.write('.purser.yaml', policyOf('**', 'fernet', 'local:two'));
  await sealed('db.yaml');
  expect(linesOf(await drawBelow(view))).toEqual([
    'local:one (unused · Fernet · 256 bits)',
    'local:two (2 values · Fernet · 256 bits)',
  ]);
  expect(linesOf(await expand(view, 'local:two')).at(-1)).toBe('db.yaml (2 values)');
});

it('looks again when a key is kept or forgotten elsewhere', async () => {
  expect(await drawBelow(view)).toEqual([]);
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  expect(await drawBelow(view)).toEqual([]);
  changes.fire();
  await expect.poll(async () => labelsOf(await drawBelow(view))).toEqual(['local:prod']);
});

it('looks at no key in Restricted Mode', async () => {
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  workspace.isTrusted = false;
  expect(await drawBelow(view)).toEqual([]);
  workspace.isTrusted = true;
  changes.fire();
  await expect.poll(async () => labelsOf(await drawBelow(view))).toEqual(['local:prod']);
});

it('takes nothing in Restricted Mode', async () => {
  workspace.isTrusted = false;
  const path = editor.folder.write('downloads/prod.pem', pair.privatePem);
  await expect(takeKey(Uri.file(path) as never, services)).rejects.toMatchObject({
    code: 'workspace.untrusted',
  });
});
