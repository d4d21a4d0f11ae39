import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../src/app/messages.ts';
import { Failure } from '../../../src/core/errors.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { generateDataKey } from '../../../src/crypto/sops/data-key.ts';
import type { KeyStanza } from '../../../src/crypto/sops/stanza.ts';
import { findGpg, Gpg, type GpgSetting } from '../../../src/node/gpg.ts';
import { readGpgStatus } from '../../../src/node/gpg-status.ts';
import { GpgHome } from '../../support/gpg.ts';
import { describePeer } from '../../support/peers.ts';
import { Workspace } from '../../support/workspace.ts';

const workspace = new Workspace();
afterAll(() => workspace.remove());

const someKey = 'A203E1B7DE5233E4A67F6D2B07ADBBB0EBBCBE5B';
const dataKey = generateDataKey();
const recipient = (fp: string) => ({ kind: 'pgp', fields: new Map([['fp', fp]]) }) as const;
const stanza = (fp: string, enc: string): KeyStanza => ({ ...recipient(fp), enc, createdAt: undefined });
const failureOf = async (run: () => Promise<unknown>) => {
  try {
    await run();
  } catch (error) {
    if (error instanceof Failure)
      return { code: error.code, details: error.details, text: sentenceOf(error) };
    throw error;
  }
  throw new Error('it did not fail');
};
const gpgWith = (setting: Partial<GpgSetting>) =>
  new Gpg({
    program: undefined,
    env: { PATH: process.env['PATH'] },
    folder: workspace.root,
    signal: new AbortController().signal,
    ...setting,
  });

// Who is asked for passphrases is a shell script.
const windows = process.platform === 'win32';

