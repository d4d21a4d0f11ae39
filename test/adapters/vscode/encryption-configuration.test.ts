import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWhole } from '../../../src/app/whole-file.ts';
import { judgeConfiguration } from '../../../src/audit/at-rest/judge-configuration.ts';
import { ConfigurationCompletions } from '../../../src/vscode/at-rest/configuration-completions.ts';
import { ConfigurationHovers } from '../../../src/vscode/at-rest/configuration-hovers.ts';
import { moveKeysOut } from '../../../src/vscode/at-rest/move-keys-out.ts';
import { newEncryptionConfiguration } from '../../../src/vscode/at-rest/new-configuration.ts';
import { rangeOf } from '../../../src/vscode/positions.ts';
import { QuickFixes } from '../../../src/vscode/quick-fixes.ts';
import { Editor } from '../../support/editor.ts';
import {
  answers,
  fakeDocument,
  messages,
  questions,
  TabInputText,
  tabs,
  Uri,
} from '../../support/fake-vscode.ts';
import { symmetricKey } from '../../support/workspace.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => 9 + at * 5)).toString('base64');
const configuration = `# ours
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets, configmaps]
    providers:
      - secretbox:
          keys:
            - name: key1
              secret: ${key}
      - aescbc: {keys: [{name: old, secret: ${key}}]}
      - identity: {}
  - resources: ['*.apps']
    providers:
      - kms: {apiVersion: v2, name: vault, endpoint: unix:///a}
`;
const labels = {
  secretbox: 'secretbox',
  kms: 'kms v2',
  sealed: '$(lock) Encrypted, in the Workspace…',
  clear: '$(warning) In Clear, Outside of Any Git Repository…',
  mine: '$(key) local:mine',
};

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
  editor.folder.write('keys/mine.fernet', symmetricKey(), 0o600);
  tabs.length = 0;
});
afterEach(() => editor.close());

const path = (name: string) => editor.folder.path(name);
const read = (name: string) => readFileSync(path(name), 'utf8');

/** What a sealed file holds. */
async function opened(name: string): Promise<string> {
  const { registry, keys } = editor.services;
  const plaintext = await openWhole(read(name), (scheme) => keys.own(scheme), registry, { path: name });
  return plaintext.exposeText() ?? '';
}

