import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readAgeKeyFile } from '../../src/crypto/age/key-file.ts';
import { generateAgeKey } from '../../src/crypto/age/keygen.ts';
import { readAgeRecipient, shortRecipient } from '../../src/crypto/age/recipient.ts';
import { cacheFolder } from '../host/cache.mjs';
import { keyOf, unwrapWith, wrapFor } from '../support/age-keys.ts';
import { describePeer, privateFolder } from '../support/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'purser-age-'));
const files = privateFolder();
afterAll(() => {
  files.remove();
  rmSync(folder, { recursive: true, force: true });
});

const dataKey = new Uint8Array(randomBytes(32));

const run = (program: string, ...args: readonly string[]) => spawnSync(program, args, { encoding: 'utf8' });
const sshKeygenIsThere = run('ssh-keygen', '-?').error === undefined;

/** Writes a key pair and gives the path of its private half. */
function sshKeygen(
  type: 'ed25519' | 'rsa',
  format: string,
  passphrase = '',
  ...more: readonly string[]
): string {
  const file = join(folder, `${type}-${randomBytes(4).toString('hex')}`);
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  const args = ['-q', '-t', type, ...size, '-m', format, '-N', passphrase, '-C', 'a comment', '-f', file];
  const { status, stderr } = run('ssh-keygen', ...args, ...more);
  if (status !== 0) throw new Error(`ssh-keygen ended with ${status}: ${stderr}`);
  return file;
}

const ssh = [
  ['ed25519', 'RFC4716'],
  ['ed25519', 'PKCS8'],
  ['rsa', 'RFC4716'],
  ['rsa', 'PEM'],
  ['rsa', 'PKCS8'],
] as const;

describePeer('age', 'age', (age) => {
  const sealed = (recipient: string, plaintext: Uint8Array = dataKey) =>
    age(['-e', '-a', '-R', files.write(`to-${randomBytes(4).toString('hex')}`, `${recipient}\n`)], plaintext);

  it.each([false, true])(
    'opens what Purser seals to its keys, and the reverse (post-quantum: %s)',
    async (postQuantum) => {
      const { keyFile, recipient } = await generateAgeKey(new Date(), { postQuantum });
      const text = keyFile.exposeText() ?? '';
      const path = files.write(`key-${postQuantum}`, text);
      expect(new Uint8Array(age(['-d', '-i', path], await wrapFor(recipient, dataKey)))).toEqual(dataKey);
      expect(await unwrapWith(sealed(recipient).toString(), [await keyOf(text)])).toEqual(dataKey);
    },
  );

  describe.skipIf(!sshKeygenIsThere)('with keys of ssh-keygen', () => {
    it.each(ssh)('(%s in %s) opens what Purser seals, and the reverse', async (type, format) => {
      const path = sshKeygen(type, format);
      const key = await keyOf(readFileSync(path));
      const line = readFileSync(`${path}.pub`, 'utf8');
      expect(key.recipient?.id).toBe(readAgeRecipient(line, 'k').id);
      expect(new Uint8Array(age(['-d', '-i', path], await wrapFor(line, dataKey)))).toEqual(dataKey);
      expect(await unwrapWith(sealed(line).toString(), [key])).toEqual(dataKey);
    });

    it('names them as ssh-keygen does', () => {
      const path = sshKeygen('ed25519', 'RFC4716');
      const listed = run('ssh-keygen', '-l', '-f', path).stdout;
      const short = shortRecipient(readAgeRecipient(readFileSync(`${path}.pub`, 'utf8'), 'k'));
      expect(listed).toContain(short.replace('ssh-ed25519 ', ''));
    });

    it.each([
      ['ed25519', 'RFC4716', []],
      ['ed25519', 'RFC4716', ['-a', '40']],
      ['ed25519', 'RFC4716', ['-Z', 'aes256-cbc']],
      ['rsa', 'RFC4716', []],
      ['rsa', 'PEM', []],
    ] as const)('(%s in %s %j, under a passphrase) seals what Purser opens', async (type, format, more) => {
      const path = sshKeygen(type, format, 'hünter 2', ...more);
      const enc = sealed(readFileSync(`${path}.pub`, 'utf8')).toString();
      const answers = ['hunter2', 'hünter 2'];
      const { keys } = await readAgeKeyFile(readFileSync(path), 'id', async () => answers.shift());
      await expect(unwrapWith(enc, keys)).rejects.toMatchObject({ code: 'key.unusable' });
      expect(await unwrapWith(enc, keys)).toEqual(dataKey);
      expect(await unwrapWith(enc, keys)).toEqual(dataKey);
    });

    it('is not asked for the passphrase of a key that a file is not sealed to', async () => {
      const path = sshKeygen('ed25519', 'RFC4716', 'hunter2');
      const enc = sealed((await generateAgeKey(new Date())).recipient).toString();
      const never = () => Promise.reject(new Error('asked'));
      const { keys } = await readAgeKeyFile(readFileSync(path), 'id', never);
      expect(await unwrapWith(enc, keys)).toBeUndefined();
    });
  });

  describe('with a key file under a passphrase', () => {
    beforeAll(() => {
      process.env['PATH'] = [join(cacheFolder(), 'peers', 'bin'), process.env['PATH']].join(delimiter);
      process.env['AGE_PASSPHRASE'] = 'correct hörse';
    });

    const batchpass = (args: readonly string[], input: string) =>
      age(['-e', '-j', 'batchpass', ...args], input);

    it.each([
      ['armored', ['-a']],
      ['binary', []],
    ])('(%s) seals what Purser opens, at the work factor it takes for good', async (_, args) => {
      delete process.env['AGE_PASSPHRASE_WORK_FACTOR'];
      const { keyFile, recipient } = await generateAgeKey(new Date());
      const locked = batchpass(args, keyFile.exposeText() ?? '');
      const { keys } = await readAgeKeyFile(locked, 'keys.txt', async () => 'correct hörse');
      expect(await unwrapWith(sealed(recipient).toString(), keys)).toEqual(dataKey);
    });

    it('of too much work is refused before any of it is done', async () => {
      process.env['AGE_PASSPHRASE_WORK_FACTOR'] = '1';
      const locked = batchpass([], 'x').toString('latin1');
      const costly = locked.replace(/^(-> scrypt \S+) 1$/m, '$1 25');
      expect(costly).not.toBe(locked);
      const never = () => Promise.reject(new Error('asked'));
      await expect(readAgeKeyFile(Buffer.from(costly, 'latin1'), 'keys.txt', never)).rejects.toMatchObject({
        code: 'key.unusable',
        details: { reason: expect.stringContaining('2^25') },
      });
    });
  });
});