describe.skipIf(windows)('PGP keys', () =>
  describePeer('GnuPG', 'gpg', () => {
    const passphrase = 'correct horse battery';
    let home: GpgHome;
    let other: GpgHome;
    let open: string;
    let locked: string;
    let sealed: string;
    const gpg = (setting: Partial<GpgSetting> = {}) => gpgWith({ env: home.env, ...setting });

    beforeAll(async () => {
      home = new GpgHome();
      other = new GpgHome();
      open = home.addKey('open');
      locked = home.addKey('locked', passphrase);
      sealed = await gpg().wrap(recipient(locked), dataKey);
    });
    afterAll(() => {
      home?.remove();
      other?.remove();
    });

    it('opens what it wrapped, and asks for the passphrase itself', async () => {
      const enc = await gpg().wrap(recipient(open), dataKey);
      expect(enc).toMatch(/^-----BEGIN PGP MESSAGE-----\n\n[^]*-----END PGP MESSAGE-----$/);
      expect((await gpg().unwrap(stanza(open, enc)))?.equals(dataKey)).toBe(true);
      home.ask({ types: passphrase });
      expect((await gpg().unwrap(stanza(locked, sealed)))?.equals(dataKey)).toBe(true);
    });

    it('has nothing to say of a message for another, whatever the file says it is', async () => {
      home.ask('cancels');
      expect(await gpg({ env: other.env }).unwrap(stanza(locked, sealed))).toBeUndefined();
      expect(await gpg().unwrap({ ...stanza(open, sealed), kind: 'kms' })).toBeUndefined();
    });

    it.each([
      ['cancels', 'cancelled'],
      ['is away', 'timeout'],
      [{ types: 'wrong' }, 'passphrase'],
    ] as const)('says so where who is asked %j', async (who, cause) => {
      home.ask(who);
      const { details, text } = await failureOf(() => gpg().unwrap(stanza(locked, sealed)));
      expect(details).toEqual({ key: locked, cause });
      expect(text).not.toMatch(/example|horse|wrong\b.*wrong/);
    });

    it('does not ask again for other keys of the file, once that was cancelled', async () => {
      home.ask('cancels');
      const once = gpg();
      await failureOf(() => once.unwrap(stanza(locked, sealed)));
      home.ask({ types: passphrase });
      expect((await failureOf(() => once.unwrap(stanza(locked, sealed)))).code).toBe('gpg.failed');
      expect((await gpg().unwrap(stanza(locked, sealed)))?.equals(dataKey)).toBe(true);
    });

    it('is ended when it takes too long, and when the person cancels', async () => {
      home.ask('never answers');
      const slow = await failureOf(() => gpg({ timeout: 300 }).unwrap(stanza(locked, sealed)));
      expect(slow.details).toEqual({ key: locked, cause: 'too-long' });
      const leaving = new AbortController();
      const waiting = gpg({ signal: leaving.signal }).unwrap(stanza(locked, sealed));
      setTimeout(() => leaving.abort(new Error('gone')), 100);
      await expect(waiting).rejects.toThrow('gone');
      await expect(gpg({ signal: leaving.signal }).wrap(recipient(open), dataKey)).rejects.toThrow('gone');
    });

    it('tells a key that is not there from one that expired', async () => {
      expect((await failureOf(() => gpg().wrap(recipient(someKey), dataKey))).details).toEqual({
        key: someKey,
        cause: 'no-public-key',
      });
      const expired = home.addKey('expired', '', ['--faked-system-time', '20200101T000000']);
      expect((await failureOf(() => gpg().wrap(recipient(expired), dataKey))).details).toEqual({
        key: expired,
        cause: 'unusable-public-key',
      });
    });

    it('wraps for a key of somebody else whom nobody has signed', async () => {
      const theirs = other.addKey('theirs');
      home.imported(other.exported(theirs));
      const enc = await gpg().wrap(recipient(theirs), dataKey);
      expect((await gpg({ env: other.env }).unwrap(stanza(theirs, enc)))?.equals(dataKey)).toBe(true);
      expect(await gpg().unwrap(stanza(theirs, enc))).toBeUndefined();
    });

    it('opens nothing that is altered, is no message, or was never encrypted', async () => {
      home.ask({ types: passphrase });
      const enc = await gpg().wrap(recipient(open), dataKey);
      const body = enc.split('\n');
      const altered = body.toSpliced(
        4,
        1,
        Array.from(body[4] ?? '')
          .toReversed()
          .join(''),
      );
      const texts = [
        '',
        'hello',
        altered.join('\n'),
        enc.slice(0, 200),
        home.message(['--store'], 'x'.repeat(32)),
      ];
      for (const text of texts) {
        const { code } = await failureOf(() => gpg().unwrap(stanza(open, text)));
        expect(['ciphertext.malformed', 'gpg.failed']).toContain(code);
      }
      const huge = home.message(['--encrypt', '-r', open], 'x'.repeat(10_000_000));
      const { details } = await failureOf(() => gpg().unwrap(stanza(open, huge)));
      expect(details).toEqual({ key: open, cause: 'too-much' });
    });
  }),
);

