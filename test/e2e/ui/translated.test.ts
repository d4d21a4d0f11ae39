import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { generateFernetKey, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { openEditor, type Session } from '../../host/session.mjs';
import { until } from '../../host/until.mjs';
import { kubeconfigText } from '../../support/kubeconfigs.ts';
import { marks, packTranslated, type TranslatedVsix, untranslated } from '../../support/translated-vsix.ts';
import { describeInEditor } from '../describe-in-editor.ts';
import { describeInWindow } from '../in-window.ts';
import { rows } from './cluster-tree.ts';
import { plainSpaces } from './flux-sample.ts';
import { lineOf, secretManifest } from './manifest.ts';
import { makeSample } from './sample.ts';

const sample = await makeSample();
const fernet = generateFernetKey();
const kubeconfig = kubeconfigText({ token: 'walnut-64-orchid' }, { server: 'https://127.0.0.1:1' });
const token = sealFernet(Buffer.from(kubeconfig), readFernetKey(Buffer.from(fernet), 'k'), {
  now: new Date(),
});
const database = secretManifest('db', {
  username: 'ann',
  password: await sample.seal('velvet-anchor-1987', 'shop/db#password'),
  token: 'velvet-anchor-1987-drumstick-fox',
});
const files = {
  ...sample.files,
  'clusters/prod/database.yaml': database,
  'access/prod.kubeconfig.enc': token,
};
const keys = { ...sample.keys, 'kubeconfig.fernet': fernet };

/** A word, as a translator would be given it. */
const word = /\p{L}{3,}/u;

/** What a person reads there, and no translator was asked about; `data` is what the test's own files are called, and the like. */
function leftIn(texts: readonly string[], data: RegExp): string[] {
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.join('')).toContain(marks[0]);
  return texts
    .map((text) => untranslated(plainSpaces(text)).replaceAll(data, ''))
    .filter((left) => word.test(left));
}

const inMarks = (text: string) => marks.join(text);
const command = (title: string) => `Purser: ${inMarks(title)}`;
const texts = (locator: Locator) => locator.allInnerTexts();

describeInEditor('in another language', (editor) => {
  let vsix: TranslatedVsix | undefined;
  let session: Session | undefined;
  beforeAll(async () => {
    vsix = await packTranslated();
    session = await openEditor(editor, { vsix: [vsix.path], language: 'de', files, keys });
  });
  afterAll(async () => {
    await session?.close();
    await vsix?.remove();
  });
  const opened = () => {
    if (session === undefined) throw new Error('the window did not open');
    return session.workbench;
  };

  it('every command of the palette speaks it', async () => {
    const { quick } = opened();
    let labels: string[] = [];
    await until('the commands', async () => {
      labels = await quick.commands('Purser:');
      return labels.length > 5;
    });
    // VS Code names what it makes of a view by itself.
    expect(leftIn(labels, /Purser|Focus on|View\b/g)).toEqual([]);
  });

  it('documents speak it: lenses, hovers, findings, fixes and the status bar', async () => {
    const workbench = opened();
    const { editor: pane, page } = workbench;
    await workbench.openFile('clusters/prod/database.yaml');
    await pane.waitForSquiggles('error', 1);
    expect(leftIn(await pane.lenses(4), /jwe|prod\.pub\.pem/g)).toEqual([]);
    expect(leftIn([await pane.hover(lineOf(database, 'password'), 30)], /RSA-OAEP-256|JWE|\bB\b/g)).toEqual(
      [],
    );
    await page.keyboard.press('Escape');
    const fixes = await pane.quickFixes(lineOf(database, 'token'), 12);
    expect(
      leftIn(
        fixes.filter((fix) => fix.includes(marks[0])),
        /^$/g,
      ),
    ).toEqual([]);
    await page.keyboard.press('Escape');
    const problems = (await workbench.problems()).filter((problem) => problem.includes('purser'));
    expect(problems.every((problem) => problem.includes(marks[0]))).toBe(true);
    expect(leftIn(await texts(workbench.statusBarItem(marks[0])), /^$/g)).toEqual([]);
    await workbench.screenshot('translated-1-document');
  });

  it('views speak it: their rows, their titles and their buttons', async () => {
    const workbench = opened();
    const { page } = workbench;
    for (const view of ['Clusters', 'Keys', 'Findings'])
      await workbench.run(`Purser: Focus on ${inMarks(view)} View`);
    await until('the rows of the views', async () => (await rows(workbench)).length > 5);
    expect(
      leftIn(
        await rows(workbench),
        /access|prod|kubeconfig|fernet|enc|clusters|database|yaml|local|pub|pem/g,
      ),
    ).toEqual([]);
    const titles = page.locator('.part.sidebar .pane-header .title');
    expect(leftIn(await texts(titles), /^$/g)).toEqual([]);
    const actions = page.locator('.part.sidebar .pane-header .action-label');
    const names = await actions.evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
    expect(leftIn(names, /More Actions|Collapse All/g)).toEqual([]);
    await workbench.screenshot('translated-2-views');
  });

  it('what it asks and says is in it: questions, choices, messages', async () => {
    const workbench = opened();
    const { quick, page } = workbench;
    await workbench.run(command('Create Key…'));
    await quick.rows.first().waitFor();
    const title = page.locator('.quick-input-title');
    const placeholder = (await quick.field.getAttribute('placeholder')) ?? '';
    const asked = [...(await quick.labels()), ...(await texts(title)), placeholder].filter(
      (text) => text !== '',
    );
    expect(leftIn(asked, /JWE|Fernet|Secretbox|RSA|EC|age|X25519/g)).toEqual([]);
    await workbench.screenshot('translated-3-question');
    await page.keyboard.press('Escape');
    await workbench.openFile('.purser.yaml');
    await workbench.run(command('Encrypt File'));
    expect(leftIn([await workbench.waitForToast(marks[0])], /^$/g)).toEqual([]);
    await workbench.screenshot('translated-4-message');
  });

  it('what it draws is in it: the table of an encrypted kubeconfig', async () => {
    const workbench = opened();
    await workbench.openFile('access/prod.kubeconfig.enc');
    await workbench.editor.lens(inMarks('Peek File')).click();
    await workbench.webview.getByText('https://127.0.0.1:1').waitFor();
    const body = await workbench.webview.locator('body').innerText();
    expect(leftIn(body.split('\n'), /https:\/\/127\.0\.0\.1:1|token/g)).toEqual([]);
    await workbench.screenshot('translated-5-peek');
  });
});

describeInEditor('in German', (editor) => {
  describeInWindow(editor, 'as packed', { language: 'de', files, keys }, (window) => {
    it('is what the editor speaks', async () => {
      const { workbench } = window();
      const { editor: pane, page } = workbench;
      await workbench.openFile('clusters/prod/database.yaml');
      await pane.waitForSquiggles('error', 1);
      await pane.lens('1 Wert verschlüsseln').waitFor();
      await workbench.statusBarItem('1 im Klartext').waitFor();
      await workbench.run('Purser: Focus on Schlüssel View');
      await page.locator('.pane-header[aria-label^="Befunde"]').waitFor();
      const [, problem] = await workbench.problems();
      expect(problem).toContain('stringData.token von Secret shop/db ist nicht verschlüsselt');
      await workbench.screenshot('translated-6-german');
    });
  });
});
