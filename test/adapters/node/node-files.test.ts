import { chmodSync, readdirSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { defaultKeyFolder } from '../../../src/node/default-key-folder.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { walk } from '../../../src/node/walk.ts';
import { Workspace } from '../../support/workspace.ts';

const files = new NodeFiles();
const windows = process.platform === 'win32';
const bytes = (text: string) => new TextEncoder().encode(text);
let folder: Workspace;

beforeEach(() => {
  folder = new Workspace();
});
afterEach(() => folder.remove());

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );
}

const names = () => readdirSync(folder.root).sort();

describe('replacing a file with ciphertext', () => {
  it('puts the new content in its place, keeps the mode and leaves nothing beside it', async () => {
    const path = folder.write('a.yaml', 'old', 0o640);
    await files.replaceSealed(path, bytes('new'), bytes('old'));
    expect(folder.text('a.yaml')).toBe('new');
    if (!windows) expect(folder.mode('a.yaml')).toBe(0o640);
    expect(names()).toEqual(['a.yaml']);
  });

  it('does not write over what someone else wrote meanwhile', async () => {
    const path = folder.write('a.yaml', 'theirs');
    expect(await codeOf(files.replaceSealed(path, bytes('new'), bytes('old')))).toBe('document.changed');
    expect(folder.text('a.yaml')).toBe('theirs');
    expect(names()).toEqual(['a.yaml']);
  });

  it.skipIf(windows)('follows a link and keeps it', async () => {
    folder.write('real.yaml', 'old');
    symlinkSync('real.yaml', folder.path('link.yaml'));
    await files.replaceSealed(folder.path('link.yaml'), bytes('new'), bytes('old'));
    expect(folder.text('real.yaml')).toBe('new');
    expect(folder.snapshot().get(folder.path('link.yaml'))).toBe('link to real.yaml');
  });

  it('makes a file that was not there', async () => {
    await files.replaceSealed(folder.path('new.yaml'), bytes('new'), undefined);
    expect(folder.text('new.yaml')).toBe('new');
    expect(names()).toEqual(['new.yaml']);
  });

  it('says so where it cannot, and leaves nothing', async () => {
    expect(await codeOf(files.replaceSealed(folder.path('no/such/a.yaml'), bytes('new'), undefined))).toBe(
      'file.unwritable',
    );
    expect(await codeOf(files.replaceSealed(folder.path('gone.yaml'), bytes('new'), bytes('old')))).toMatch(
      /^file\.un/,
    );
    expect(names()).toEqual([]);
  });

  it.skipIf(windows || process.getuid?.() === 0)(
    'leaves the file as it was where its folder is read-only',
    async () => {
      const path = folder.write('ro/a.yaml', 'old');
      chmodSync(folder.path('ro'), 0o500);
      expect(await codeOf(files.replaceSealed(path, bytes('new'), bytes('old')))).toBe('file.unwritable');
      chmodSync(folder.path('ro'), 0o700);
      expect(folder.text('ro/a.yaml')).toBe('old');
    },
  );
});

describe('replacing a file with plaintext', () => {
  it('writes the target itself: no other file ever holds it', async () => {
    const path = folder.write('a.yaml', 'a longer old content', 0o640);
    await files.replaceInPlace(path, bytes('new'), bytes('a longer old content'));
    expect(folder.text('a.yaml')).toBe('new');
    if (!windows) expect(folder.mode('a.yaml')).toBe(0o640);
    expect(names()).toEqual(['a.yaml']);
  });

  it('does not write over what someone else wrote meanwhile', async () => {
    const path = folder.write('a.yaml', 'theirs');
    expect(await codeOf(files.replaceInPlace(path, bytes('new'), bytes('old')))).toBe('document.changed');
    expect(folder.text('a.yaml')).toBe('theirs');
  });

  it('makes new files readable by their owner alone', async () => {
    await files.replaceInPlace(folder.path('new.yaml'), bytes('new'), undefined);
    expect(folder.text('new.yaml')).toBe('new');
    if (!windows) expect(folder.mode('new.yaml')).toBe(0o600);
    expect(await codeOf(files.replaceInPlace(folder.path('new.yaml'), bytes('x'), undefined))).toBe(
      'file.unwritable',
    );
  });
});

describe('a new file', () => {
  it('is 0600 and never takes the place of another', async () => {
    await files.create(folder.path('k'), bytes('key'));
    if (!windows) expect(folder.mode('k')).toBe(0o600);
    expect(await codeOf(files.create(folder.path('k'), bytes('other')))).toBe('file.exists');
    expect(folder.text('k')).toBe('key');
    await files.remove(folder.path('k'));
    expect(names()).toEqual([]);
  });
});