describe.skipIf(windows)('the gpg that is run', () => {
  const outside = new Workspace();
  afterAll(() => outside.remove());
  const program = (name: string, script: string, where = outside) =>
    where.write(name, `#!/bin/sh\n${script}\n`, 0o755);

  it('is what the person says, else SOPS_GPG_EXEC, else the one on the PATH that no repository brings', () => {
    const mine = program('mine/gpg', '');
    const named = program('bin/gpg2', '');
    const found = program('bin/gpg', '');
    program('bin/gpg', '', workspace);
    const find = (
      said: string | undefined,
      variable = '',
      path = [workspace.path('bin'), outside.path('bin')],
    ) =>
      findGpg({
        program: said,
        env: { SOPS_GPG_EXEC: variable, PATH: path.join(':') },
        folder: workspace.root,
      });
    expect(find(mine, named)).toBe(mine);
    expect(find(undefined, named)).toBe(named);
    expect(find('', 'gpg2')).toBe(named);
    expect(find(undefined)).toBe(found);
    expect(find('bin/gpg')).toBeUndefined();
    expect(find(undefined, './gpg')).toBeUndefined();
    expect(find(outside.path('nothing'))).toBeUndefined();
    expect(find(undefined, '', [workspace.path('bin')])).toBeUndefined();
  });

  it.each([
    '--output=x',
    '-r',
    '',
    'a@example.com',
    'DEADBEEF',
    `${someKey} `,
    `${someKey}\n--yes`,
    `=${someKey}`,
    `${someKey}!!`,
    `${someKey}0`,
  ])('is never told a recipient such as %j', async (fp) => {
    const record = program('recording/gpg', 'echo "$@" >> "$0.log"');
    const failure = await failureOf(() => gpgWith({ program: record }).wrap(recipient(fp), dataKey));
    expect(failure.code).toBe('key.unusable');
    expect(existsSync(`${record}.log`)).toBe(false);
  });

  it('gets what is secret by its standard input alone, and its words go no further', async () => {
    const record = program(
      'talking/gpg',
      'echo "$@" > "$0.log"; env >> "$0.log"; cat > "$0.input"; echo "gpg: the password is swordfish" >&2; exit 2',
    );
    const secret = Plaintext.fromText('0123456789abcdef0123456789abcdef');
    const failure = await failureOf(() => gpgWith({ program: record }).wrap(recipient(someKey), secret));
    expect(readFileSync(`${record}.input`, 'utf8')).toBe(secret.exposeText());
    expect(readFileSync(`${record}.log`, 'utf8')).toContain(`-r ${someKey} --trusted-key 07ADBBB0EBBCBE5B`);
    expect(readFileSync(`${record}.log`, 'utf8')).not.toContain('0123456789abcdef');
    expect(JSON.stringify(failure)).not.toContain('swordfish');
  });

  it.each([
    ['says without end', 'yes', 'too-much'],
    ['complains without end', 'yes >&2', 'too-much'],
    ['does not end', 'exec sleep 600', 'too-long'],
    ['is no program', undefined, 'not-started'],
    ['reads nothing', 'exit 3', 'unknown'],
    ['claims to have done it', 'cat >/dev/null; exit 0', 'unknown'],
  ] as const)('%s, and that is a failure', async (name, script, cause) => {
    const path =
      script === undefined
        ? outside.write('broken/gpg', '#!/nowhere\n', 0o755)
        : program(`${name}/gpg`, script);
    const long = new Plaintext(new Uint8Array(1_000_000));
    const failure = await failureOf(() =>
      gpgWith({ program: path, timeout: 1000 }).wrap(recipient(someKey), long),
    );
    expect(failure.details).toEqual({ key: someKey, cause });
  });

  it('is missed in one sentence', async () => {
    const failure = await failureOf(() => gpgWith({ env: { PATH: '' } }).unwrap(stanza(someKey, 'x')));
    expect(failure.code).toBe('gpg.missing');
    expect(failure.text).toContain(someKey);
  });
});

describe('what gpg reports', () => {
  it.each([
    ['', { decrypted: false, addressed: false, cause: 'unknown' }],
    [
      '[GNUPG:] ENC_TO 1 18 0\n[GNUPG:] NO_SECKEY 1\n',
      { decrypted: false, addressed: true, cause: undefined },
    ],
    [
      '[GNUPG:] ENC_TO 1 1 0\r\n[GNUPG:] DECRYPTION_OKAY\r\n',
      { decrypted: true, addressed: true, cause: 'unknown' },
    ],
    ['gpg: [GNUPG:] DECRYPTION_OKAY', { decrypted: false, addressed: false, cause: 'unknown' }],
    [
      '[GNUPG:] ERROR pkdecrypt_failed 67108949',
      { decrypted: false, addressed: false, cause: 'no-pinentry' },
    ],
    [
      '[GNUPG:] ERROR pkdecrypt_failed 83918950',
      { decrypted: false, addressed: false, cause: 'no-pinentry' },
    ],
    ['[GNUPG:] ERROR pkdecrypt_failed', { decrypted: false, addressed: false, cause: 'unknown' }],
    ['[GNUPG:] INV_RECP', { decrypted: false, addressed: false, cause: 'unusable-public-key' }],
  ])('%j', (stderr, status) => {
    expect(readGpgStatus(stderr)).toEqual(status);
  });
});
