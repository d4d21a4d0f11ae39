import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { encryptFile } from '../../../src/vscode/encrypt-commands.ts';
import { type FileFindings, nothingFound } from '../../../src/vscode/file-findings.ts';
import { sealAgain } from '../../../src/vscode/seal-again.ts';
import { describeTls } from '../../support/certificates.ts';
import { Editor } from '../../support/editor.ts';
import {
  answers,
  configure,
  messages,
  picks,
  questions,
  statusMessages,
  Uri,
  window,
  workspace,
} from '../../support/fake-vscode.ts';
import { secretYaml, symmetricKey } from '../../support/workspace.ts';

const clear = secretYaml('main', { password: 'velvet-anchor-1987-drumstick-fox' });
const { createQuickPick } = window;

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
});
afterEach(() => {
  window.createQuickPick = createQuickPick;
  configure('purser.scan.workspace', undefined);
  editor.close();
});

/** What happens while the preview is shown. */
function whilePreviewing(work: () => void): void {
  window.createQuickPick = () => {
    work();
    return createQuickPick();
  };
}

/** Encrypts a file as policy says now, and closes it. */
async function seal(path: string, answer = 'Accept Recipient'): Promise<string> {
  const document = await editor.open(path, clear);
  answers.push(answer);
  await encryptFile({ uri: document.uri.toString(), offset: 0 }, editor.services);
  const sealed = document.getText();
  editor.folder.write(path, sealed);
  workspace.textDocuments = [];
  for (const told of [answers, questions, messages, picks, statusMessages]) told.length = 0;
  found(path);
  return sealed;
}

const known: FileFindings[] = [];
function found(path: string): void {
  const uri = Uri.file(editor.folder.path(path)) as never;
  known.push({ ...nothingFound(uri), sealed: true });
  editor.services.findings.setOnDisk(known);
}
beforeEach(() => {
  known.length = 0;
});

const uriOf = (path: string) => Uri.file(editor.folder.path(path));
const textOf = (path: string) => editor.folder.text(path);
const shown = () => picks.at(-1)?.items.map((item) => item.label);

