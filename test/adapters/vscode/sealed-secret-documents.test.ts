import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPublicKey } from '../../../src/vscode/add-public-key.ts';
import { decryptSecret } from '../../../src/vscode/decrypt-commands.ts';
import { encryptFile, encryptSecret } from '../../../src/vscode/encrypt-commands.ts';
import { importKey } from '../../../src/vscode/import-key.ts';
import { copyValue, peek } from '../../../src/vscode/peek.ts';
import { removeValue } from '../../../src/vscode/remove-value.ts';
import { setValue } from '../../../src/vscode/set-value.ts';
import { describeTls } from '../../support/certificates.ts';
import { Editor } from '../../support/editor.ts';
import { answers, env, messages, picks, questions, workspace } from '../../support/fake-vscode.ts';

const secretOf = (name: string) => `apiVersion: v1
kind: Secret
metadata: # of the operator
  name: ${name}
  namespace: db
stringData:
  user: admin
  password: velvet-anchor-1987-drumstick-fox
`;
const two = `${secretOf('one')}---\n${secretOf('two')}`;

describeTls('Sealed Secrets in the editor', (makeCertificate) => {
  const { cert, key } = makeCertificate({ name: 'sealed-secrets', rsaBits: 2048 });
  let editor: Editor;
  beforeEach(() => {
    editor = new Editor();
    editor.folder.write('.purser/certs/prod.pem', cert);
    editor.folder.write(
      '.purser.yaml',
      'version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [.purser/certs/prod.pem]}\n',
    );
  });
  afterEach(() => editor.close());

  type Document = Awaited<ReturnType<Editor['open']>>;
  const at = (document: Document, offset = 0) => ({ uri: document.uri.toString(), offset });
  const atText = (document: Document, text: string) => at(document, document.getText().indexOf(text));
  const holdsKey = () => editor.folder.write('keys/prod.pem', key, 0o600);

  it('seals the Secret under the cursor once its certificate is accepted, and leaves the other alone', async () => {
    const document = await editor.open('apps/db.yaml', two);
    await expect(encryptSecret(atText(document, 'name: two'), editor.services)).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(document.getText()).toBe(two);
    expect(questions.at(-1)?.message).toBe('Encrypt to the key .purser/certs/prod.pem?');
    answers.push('Accept Key');
    await encryptSecret(atText(document, 'name: two'), editor.services);
    expect(document.getText().startsWith(`${secretOf('one')}---\n`)).toBe(true);
    expect(document.getText()).toContain('kind: SealedSecret');
    expect(document.version).toBe(2);
  });

  it('seals every Secret of a file, and opens them again with the key of the controller', async () => {
    holdsKey();
    const document = await editor.open('apps/db.yaml', two);
    await encryptFile(at(document), editor.services);
    expect(document.getText().match(/kind: SealedSecret/g)).toHaveLength(2);
    expect(document.getText()).not.toContain('velvet');
    await peek(atText(document, 'name: one'), editor.services);
    expect(picks.at(-1)?.items.map(({ label }) => label)).toEqual([
      '$(key) encryptedData.user',
      '$(key) encryptedData.password',
    ]);
    await copyValue(atText(document, 'password:'), editor.services);
    expect(env.clipboard.text).toBe('velvet-anchor-1987-drumstick-fox');
  });

  it('sets, adds and takes out values without any private key, in Restricted Mode too', async () => {
    const document = await editor.open('apps/db.yaml', secretOf('one'));
    answers.push('Accept Key');
    await encryptFile(at(document), editor.services);
    workspace.isTrusted = false;
    const user = /user: (\S+)/.exec(document.getText())?.[1] ?? '';
    answers.push('another-value');
    await setValue(atText(document, 'password:'), editor.services);
    expect(document.getText()).toContain(user);
    answers.push('$(add) Add a value…', 'encryptedData.token', 'tok-1');
    await setValue(atText(document, 'kind:'), editor.services);
    expect(document.getText()).toMatch(/^ +token: AQ/m);
    await removeValue(atText(document, 'user:'), editor.services);
    expect(document.getText()).not.toContain(user);
    await expect(peek(atText(document, 'password:'), editor.services)).rejects.toMatchObject({
      code: 'workspace.untrusted',
    });
  });

  it('unseals into the file after a modal in its own word', async () => {
    holdsKey();
    const document = await editor.open('apps/db.yaml', secretOf('one'));
    await encryptFile(at(document), editor.services);
    answers.push('Unseal');
    await decryptSecret(atText(document, 'kind:'), editor.services);
    expect(questions.at(-1)?.message).toBe('Unseal 2 values into the file?');
    expect(document.getText()).toMatch(/^kind: Secret$/m);
  });

  it('imports the backup of a controller as the private key that is in it', async () => {
    const backup = {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'sealed-secrets-key', namespace: 'kube-system' },
          type: 'kubernetes.io/tls',
          data: { 'tls.crt': btoa(cert), 'tls.key': btoa(key) },
        },
      ],
    };
    const file = editor.folder.write('backup.json', JSON.stringify(backup));
    answers.push('$(folder-opened) From a File…', file, 'prod', 'In the key folder');
    await importKey(editor.services);
    expect(messages.at(-1)).toBe('The key local:prod is kept in the key folder.');
    const kept = editor.folder.text('keys/prod.pem');
    expect(kept.match(/-----BEGIN (?:RSA )?PRIVATE KEY-----/g)).toHaveLength(1);
    expect(kept).not.toContain('CERTIFICATE');
  });

  it('adds the certificate of a controller to the repository with a pinned rule', async () => {
    rmSync(editor.folder.path('.purser.yaml'));
    const file = editor.folder.write('cert.pem', cert);
    answers.push('$(folder-opened) From a File…', file, 'Sealed Secrets', 'dev', 'sealed/**', 'Add Key');
    await addPublicKey(editor.services);
    expect(editor.folder.text('.purser/certs/dev.pem')).toContain('-----BEGIN CERTIFICATE-----');
    expect(messages.at(-1)).toContain('.purser/certs/dev.pem is in the repository');
    const policy = editor.folder.text('.purser.yaml');
    expect(policy).toContain('scheme: sealed-secrets');
    expect(policy).toMatch(/dev\.pem#SHA256:/);
  });
});

it('says what a SealedSecret misses that is to be opened', async () => {
  const editor = new Editor();
  const document = await editor.open('a.yaml', 'kind: ConfigMap\n');
  await expect(removeValue(at0(document), editor.services)).rejects.toMatchObject({
    code: 'entry.not-encrypted',
  });
  editor.close();
});

function at0(document: { uri: { toString(): string } }) {
  return { uri: document.uri.toString(), offset: 0 };
}