describePeer('age-keygen', 'ageKeygen', (ageKeygen) => {
  it.each([[[]], [['-pq']]])('%j makes keys that Purser reads', async (args) => {
    const text = ageKeygen(args, '').toString();
    const stated = /# public key: (\S+)/.exec(text)?.[1];
    expect((await keyOf(text)).recipient?.text).toBe(stated);
  });

  it.each([false, true])('reads keys that Purser makes (post-quantum: %s)', async (postQuantum) => {
    const { keyFile, recipient } = await generateAgeKey(new Date(), { postQuantum });
    expect(ageKeygen(['-y'], keyFile.expose()).toString().trim()).toBe(recipient);
  });

  it('writes the lines that Purser writes', async () => {
    const { keyFile } = await generateAgeKey(new Date());
    for (const text of [keyFile.exposeText() ?? '', ageKeygen([], '').toString()])
      expect(text).toMatch(
        /^# created: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\n# public key: age1\w{58}\nAGE-SECRET-KEY-1\w{58}\n$/,
      );
  });
});

describePeer('sops', 'sops', (sops) => {
  const variables = ['HOME', 'XDG_CONFIG_HOME', 'SOPS_AGE_KEY_FILE', 'SOPS_AGE_SSH_PRIVATE_KEY_FILE'];
  const before = variables.map((name) => [name, process.env[name]] as const);
  beforeAll(() => {
    for (const name of variables) delete process.env[name];
    process.env['HOME'] = folder;
  });
  afterAll(() => {
    for (const [name, value] of before) if (value !== undefined) process.env[name] = value;
  });

  /** Key files of each kind, the variable under which sops looks for them, and their recipients as written. */
  async function keyFiles() {
    const native = await Promise.all(
      [false, true].map(async (postQuantum) => {
        const { keyFile, recipient } = await generateAgeKey(new Date(), { postQuantum });
        const path = files.write(`sops-${postQuantum}`, keyFile.exposeText() ?? '');
        return { variable: 'SOPS_AGE_KEY_FILE', path, recipient };
      }),
    );
    if (!sshKeygenIsThere) return native;
    const ofSsh = (['ed25519', 'rsa'] as const).map((type) => {
      const path = sshKeygen(type, 'RFC4716');
      const recipient = readFileSync(`${path}.pub`, 'utf8').trim();
      return { variable: 'SOPS_AGE_SSH_PRIVATE_KEY_FILE', path, recipient };
    });
    return [...native, ...ofSsh];
  }

  it('takes the data keys that Purser wraps, and the reverse', async () => {
    const all = await keyFiles();
    const clear = files.write('clear.yaml', 'a: b\n');
    const sealed = sops(
      ['encrypt', '--age', all.map(({ recipient }) => recipient).join(','), clear],
      '',
    ).toString();
    const parsed = parse(sealed) as { sops: { age: { recipient: string; enc: string }[] } };
    expect(parsed.sops.age.map(({ recipient }) => recipient)).toEqual(all.map(({ recipient }) => recipient));
    const opened = await Promise.all(
      all.map(async ({ path }, at) =>
        unwrapWith(parsed.sops.age[at]?.enc ?? '', [await keyOf(readFileSync(path))]),
      ),
    );
    const [dataKey = new Uint8Array()] = opened;
    expect(dataKey.byteLength).toBe(32);
    for (const other of opened) expect(other).toEqual(dataKey);

    for (const { variable, path, recipient } of all) {
      const age = [{ recipient, enc: await wrapFor(recipient, dataKey) }];
      const file = files.write(
        `one-${randomBytes(4).toString('hex')}.yaml`,
        stringify({ ...parsed, sops: { ...parsed.sops, age } }, { defaultStringType: 'QUOTE_DOUBLE' }),
      );
      process.env[variable] = path;
      expect(sops(['decrypt', file], '').toString()).toBe('a: b\n');
      delete process.env[variable];
    }
  });
});