describe('New EncryptionConfiguration', () => {
  it('writes a configuration with a key of its own, sealed, and the rule for it', async () => {
    answers.push(
      labels.secretbox,
      'secrets, *.apps',
      'key-2031',
      labels.sealed,
      'etcd/encryption.yaml.enc',
      labels.mine,
    );
    await newEncryptionConfiguration(editor.services);
    const text = await opened('etcd/encryption.yaml.enc');
    expect(judgeConfiguration(text, { reload: true, kmsV1: false })).toMatchObject({
      stage: undefined,
      errors: [],
    });
    expect(text).toContain('name: key-2031');
    expect(text).toMatch(/- identity: \{\}\n$/);
    expect(read('.purser.yaml')).toContain('path: "etcd/encryption.yaml.enc"');
    expect(messages.join()).toContain('etcd/encryption.yaml.enc is written, encrypted.');
    const secret = /secret: (\S+)/.exec(text)?.[1] ?? '';
    expect(Buffer.from(secret, 'base64')).toHaveLength(32);
    expect(allText(editor.folder.root)).not.toContain(secret);
  });

  it('makes another key each time', async () => {
    const made: string[] = [];
    for (const name of ['a.enc', 'b.enc']) {
      answers.push(labels.secretbox, 'secrets', 'key1', labels.sealed, name, labels.mine);
      await newEncryptionConfiguration(editor.services);
      made.push(await opened(name));
    }
    expect(made[0]).not.toBe(made[1]);
  });

  it('seals by SOPS where it has a rule, and refuses one that leaves keys as they are', async () => {
    const own = await editor.ownAgeKey();
    editor.folder.write('.sops.yaml', `creation_rules:\n- age: ${own}\n  encrypted_regex: ^name$\n`);
    const asked = [labels.secretbox, 'secrets', 'key1', labels.sealed, undefined];
    answers.push(...asked, 'Accept');
    const failed = newEncryptionConfiguration(editor.services);
    await expect(failed).rejects.toMatchObject({ code: 'configuration.keys-stay-clear' });
    expect(existsSync(path('encryption-config.yaml'))).toBe(false);
    editor.folder.write('.sops.yaml', `creation_rules:\n- age: ${own}\n  encrypted_regex: ^secret$\n`);
    editor.services.policies.refresh();
    answers.length = 0;
    answers.push(...asked, 'Accept');
    await newEncryptionConfiguration(editor.services);
    expect(read('encryption-config.yaml')).toContain('secret: ENC[AES256_GCM');
    expect(read('encryption-config.yaml')).toContain('kind: EncryptionConfiguration');
  });

  it('is written in clear outside of repositories only, readable by its owner alone', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'purser-outside-'));
    try {
      const asked = [labels.secretbox, 'secrets', 'key1', labels.clear];
      answers.push(...asked, path('sub/new/encryption.yaml'));
      await expect(newEncryptionConfiguration(editor.services)).rejects.toMatchObject({
        code: 'configuration.in-repository',
      });
      expect(existsSync(path('sub'))).toBe(false);
      answers.push(...asked, join(elsewhere, 'encryption.yaml'));
      await newEncryptionConfiguration(editor.services);
      const file = join(elsewhere, 'encryption.yaml');
      expect(judgeConfiguration(readFileSync(file, 'utf8'), { reload: false, kmsV1: false }).errors).toEqual(
        [],
      );
      expect(statSync(file).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('has nothing to seal for a key service', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'purser-outside-'));
    try {
      answers.push(labels.kms, '*.*', 'vault', 'unix:///var/run/vault.sock', join(elsewhere, 'kms.yaml'));
      await newEncryptionConfiguration(editor.services);
      const text = readFileSync(join(elsewhere, 'kms.yaml'), 'utf8');
      expect(text).toContain(
        'endpoint: "unix:///var/run/vault.sock"'.replaceAll('"', text.includes('"unix') ? '"' : ''),
      );
      expect(text).not.toContain('secret:');
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('writes nothing for whoever gives up on the way', async () => {
    for (const asked of [[], [labels.secretbox], [labels.secretbox, 'secrets', 'key1']]) {
      answers.length = 0;
      answers.push(...asked);
      await newEncryptionConfiguration(editor.services);
    }
    expect(readdirSync(editor.folder.root).toSorted()).toEqual(['.git', 'keys']);
  });
});

describe('Move Keys Out', () => {
  const at = (document: { uri: Uri }) => ({ uri: document.uri.toString(), offset: 0 });

  it('seals the file beside itself, leaves it out of git, and removes it', async () => {
    editor.folder.write('.gitignore', 'dist');
    const document = await editor.open('etcd/encryption.yaml', configuration);
    tabs.push({ input: new TabInputText(document.uri) }, { input: new TabInputText(Uri.file('/else')) });
    answers.push('Move Keys Out', labels.mine);
    await moveKeysOut(at(document), editor.services);
    expect(existsSync(path('etcd/encryption.yaml'))).toBe(false);
    expect(await opened('etcd/encryption.yaml.enc')).toBe(configuration);
    expect(read('.gitignore')).toBe('dist\n/etcd/encryption.yaml\n');
    expect(tabs).toHaveLength(1);
    expect(allText(editor.folder.root)).not.toContain(key);
    expect(messages.at(-1)).toContain('rotate them');
  });

  it('says that keys stay in the history where git has them', async () => {
    Object.assign(editor.services.repository, { holds: async () => true });
    const document = await editor.open('encryption.yaml', configuration);
    await moveKeysOut(at(document), editor.services);
    expect(questions[0]?.detail).toContain('The keys stay in the history of git');
    expect(read('encryption.yaml')).toBe(configuration);
  });

  it('seals in place where SOPS has a rule', async () => {
    const own = await editor.ownAgeKey();
    editor.folder.write('.sops.yaml', `creation_rules:\n- age: ${own}\n  encrypted_regex: ^secret$\n`);
    const document = await editor.open('encryption.yaml', configuration);
    answers.push('Encrypt', 'Accept');
    await moveKeysOut(at(document), editor.services);
    expect(read('encryption.yaml')).not.toContain(key);
    expect(read('encryption.yaml')).toContain('# ours\napiVersion: apiserver.config.k8s.io/v1');
    expect(existsSync(path('encryption.yaml.enc'))).toBe(false);
  });

  it('refuses a rule of SOPS that would leave the keys as they are', async () => {
    const own = await editor.ownAgeKey();
    editor.folder.write('.sops.yaml', `creation_rules:\n- age: ${own}\n  encrypted_regex: ^name$\n`);
    const document = await editor.open('encryption.yaml', configuration);
    answers.push('Encrypt', 'Accept');
    await expect(moveKeysOut(at(document), editor.services)).rejects.toMatchObject({
      code: 'configuration.keys-stay-clear',
    });
    expect(read('encryption.yaml')).toBe(configuration);
  });

  it('refuses unsaved edits, what is there already, and what is no such file', async () => {
    const document = await editor.open('encryption.yaml', configuration);
    Object.assign(document, { isDirty: true });
    await expect(moveKeysOut(at(document), editor.services)).rejects.toMatchObject({
      code: 'document.unsaved',
    });
    Object.assign(document, { isDirty: false });
    editor.folder.write('encryption.yaml.enc', 'x');
    await expect(moveKeysOut(at(document), editor.services)).rejects.toMatchObject({ code: 'file.exists' });
    const inside = `kind: ConfigMap\ndata:\n  a: |\n    ${configuration.replaceAll('\n', '\n    ')}\n`;
    for (const text of [inside, 'kind: Secret\n']) {
      const other = await editor.open('other.yaml', text);
      await expect(moveKeysOut(at(other), editor.services)).rejects.toMatchObject({
        code: 'configuration.no-keys',
      });
    }
  });

  it('keeps a file that changed on disk meanwhile', async () => {
    const document = await editor.open('encryption.yaml', configuration);
    const { files } = editor.services;
    let reads = 0;
    const changing = Object.assign(Object.create(files), {
      read: (file: string) => {
        if (file === path('encryption.yaml') && reads++ === 1)
          editor.folder.write('encryption.yaml', 'other');
        return files.read(file);
      },
    });
    answers.push('Move Keys Out', labels.mine);
    const moved = moveKeysOut(at(document), { ...editor.services, files: changing });
    await expect(moved).rejects.toMatchObject({ code: 'document.changed' });
    expect(read('encryption.yaml')).toBe('other');
  });

  it('is a fix on keys of a configuration, and not of what holds one as text', async () => {
    const { manifests } = editor.services;
    const titles = async (text: string) => {
      const document = fakeDocument(text, `/repo/${text.length}.yaml`) as never;
      const diagnostics = manifests.examine(document).findings.map(({ rule, span }) => ({
        source: 'purser',
        range: rangeOf(document, span),
        code: { value: rule, target: Uri.file('/docs') },
      }));
      const fixes = await new QuickFixes(manifests).provideCodeActions(
        document,
        undefined as never,
        { diagnostics } as never,
      );
      return fixes.map(({ title }) => title);
    };
    expect(await titles(configuration)).toContain('Move Keys Out…');
    expect(
      await titles(configuration.replaceAll(key, 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=')),
    ).toContain('Move Keys Out…');
    expect(
      await titles(`kind: ConfigMap\ndata:\n  a: |\n    ${configuration.replaceAll('\n', '\n    ')}\n`),
    ).not.toContain('Move Keys Out…');
  });
});

describe('in the editor', () => {
  const hoverAt = async (marker: string, text = configuration) => {
    const document = fakeDocument(text) as never as Parameters<ConfigurationHovers['provideHover']>[0];
    const position = document.positionAt(text.indexOf(marker) + 1);
    const hover = await new ConfigurationHovers().provideHover(document, position);
    return hover === undefined ? undefined : (hover.contents as unknown as { value: string }).value;
  };

  it('tells how strong a provider is, who writes a resource, and what a key is for', async () => {
    expect(await hoverAt('secretbox:')).toContain('XSalsa20 and Poly1305');
    expect(await hoverAt('secretbox:')).toContain('It comes first: it writes.');
    expect(await hoverAt('aescbc:')).toContain('padding oracle');
    expect(await hoverAt('kms:')).toContain('Stable since Kubernetes 1.29');
    expect(await hoverAt('configmaps')).toBe(
      'configmaps is written by secretbox/key1.\nRead by, in this order: secretbox/key1, aescbc/old, identity, in plaintext.',
    );
    expect(await hoverAt('*.apps')).toContain('written by kms/vault');
    expect(await hoverAt('key1')).toContain('k8s:enc:secretbox:v1:key1:');
    expect(await hoverAt('old,')).toContain('only reads');
    expect(await hoverAt('ours')).toBeUndefined();
    expect(await hoverAt(key)).toBeUndefined();
    expect(await hoverAt('secrets', 'kind: ConfigMap\ndata: {a: secrets}\n')).toBeUndefined();
  });

  const complete = async (text: string, name = '/repo/encryption-config.yaml') => {
    const offset = text.indexOf('|');
    const document = fakeDocument(text.replace('|', ''), name) as never as Parameters<
      ConfigurationCompletions['provideCompletionItems']
    >[0];
    const items = await new ConfigurationCompletions().provideCompletionItems(
      document,
      document.positionAt(offset),
    );
    return items.map(({ label }) => (label as { label: string }).label);
  };

  it('completes fields, providers and resources', async () => {
    const rule = 'resources:\n  - resources:\n      - secrets\n    providers:\n';
    expect(await complete('|')).toEqual(['apiVersion', 'kind', 'resources']);
    expect(await complete('kind: EncryptionConfiguration\n|')).toEqual(['apiVersion', 'resources']);
    expect(await complete('kind: |')).toEqual(['EncryptionConfiguration']);
    expect(await complete('resources:\n  - |')).toEqual(['resources', 'providers']);
    expect(await complete('resources:\n  - resources: [secrets, |]')).toContain('*.*');
    expect(await complete('resources:\n- resources:\n  - |')).toContain('secrets');
    expect(await complete(`${rule}      - |`)).toEqual(['secretbox', 'kms', 'aesgcm', 'aescbc', 'identity']);
    expect(
      await complete(`${rule}      - secretbox:\n          keys:\n            - name: a\n              |`),
    ).toEqual(['name', 'secret']);
    expect(await complete(`${rule}      - kms:\n          apiVersion: |`)).toEqual(['v2', 'v1']);
  });

  it('leaves other files alone', async () => {
    expect(await complete('|', '/repo/values.yaml')).toEqual([]);
    expect(await complete('kind: Deployment\n|', '/repo/deployment.yaml')).toEqual([]);
    expect(await complete('# a comment |')).toEqual([]);
  });
});

/** Every byte below a folder, as text. */
function allText(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}