describe('files of SOPS', () => {
  let own: string;
  let colleague: string;
  let stranger: string;
  beforeEach(async () => {
    own = await editor.ownAgeKey();
    [colleague, stranger] = await Promise.all([someone(), someone()]);
  });

  const someone = async () => (await generateAgeKey(new Date(0))).recipient;
  function rules(...recipients: readonly string[]): void {
    const ages = recipients.join(',');
    editor.folder.write(
      '.sops.yaml',
      `creation_rules:\n  - encrypted_regex: ^stringData$\n    age: ${ages}\n`,
    );
    editor.services.policies.refresh();
  }
  async function sealedTo(path: string, ...recipients: readonly string[]): Promise<string> {
    rules(...recipients);
    return seal(path);
  }

  it('seals to those of today what it can open, and lists the rest', async () => {
    const stale = await sealedTo('apps/a.yaml', own, colleague);
    const shut = await sealedTo('apps/b.yaml', stranger);
    const fresh = await sealedTo('apps/c.yaml', own);
    answers.push('Show List');
    await sealAgain(undefined, editor.services);
    expect(picks[0]?.title).toBe('Seal Again · 1 other stays as it is');
    expect(picks[0]?.items).toMatchObject([{ label: 'apps/a.yaml', description: '1 to be sealed again' }]);
    expect(textOf('apps/a.yaml')).not.toContain(colleague);
    expect(textOf('apps/a.yaml')).toContain(/password: "ENC.*/.exec(stale)?.[0] ?? 'no value');
    expect(textOf('apps/b.yaml')).toBe(shut);
    expect(textOf('apps/c.yaml')).toBe(fresh);
    expect(messages[0]).toMatch(/^1 file is sealed again\. 1 other stays as it is\./);
    expect(picks[1]?.title).toBe('What Stays as It Is');
    expect(picks[1]?.items).toMatchObject([
      { label: 'apps/b.yaml:1', detail: expect.stringMatching(/^no key at hand opens this sops/) as never },
    ]);
  });

  it('says in the status bar alone that all went well', async () => {
    await sealedTo('apps/a.yaml', own, colleague);
    rules(own);
    await sealAgain(undefined, editor.services);
    expect(statusMessages.at(-1)).toMatch(/^\$\(lock\) Purser: 1 file is sealed again\./);
    expect(messages).toEqual([]);
  });

  it('is about one file, or one folder and what is below', async () => {
    for (const path of ['apps/a.yaml', 'apps/b/c.yaml', 'apps-too/d.yaml'])
      await sealedTo(path, own, colleague);
    rules(own);
    await sealAgain(uriOf('apps'), editor.services);
    expect(shown()).toEqual(['apps/a.yaml', 'apps/b/c.yaml']);
    await sealAgain({ uri: uriOf('apps-too/d.yaml').toString(), offset: 3 }, editor.services);
    expect(shown()).toEqual(['apps-too/d.yaml']);
    await sealAgain(undefined, editor.services);
    expect(messages).toEqual(["Everything here is sealed to today's keys already."]);
  });

  it('changes nothing where the preview is closed, or new recipients are declined', async () => {
    const before = await sealedTo('apps/a.yaml', own);
    rules(own, colleague);
    await expect(sealAgain(undefined, editor.services)).rejects.toMatchObject({ name: 'AbortError' });
    expect(picks).toEqual([]);
    answers.push('Accept Recipient');
    window.createQuickPick = () => {
      const pick = createQuickPick();
      Object.assign(pick, { onDidHide: (hidden: () => void) => hidden() });
      return pick;
    };
    await sealAgain(undefined, editor.services);
    expect(textOf('apps/a.yaml')).toBe(before);
    expect(statusMessages).toEqual([]);
  });

  it('edits and saves an open document, and refuses one with unsaved changes', async () => {
    await sealedTo('apps/a.yaml', own, colleague);
    await sealedTo('apps/b.yaml', own, colleague);
    rules(own);
    const open = await editor.open('apps/a.yaml', textOf('apps/a.yaml'));
    const dirty = { ...(await editor.open('apps/b.yaml', textOf('apps/b.yaml'))), isDirty: true };
    const before = textOf('apps/b.yaml');
    workspace.textDocuments = [open, dirty] as never;
    await sealAgain(undefined, editor.services);
    expect(open.getText()).not.toContain(colleague);
    expect(textOf('apps/a.yaml')).toBe(open.getText());
    expect(textOf('apps/b.yaml')).toBe(before);
    expect(messages[0]).toContain('1 other stays as it is');
    await expect(sealAgain(uriOf('apps/b.yaml'), editor.services)).rejects.toMatchObject({
      code: 'document.unsaved',
    });
  });

  it('writes nothing over a file that changed meanwhile, and goes on with the others', async () => {
    for (const path of ['apps/a.yaml', 'apps/b.yaml', 'apps/c.yaml']) await sealedTo(path, own, colleague);
    rules(own);
    const theirs = `${textOf('apps/a.yaml')}# mine\n`;
    const open = await editor.open('apps/b.yaml', textOf('apps/b.yaml'));
    whilePreviewing(() => {
      editor.folder.write('apps/a.yaml', theirs);
      open.version++;
    });
    await sealAgain(undefined, editor.services);
    expect(textOf('apps/a.yaml')).toBe(theirs);
    expect(open.getText()).toContain(colleague);
    expect(textOf('apps/c.yaml')).not.toContain(colleague);
    expect(messages[0]).toMatch(/^1 file is sealed again\. 2 others stay as they are\./);
  });

  it('leaves out what policy ignores, unless it is named', async () => {
    await sealedTo('docs/a.yaml', own, colleague);
    rules(own);
    editor.folder.write(
      '.purser.yaml',
      'version: 1\nrules: [{path: "**", scheme: sops}]\nignore: [docs/**]\n',
    );
    editor.services.policies.refresh();
    await sealAgain(undefined, editor.services);
    expect(messages).toEqual(['There is nothing sealed here.']);
    await sealAgain(uriOf('docs/a.yaml'), editor.services);
    expect(textOf('docs/a.yaml')).not.toContain(colleague);
  });

  it('looks for files itself where the workspace is not looked through', async () => {
    await sealedTo('apps/a.yaml', own, colleague);
    editor.folder.write('apps/plain.yaml', 'kind: ConfigMap\n');
    rules(own);
    editor.services.findings.keepOnDisk(() => false);
    configure('purser.scan.workspace', false);
    await sealAgain(undefined, editor.services);
    expect(textOf('apps/a.yaml')).not.toContain(colleague);
    expect(messages).toEqual([]);
  });

  it('opens nothing in Restricted Mode, and takes no document that is no file', async () => {
    const before = await sealedTo('apps/a.yaml', own, colleague);
    rules(own);
    await expect(sealAgain({ uri: 'untitled:one.yaml' }, editor.services)).rejects.toMatchObject({
      code: 'document.unsaved',
    });
    workspace.isTrusted = false;
    await expect(sealAgain(undefined, editor.services)).rejects.toMatchObject({
      code: 'workspace.untrusted',
    });
    expect(textOf('apps/a.yaml')).toBe(before);
  });
});

it('seals single values to the first key of their rule, and those it opens only', async () => {
  const rule = (...keys: readonly string[]) => under('**', ...keys);
  const under = (glob: string, ...keys: readonly string[]) => {
    const names = keys.map((key) => `local:${key}`).join(', ');
    const text = `version: 1\nrules:\n  - {path: "${glob}", scheme: secretbox, keys: [${names}]}\n`;
    editor.folder.write('.purser.yaml', text);
    editor.services.policies.refresh();
  };
  for (const name of ['new', 'old', 'lost'])
    editor.folder.write(`keys/${name}.secretbox`, symmetricKey(), 0o600);
  rule('old');
  await seal('apps/a.yaml');
  rule('lost');
  const shut = await seal('apps/b.yaml');
  editor.folder.write('keys/lost.secretbox', symmetricKey(), 0o600);
  rule('old');
  await seal('other/c.yaml');
  under('apps/**', 'new', 'old');
  answers.push('Show List');
  await sealAgain(undefined, editor.services);
  expect(textOf('apps/a.yaml')).toContain('k8s:enc:secretbox:v1:new:');
  expect(textOf('apps/b.yaml')).toBe(shut);
  expect(messages[0]).toBe('1 file is sealed again. 2 others stay as they are.');
  expect(picks.at(-1)?.items).toMatchObject([
    { label: 'stringData.password', description: 'apps/b.yaml:7' },
    { label: 'other/c.yaml', detail: 'no rule of .purser.yaml says what it is to be sealed to' },
  ]);
});

describeTls('SealedSecrets', (makeCertificate) => {
  const [before, now] = [1, 2].map(() => makeCertificate({ name: 'sealed-secrets', rsaBits: 2048 }));
  const policy = 'version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [certs/prod.pem]}\n';

  it('are sealed to the new certificate with the old key at hand, and are listed without', async () => {
    editor.folder.write('certs/prod.pem', before?.cert ?? '');
    editor.folder.write('.purser.yaml', policy);
    const old = await seal('apps/a.yaml', 'Accept Key');
    editor.folder.write('certs/prod.pem', now?.cert ?? '');
    answers.push('Show List');
    await sealAgain(undefined, editor.services);
    expect(textOf('apps/a.yaml')).toBe(old);
    expect(messages).toContain('Nothing could be sealed again.');
    expect(picks.at(-1)?.title).toBe('What Stays as It Is');
    editor.folder.write('keys/backup.pem', before?.key ?? '', 0o600);
    answers.push('Accept Key');
    await sealAgain(undefined, editor.services);
    expect(questions.at(-1)?.message).toBe('The key certs/prod.pem has changed. Encrypt to the new one?');
    expect(textOf('apps/a.yaml')).toContain('kind: SealedSecret');
    expect(textOf('apps/a.yaml')).not.toBe(old);
  });
});
