import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeyDrop } from '../../../src/vscode/keys/drop-key.ts';
import { type FindAddedBy, KeyFileHovers } from '../../../src/vscode/keys/key-file-hovers.ts';
import { knownRow } from '../../../src/vscode/keys/key-rows.ts';
import { KeysView } from '../../../src/vscode/keys/keys-view.ts';
import { Editor } from '../../support/editor.ts';
import { EventEmitter, workspace } from '../../support/fake-vscode.ts';
import { rsaPair } from '../../support/workspace.ts';

const pair = rsaPair();
let editor: Editor;
let view: KeysView;

beforeEach(() => {
  editor = new Editor();
  const drop = new KeyDrop(async () => undefined);
  const changes = { onDidChange: new EventEmitter<void>().event };
  view = new KeysView({ ...editor.services, changes }, drop, () => undefined);
  editor.folder.write('.purser/keys/prod.pub.pem', pair.publicPem);
});
afterEach(() => {
  view.dispose();
  editor.close();
});

const nobody: FindAddedBy = async () => 'nobody';

/** The lines of the hover, as they are read; undefined where there is none. */
async function linesAt(path: string, addedBy = nobody, keys: Pick<KeysView, 'rows'> = view) {
  const document = await editor.open(path, editor.folder.exists(path) ? editor.folder.text(path) : 'x');
  const hover = await new KeyFileHovers(keys, addedBy).provideHover(document as never);
  const text = hover?.contents as unknown as { readonly value: string } | undefined;
  return text?.value.split('\n');
}

it('says what a public key is, what is sealed to it, whether one can open that, and who added it', async () => {
  const at = new Date('2026-01-02T03:04:05Z');
  const asked: string[] = [];
  const addedBy: FindAddedBy = async (path) => {
    asked.push(path);
    return { name: 'Ann', commit: 'a1b2c3d', at };
  };
  expect(await linesAt('.purser/keys/prod.pub.pem', addedBy)).toEqual([
    'RSA 2048',
    expect.stringMatching(/^SHA256:/),
    'Nothing in the workspace is sealed to it.',
    'Its private half is not among your keys.',
    'Added by Ann on 2026-01-02 (a1b2c3d), as git says.',
  ]);
  expect(asked).toEqual([editor.folder.path('.purser/keys/prod.pub.pem')]);
});

it('says that it is not committed, and nothing where git does not tell', async () => {
  expect((await linesAt('.purser/keys/prod.pub.pem'))?.at(-1)).toBe('What it holds is not committed.');
  const lines = await linesAt('.purser/keys/prod.pub.pem', async () => undefined);
  expect(lines?.at(-1)).toBe('Its private half is not among your keys.');
});

it('counts values and files, and knows a private half that is kept', async () => {
  editor.folder.write('keys/prod.pem', pair.privatePem, 0o600);
  const rows = await view.rows();
  const [row] = rows;
  const key = row?.row === 'key' ? row.key : undefined;
  const uses = [
    { path: '/r/a.yaml', values: 2, line: 3 },
    { path: '/r/b.yaml', values: 1, line: 3 },
  ];
  const keys = { rows: async () => (key === undefined ? [] : [knownRow(key, uses)]) };
  const lines = await linesAt('.purser/keys/prod.pub.pem', nobody, keys);
  expect(lines).toContain('3 values in 2 files are sealed to it.');
  expect(lines).toContain('Its private half is among your keys.');
});

it('says nothing of other files, and nothing in Restricted Mode', async () => {
  expect(await linesAt('.purser/keys/readme.txt.bak/notes')).toBeUndefined();
  workspace.isTrusted = false;
  view.refresh();
  expect(await linesAt('.purser/keys/prod.pub.pem')).toBeUndefined();
});

it('shows a name that a commit made up as text and on one line', async () => {
  const name = 'Ann [x](command:evil)\n\n# Big';
  const addedBy: FindAddedBy = async () => ({ name, commit: 'a1b2c3d', at: new Date(0) });
  const lines = await linesAt('.purser/keys/prod.pub.pem', addedBy);
  expect(lines).toHaveLength(5);
});