describe('reading', () => {
  it('refuses what is no regular file, too large or not there', async () => {
    folder.folder('folder');
    folder.write('huge', new Uint8Array(17 * 1024 * 1024));
    expect(await codeOf(files.read(folder.path('folder')))).toBe('file.unreadable');
    expect(await codeOf(files.read(folder.path('huge')))).toBe('file.too-large');
    expect(await codeOf(files.read(folder.path('gone')))).toBe('file.unreadable');
    expect(await codeOf(files.realPath(folder.path('gone')))).toBe('file.unreadable');
    if (!windows) expect(await codeOf(files.read('/dev/zero'))).toBe('file.unreadable');
  });

  it('knows what stands below a folder', () => {
    expect(files.contains('/a/b', '/a/b/c')).toBe(true);
    expect(files.contains('/a/b', '/a/b')).toBe(true);
    expect(files.contains('/a/b', '/a/b/..c')).toBe(true);
    expect(files.contains('/a/b', '/a/bc')).toBe(false);
    expect(files.contains('/a/b', '/a')).toBe(false);
    expect(files.relative('/a/b', '/a/c/d')).toBe('../c/d');
  });
});

describe('the key folder', () => {
  it('is where the platform keeps such things', () => {
    expect(defaultKeyFolder({ XDG_CONFIG_HOME: '/x' }, 'linux')).toBe('/x/purser/keys');
    expect(defaultKeyFolder({ XDG_CONFIG_HOME: '' }, 'linux')).toMatch(/\.config.purser.keys$/);
    expect(defaultKeyFolder({}, 'darwin')).toMatch(/Library.Application Support.purser.keys$/);
    expect(defaultKeyFolder({ APPDATA: '/r' }, 'win32')).toBe('/r/purser/keys');
  });

  it('is called by what the person calls it', () => {
    expect(new KeyFolder(() => folder.root, files).title).toBe('the key folder');
    expect(new KeyFolder(() => folder.root, files, 'der Schlüsselordner').title).toBe('der Schlüsselordner');
  });

  it('keeps keys by name and kind, private, never twice', async () => {
    const keys = new KeyFolder(() => folder.path('a/keys'), files);
    expect(await keys.kept()).toEqual([]);
    const key = { name: 'dev', extension: 'fernet' };
    await keys.save(key, Plaintext.fromText('x'));
    expect(await codeOf(keys.save(key, Plaintext.fromText('y')))).toBe('key.exists');
    expect(folder.text('a/keys/dev.fernet')).toBe('x');
    if (!windows) expect([folder.mode('a/keys'), folder.mode('a/keys/dev.fernet')]).toEqual([0o700, 0o600]);
    expect(await keys.kept()).toEqual([key]);
    expect((await keys.find('fernet', 'dev'))?.bytes.exposeText()).toBe('x');
    expect(await keys.find('secretbox', 'dev')).toBeUndefined();
    expect(await keys.find('fernet', '../dev')).toBeUndefined();
    await keys.remove(key);
    expect(await keys.kept()).toEqual([]);
  });

  it('passes over files that are no keys', async () => {
    for (const name of ['.hidden.fernet', 'noextension', 'x.txt', '-bad.fernet', 'ok.fernet', '.fernet'])
      folder.write(name, 'x');
    const keys = new KeyFolder(() => folder.root, files);
    expect((await keys.kept()).map(({ name }) => name)).toEqual(['ok']);
  });
});

describe('walking a tree', () => {
  it('finds manifests in order of name and follows no links', () => {
    for (const path of [
      'b.yaml',
      'a.yml',
      'c/d.json',
      'c/e.txt',
      '.git/f.yaml',
      'node_modules/g.yaml',
      '.h/i.YAML',
    ])
      folder.write(path, '');
    if (!windows) symlinkSync('..', folder.path('c/up'));
    const found: string[] = [];
    for (const { path, problem } of walk(folder.root))
      found.push(`${files.relative(folder.root, path)}${problem ?? ''}`);
    expect(found).toEqual(['.h/i.YAML', 'a.yml', 'b.yaml', 'c/d.json']);
  });

  it('takes a named file whatever it is called, and tells what is not there', () => {
    folder.write('x.txt', '');
    for (const [path, problem] of [
      ['x.txt', undefined],
      ['gone', 'there is no such file'],
    ] as const) {
      const found = [];
      for (const one of walk(folder.path(path))) found.push(one);
      expect(found).toEqual([{ path: folder.path(path), problem }]);
    }
  });
});
