import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findAgeIdentities, sopsConfigFolder } from '../../../src/node/age-identities.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A home with these files, and what is found there with these variables. */
async function find(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const home = mkdtempSync(join(tmpdir(), 'purser-age-'));
  folders.push(home);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text, { mode: 0o600 });
  }
  const asked: string[] = [];
  const identities = await findAgeIdentities({
    files: new NodeFiles(),
    environment: {
      read: async (name) => {
        asked.push(name);
        return env[name]?.replace('HOME', home);
      },
    },
    home,
    configFolder: join(home, '.config'),
    workingFolder: home,
  });
  const found = identities.found.map(({ ref, bytes }) => [ref.replace(home, '~'), bytes.exposeText()]);
  return { ...identities, found, asked, failures: identities.failures.map(({ details }) => details) };
}

describe('the age identities of sops', () => {
  it('are all found, in the order in which sops names its places', async () => {
    const { found, commands, failures } = await find(
      {
        a: 'ssh',
        b: 'file',
        '.ssh/id_ed25519': 'ed',
        '.ssh/id_rsa': 'rsa',
        '.config/sops/age/keys.txt': 'keys',
      },
      {
        SOPS_AGE_KEY_CMD: 'touch a-file',
        SOPS_AGE_SSH_PRIVATE_KEY_CMD: 'touch a-file',
        SOPS_AGE_KEY: 'text',
        SOPS_AGE_KEY_FILE: 'HOME/b',
        SOPS_AGE_SSH_PRIVATE_KEY_FILE: 'a',
      },
    );
    expect(found).toEqual([
      ['SOPS_AGE_SSH_PRIVATE_KEY_FILE', 'ssh'],
      ['~/.ssh/id_ed25519', 'ed'],
      ['~/.ssh/id_rsa', 'rsa'],
      ['SOPS_AGE_KEY', 'text'],
      ['SOPS_AGE_KEY_FILE', 'file'],
      ['~/.config/sops/age/keys.txt', 'keys'],
    ]);
    expect(commands).toEqual(['SOPS_AGE_SSH_PRIVATE_KEY_CMD', 'SOPS_AGE_KEY_CMD']);
    expect(failures).toEqual([]);
  });

  it('are none where there are none, and no other variable is asked for', async () => {
    const { found, commands, failures, asked } = await find({}, { SOPS_AGE_KEY: '', SOPS_AGE_KEY_FILE: '' });
    expect({ found, commands, failures }).toEqual({ found: [], commands: [], failures: [] });
    expect(asked.every((name) => name.startsWith('SOPS_AGE_'))).toBe(true);
  });

  it('in a file that is named twice are found once', async () => {
    const file = { '.config/sops/age/keys.txt': 'keys' };
    const { found } = await find(file, { SOPS_AGE_KEY_FILE: 'HOME/.config/sops/age/keys.txt' });
    expect(found).toEqual([['SOPS_AGE_KEY_FILE', 'keys']]);
  });

  it('that cannot be read are said, and a key in place of a path is not repeated', async () => {
    const key = 'AGE-SECRET-KEY-1CANARY';
    const { failures } = await find({ '.ssh/id_rsa/folder': '' }, { SOPS_AGE_KEY_FILE: key });
    expect(failures.map(({ reason }) => reason)).toEqual([
      'it is not a regular file',
      'there is no such file',
    ]);
    expect(failures[1]?.ref).toBe('SOPS_AGE_KEY_FILE');
    expect(JSON.stringify(failures)).not.toContain('CANARY');
  });
});

describe("sops' folder", () => {
  it.each([
    ['linux', {}, '/home/a/.config'],
    ['linux', { XDG_CONFIG_HOME: '/x' }, '/x'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/a/.config'],
    ['linux', { XDG_CONFIG_HOME: 'x' }, undefined],
    ['darwin', {}, '/home/a/Library/Application Support'],
    ['darwin', { XDG_CONFIG_HOME: '/x' }, '/x'],
    ['win32', { APPDATA: 'C:\\a' }, 'C:\\a'],
    ['win32', {}, undefined],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(sopsConfigFolder(env, platform, '/home/a')).toBe(expected);
  });
});
