import { afterEach, beforeEach, expect, it } from 'vitest';
import { JoinedVaults } from '../../../src/app/joined-vaults.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { GitHistory } from '../../../src/node/git-history.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { encryptAllFindings } from '../../../src/vscode/bulk-encrypt.ts';
import { bulkSource } from '../../../src/vscode/bulk-source.ts';
import { Findings } from '../../../src/vscode/findings.ts';
import { Policies } from '../../../src/vscode/policies.ts';
import type { Services } from '../../../src/vscode/services.ts';
import { fakeDocument, messages, picks, registered, Uri, workspace } from '../../support/fake-vscode.ts';
import { onePlaintext } from '../../support/file-findings.ts';
import { secretYaml, symmetricKey, Workspace } from '../../support/workspace.ts';

const clear = secretYaml('main', { username: 'ann', password: 'velvet-anchor-1987-drumstick-fox' });
let folder: Workspace;
let policies: Policies;
let services: Services;

beforeEach(() => {
  registered.clear();
  messages.length = 0;
  picks.length = 0;
  folder = new Workspace();
  workspace.workspaceFolders = [{ uri: Uri.file(folder.root) }];
  folder.write('.git/HEAD', 'ref: refs/heads/main\n');
  folder.write(
    '.purser.yaml',
    'version: 1\nrules:\n  - {path: "apps/**", scheme: secretbox, keys: [local:dev]}\n  - {path: "lost/**", scheme: secretbox, keys: [local:gone]}\n',
  );
  folder.write('keys/dev.secretbox', symmetricKey(), 0o600);
  const files = new NodeFiles();
  const registry = new SchemeRegistry([secretboxScheme()]);
  const vaults = new JoinedVaults([new KeyFolder(() => folder.path('keys'), files)]);
  const keys = new KeyRing(files, vaults, { read: async () => undefined });
  policies = new Policies(new PolicyFinder(files, () => folder.root));
  const trust = { accepts: async () => false };
  services = {
    registry,
    policies,
    keys,
    vaults,
    trust,
    files,
    history: new GitHistory(process.env),
    findings: new Findings(),
  } as unknown as Services;
});
afterEach(() => {
  policies.dispose();
  folder.remove();
  workspace.workspaceFolders = [];
  workspace.textDocuments = [];
});

function found(...paths: readonly string[]): void {
  services.findings.setOnDisk(paths.map((path) => onePlaintext(folder.path(path))));
}

const labels = () => picks.at(-1)?.items.map(({ label }) => label);

it('encrypts closed files by policy and changes no other byte of them', async () => {
  const text = `# kept: é\r\n${clear.replaceAll('\n', '\r\n')}`;
  folder.write('apps/a.yaml', `\ufeff${text}`, 0o640);
  folder.write('apps/b.yaml', clear);
  found('apps/a.yaml', 'apps/b.yaml');
  await encryptAllFindings(services);
  expect(labels()).toEqual([
    'apps/a.yaml · secretbox local:dev',
    'stringData.password',
    'apps/b.yaml · secretbox local:dev',
    'stringData.password',
  ]);
  const after = folder.text('apps/a.yaml');
  expect(after.replace(/"k8s:enc:secretbox:v1:dev:[^"]*"/, '"velvet-anchor-1987-drumstick-fox"')).toBe(
    `\ufeff${text}`,
  );
  expect(after).toContain('k8s:enc:secretbox:v1:dev:');
  expect(folder.mode('apps/a.yaml')).toBe(0o640);
  expect(messages).toEqual(['2 values in 2 files are encrypted.']);
});

it('refuses a document with unsaved edits, and says so', async () => {
  folder.write('apps/a.yaml', clear);
  found('apps/a.yaml');
  workspace.textDocuments = [{ ...fakeDocument(clear, folder.path('apps/a.yaml')), isDirty: true }] as never;
  await encryptAllFindings(services);
  expect(folder.text('apps/a.yaml')).toBe(clear);
  expect(picks.at(-1)).toMatchObject({
    title: 'What Cannot Be Encrypted',
    items: [{ label: 'apps/a.yaml', detail: 'it has changes that are not saved; save or revert them first' }],
  });
});

it('lists what no rule covers, what cannot be edited and what is no value of a Secret, each with a reason', async () => {
  folder.write('other/a.yaml', clear);
  folder.write(
    'apps/b.yaml',
    clear.replace('"velvet', '&anchor "velvet').replace('username: "ann"', 'username: *anchor'),
  );
  folder.write('apps/c.yaml', clear);
  found('other/a.yaml', 'apps/b.yaml', 'apps/c.yaml');
  await encryptAllFindings(services);
  expect(picks.at(-1)?.title).toBe('Encrypt All Findings · 2 others cannot be encrypted');
  expect(folder.text('other/a.yaml')).toBe(clear);
  expect(folder.text('apps/c.yaml')).toContain('k8s:enc');
});

it('goes on after a file whose key is missing, and tells how many were left', async () => {
  folder.write('apps/a.yaml', clear);
  folder.write('lost/b.yaml', clear);
  found('apps/a.yaml', 'lost/b.yaml');
  await encryptAllFindings(services);
  expect(folder.text('lost/b.yaml')).toBe(clear);
  expect(messages).toEqual(['1 value in 1 file is encrypted. 1 file could not be encrypted.']);
});

it('writes nothing over a file that changed since it was read', async () => {
  const path = folder.write('apps/a.yaml', clear);
  const source = await bulkSource(Uri.file(path) as never, services.files);
  folder.write('apps/a.yaml', `${clear}# mine\n`);
  await expect(source.write([], 'sealed')).rejects.toMatchObject({ code: 'document.changed' });
  expect(folder.text('apps/a.yaml')).toBe(`${clear}# mine\n`);
});
