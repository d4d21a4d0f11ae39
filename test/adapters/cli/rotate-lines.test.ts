import { describe, expect, it } from 'vitest';
import { openFernet, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';
import { useCli } from '../../support/cli.ts';
import { symmetricKey } from '../../support/workspace.ts';

const { sandbox } = useCli();
const bytes = (text: string) => new TextEncoder().encode(text);
const now = new Date();

/** A repository with a new key and an old one, and what seals and opens with them. */
function withKeys() {
  const repo = sandbox();
  const [fresh, old] = [symmetricKey(), symmetricKey()];
  repo.write('new.key', repo.secret(fresh));
  repo.write('old.key', repo.secret(old));
  const seal = (text: string, key = old) =>
    sealFernet(bytes(repo.secret(text)), readFernetKey(bytes(key), 'k'), { now });
  const open = (token: string) =>
    Buffer.from(openFernet(token, readFernetKey(bytes(fresh), 'k')) ?? []).toString();
  return { repo, fresh, seal, open };
}

const keys = ['--key', 'new.key', '--key', 'old.key'];

describe('purser rotate --lines', () => {
  it('gives a line for a line', async () => {
    const { repo, fresh, seal, open } = withKeys();
    const current = seal('canary-current', fresh);
    const lines = [
      `1\t${seal('canary-one')}\n`,
      '\n',
      '2\t\\N\r\n',
      `3\t${current}\r\n`,
      seal('canary-last'),
    ];
    const ran = await repo.run(['rotate', '--lines', ...keys], { input: lines.join('') });
    expect(ran.code).toBe(0);
    expect(ran.stderr).toBe("purser: 2 sealed again, 2 empty, 1 sealed to today's key already\n");
    const out = ran.stdout.split('\n');
    expect(out.slice(1, 4)).toEqual(['', '2\t\\N\r', `3\t${current}\r`]);
    expect(open(out[0]?.slice(2) ?? '')).toBe('canary-one');
    expect(open(out[4] ?? '')).toBe('canary-last');
    const again = await repo.run(['rotate', '--lines', ...keys], { input: ran.bytes });
    expect(again.stdout).toBe(ran.stdout);
  });

  it('writes nothing from the first line on that fails, and tells of all that do', async () => {
    const { repo, seal, open } = withKeys();
    const lines = [seal('canary-one'), 'canary-plain', seal('canary-two'), seal('canary-cut').slice(0, -8)];
    const ran = await repo.run(['rotate', '--lines', ...keys], { input: lines.join('\n') });
    expect(ran.code).toBe(1);
    expect(open(ran.stdout.trimEnd())).toBe('canary-one');
    expect(ran.stderr.split('\n')).toEqual([
      'purser: -:2: this line is no Fernet token; if it is plaintext that is to be encrypted, add --migrate',
      expect.stringMatching(
        /^purser: -:4: this Fernet token is damaged: it is .*; restore the row from a backup/,
      ),
      'purser: 2 lines failed, and from the first of them on nothing was written: do not commit this',
      '',
    ]);
  });

  it('tells of twenty lines of a table that another key opens', async () => {
    const { repo } = withKeys();
    const ran = await repo.run(['rotate', '--lines', ...keys], { input: 'canary\n'.repeat(500) });
    expect(ran.stdout).toBe('');
    expect(ran.stderr.match(/^purser: -:/gm)).toHaveLength(20);
    expect(ran.stderr).toContain('purser: 500 lines failed');
  });

  it('encrypts plaintext when told to', async () => {
    const { repo, seal, open } = withKeys();
    const input = `1\ta: canary\\n\\tb\n2\t${seal('canary-two')}\n`;
    const ran = await repo.run(['rotate', '--lines', '--migrate', ...keys], { input });
    expect(ran.stderr).toBe('purser: 1 encrypted, 1 sealed again\n');
    expect(
      ran.stdout
        .trimEnd()
        .split('\n')
        .map((line) => open(line.slice(2))),
    ).toEqual(['a: canary\n\tb', 'canary-two']);
  });

  it('takes its keys from the policy, and from the key folder what opens', async () => {
    const { repo, fresh, seal, open } = withKeys();
    repo.localKey('new.fernet', fresh);
    repo.localKey('old.fernet', repo.text('old.key'));
    repo.localKey('broken.fernet', 'no key');
    repo.write('.purser.yaml', 'version: 1\nrules: [{path: "**", scheme: fernet, keys: [local:new]}]\n');
    const ran = await repo.run(['rotate', '--lines'], { input: seal('canary-one') });
    expect([ran.code, open(ran.stdout)]).toEqual([0, 'canary-one']);
  });

  it('holds one line in memory, not the table', async () => {
    const { repo, seal } = withKeys();
    const row = `${seal('canary'.repeat(2000))}\n`;
    const input = row.repeat(Math.ceil((200 * 1024 * 1024) / row.length));
    const told = "process.on('exit',()=>process.stderr.write('peak:'+process.resourceUsage().maxRSS))";
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${told}` };
    const ran = await repo.run(['rotate', '--lines', ...keys], { input, env });
    expect(ran.bytes.length).toBe(input.length);
    const peak = Number(/peak:(\d+)/.exec(ran.stderr)?.[1]) / 1024;
    expect(peak, 'MB').toBeLessThan(150);
  });

  it.each([
    ['a path', ['--lines', 'a.txt'], 'reads stdin, and takes no path'],
    ['--dry-run', ['--lines', '--dry-run'], 'takes --key and --migrate only'],
    ['--migrate alone', ['--migrate', 'a.yaml'], '--migrate goes with --lines'],
    ['no key', ['--lines'], 'no rule names a fernet key'],
    ['a key that is not there', ['--lines', '--key', 'nope.key'], 'there is no key nope.key'],
    [
      'a second key that is not there',
      ['--lines', '--key', 'new.key', '--key', 'nope.key'],
      'there is no key nope',
    ],
  ])('refuses %s', async (_, args, says) => {
    const { repo, seal } = withKeys();
    const ran = await repo.run(['rotate', ...args], { input: seal('canary') });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(says);
  });
});
