import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentenceOf } from '../../src/app/messages.ts';
import { Failure } from '../../src/core/errors.ts';
import type { SopsFormat } from '../../src/manifest/sops-tree.ts';
import { describePeer } from '../support/peers.ts';
import { numberedFiles, plainValues, SopsHolders } from '../support/sops.ts';

const files = numberedFiles();
afterAll(files.remove);
let holders: SopsHolders;
beforeAll(async () => {
  holders = await SopsHolders.create();
  process.env['SOPS_AGE_KEY_FILE'] = files.write('keys.txt', holders.keyFile(0));
});

const secret = `# top
kind: Secret
stringData:
  # who
  user: admin # behind
  password: hunter2
  port: 5432
  hosts:
    # first
    - a
    - b
    - c
  one:
    - x
data: {k: v}
`;
const documents = 'a: 1\nb: 2\n---\nc: 3\n';
const json = '{\n  "a": "x",\n  "b": {"c": [1, "y"]}\n}\n';

type Change = (text: string) => string;
const block = /^sops:\n(?:[ ].*\n)+/m;
const swap =
  (a: RegExp, b: RegExp): Change =>
  (text) => {
    const [one = '', two = ''] = [a.exec(text)?.[0], b.exec(text)?.[0]];
    return text
      .replace(one, '\u0000')
      .replace(two, () => one)
      .replace('\u0000', () => two);
  };
const list = (text: string) => text.match(/^ +- (?:ENC|"ENC).*\n/gm) ?? [];
const conflict = (ours: string, theirs: string) => `<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> main\n`;

/** What is done to a file, and what Purser says to it: nothing where it opens. */
const changes: readonly (readonly [string, string, Change, string | undefined])[] = [
  ['nothing is changed', secret, (text) => text, undefined],
  ['line breaks become CRLF', secret, (text) => text.replaceAll('\n', '\r\n'), undefined],
  ['it is indented less', secret, (text) => text.replace(/^ {4}/gm, '  '), undefined],
  ['values are quoted', secret, (text) => text.replace(/: (ENC\[[^\]]*\])/g, ': "$1"'), undefined],
  [
    'the block comes first',
    secret,
    (text) => (block.exec(text)?.[0] ?? '') + text.replace(block, ''),
    undefined,
  ],
  ['comments are taken out', secret, (text) => text.replace(/^ *#.*\n/gm, ''), undefined],
  [
    'comments are added',
    secret,
    (text) => text.replace(/^( *)(user|- ENC|password)/gm, '$1# by hand\n$1$2'),
    undefined,
  ],
  [
    'a comment is in front of the block',
    secret,
    (text) => text.replace(/^sops:/m, '# by hand\nsops:'),
    undefined,
  ],
  [
    'a comment is in the block',
    secret,
    (text) => text.replace(/^( +)lastmodified:/m, '$1# by hand\n$1lastmodified:'),
    undefined,
  ],
  [
    'a comment is behind the MAC',
    secret,
    (text) => text.replace(/^( +mac: .*)$/m, '$1 # by hand'),
    undefined,
  ],
  ['blank lines are added', secret, (text) => text.replace(/\n/, '\n\n\n'), undefined],
  [
    'a comment says it is encrypted',
    secret,
    (text) =>
      text.replace(/^( *)user/m, '$1#ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]\n$1user'),
    undefined,
  ],
  [
    'a comment stands elsewhere',
    secret,
    (text) => text.replace(/^( +#ENC.*\n)( +user: .*\n)/m, '$2$1'),
    undefined,
  ],
  [
    'something unknown is in the block',
    secret,
    (text) => text.replace(/^( +)mac:/m, '$1other: [1, {a: b}]\n$1mac:'),
    undefined,
  ],
  ['two values change places', secret, swap(/(?<=user: )ENC.*?\]/, /(?<=password: )ENC.*?\]/), 'entry.moved'],
  ['two lines change places', secret, swap(/^ +user: .*\n/m, /^ +password: .*\n/m), 'sops.mac-mismatch'],
  [
    'a value is copied',
    secret,
    (text) =>
      text.replace(
        /password: .*/,
        /user: (.*)/.exec(text)?.[1] === undefined ? '' : `password: ${/user: (.*)/.exec(text)?.[1] ?? ''}`,
      ),
    'entry.moved',
  ],
  ['a key is renamed', secret, (text) => text.replace('user:', 'login:'), 'open.failed'],
  ['a mapping is renamed', secret, (text) => text.replace('stringData:', 'data2:'), 'open.failed'],
  ['items change places', secret, (text) => swapped(text), 'sops.mac-mismatch'],
  ['an item is taken out', secret, (text) => text.replace(list(text).at(-2) ?? '', ''), 'sops.mac-mismatch'],
  [
    'an item is repeated',
    secret,
    (text) => text.replace(list(text).at(-2) ?? '', (line) => line + line),
    'sops.mac-mismatch',
  ],
  [
    'the one item of a list is taken out',
    secret,
    (text) => text.replace(/one:\n.*\n/, 'one: []\n'),
    'sops.mac-mismatch',
  ],
  [
    'a list of one becomes its item',
    secret,
    (text) => text.replace(/one:\n +- (.*)\n/, 'one: $1\n'),
    undefined,
  ],
  ['a value is emptied', secret, (text) => text.replace(/password: .*/, 'password: ""'), 'sops.mac-mismatch'],
  ['a value is null', secret, (text) => text.replace(/password: .*/, 'password:'), 'sops.mac-mismatch'],
  [
    'a value is typed in',
    secret,
    (text) => text.replace(/password: .*/, 'password: new'),
    'sops.clear-value',
  ],
  ['a number is typed in', secret, (text) => text.replace(/port: .*/, 'port: 80'), 'sops.clear-value'],
  ['a key is added', secret, (text) => text.replace(/^data:/m, 'extra: new\ndata:'), 'sops.clear-value'],
  ['a null is added', secret, (text) => text.replace(/^data:/m, 'extra: ~\ndata:'), undefined],
  [
    'a value says it is a number',
    secret,
    (text) => text.replace(/(password: .*)type:str/, '$1type:int'),
    'ciphertext.malformed',
  ],
  [
    'a value says it is of no type',
    secret,
    (text) => text.replace(/(password: .*)type:str/, '$1type:none'),
    'ciphertext.malformed',
  ],
  [
    'a value is cut short',
    secret,
    (text) => text.replace(/(password: ENC.{20}).*/, '$1'),
    'ciphertext.malformed',
  ],
  [
    'something follows a value',
    secret,
    (text) => text.replace(/(password: .*)/, '$1x'),
    'ciphertext.malformed',
  ],
  ['a value is tagged', secret, (text) => text.replace('password: ', 'password: !mine '), undefined],
  [
    'a value is an alias',
    secret,
    (text) => text.replace('user: ', 'user: &u ').replace(/password: .*/, 'password: *u'),
    'entry.moved',
  ],
  ['its MAC is gone', secret, (text) => text.replace(/^ +mac: .*\n/m, ''), 'sops.mac-mismatch'],
  ['its time is gone', secret, (text) => text.replace(/^ +lastmodified: .*\n/m, ''), 'sops.unreadable'],
  [
    'its time is another',
    secret,
    (text) => text.replace(/lastmodified: "20\d\d/, 'lastmodified: "1999'),
    'sops.mac-mismatch',
  ],
  [
    'its keys are gone',
    secret,
    (text) => text.replace(/^ +age:\n(?: +(?:- | {2,}).*\n)+(?= +lastmodified)/m, ''),
    'sops.unreadable',
  ],
  ['its block is a list', secret, (text) => text.replace(block, 'sops: []\n'), 'entry.not-encrypted'],
  ['its block is empty', secret, (text) => text.replace(block, 'sops: {}\n'), 'sops.unreadable'],
  ['its block is gone', secret, (text) => text.replace(block, ''), 'entry.not-encrypted'],
  [
    'it has two rules',
    secret,
    (text) => text.replace(/^( +)version:/m, '$1encrypted_regex: a\n$1version:'),
    'sops.unreadable',
  ],
  [
    'a threshold is no number',
    secret,
    (text) => text.replace(/^( +)version:/m, '$1shamir_threshold: many\n$1version:'),
    'sops.unreadable',
  ],
  [
    'a key stands twice',
    secret,
    (text) => text.replace(/^kind: .*\n/m, (line) => line + line),
    'sops.unreadable',
  ],
  [
    'a key stands twice below',
    secret,
    (text) => text.replace(/^ +user: .*\n/m, (line) => line + line),
    'sops.unreadable',
  ],
  ['its block stands twice', secret, (text) => text + (block.exec(text)?.[0] ?? ''), 'sops.unreadable'],
  [
    'it is merged badly',
    secret,
    (text) => text.replace(/^ +user: .*\n/m, (line) => conflict(line, line.replace('ENC', 'ENX'))),
    'sops.unreadable',
  ],
  [
    'its MAC is merged badly',
    secret,
    (text) => text.replace(/^ +mac: .*\n/m, (line) => conflict(line, line)),
    'sops.unreadable',
  ],
  ['a key is a number', secret, (text) => text.replace('user:', '1:'), 'sops.unreadable'],
  ['a key is true', secret, (text) => text.replace('user:', 'true:'), 'sops.unreadable'],
  ['a key is null', secret, (text) => text.replace('user:', '~:'), 'sops.unreadable'],
  ['a key is a list', secret, (text) => text.replace('user:', '? [a, b]\n    :'), 'sops.unreadable'],
  ['a key is a date', secret, (text) => text.replace('user:', '2020-01-02:'), 'sops.unreadable'],
  [
    'it is a list',
    secret,
    (text) => text.replace(/^(.*)$/gm, '  $1').replace(/^ {2}/, '- '),
    'sops.unreadable',
  ],
  ['it is text', secret, () => 'text\n', 'sops.unreadable'],
  ['it is empty', secret, () => '', 'sops.unreadable'],
  ['only comments are left', secret, () => '# nothing\n', 'entry.not-encrypted'],
  [
    'documents change places',
    documents,
    (text) => text.trimEnd().split('\n---\n').toReversed().join('\n---\n'),
    'sops.mac-mismatch',
  ],
  ['a document is taken out', documents, (text) => text.split('\n---\n')[0] ?? '', 'sops.mac-mismatch'],
  ['a document is added', documents, (text) => `${text}---\nd: 4\n`, 'sops.clear-value'],
  ['an empty document is added', documents, (text) => `${text}---\n`, undefined],
  ['a document is a list', documents, (text) => `${text}---\n- d\n`, 'sops.unreadable'],
  [
    'the block of the second document is gone',
    documents,
    (text) => text.replace(/(---\n[^]*?)sops:\n[^]*/, '$1'),
    undefined,
  ],
  [
    'the block of the first document is gone',
    documents,
    (text) => text.replace(block, ''),
    'entry.not-encrypted',
  ],
  [
    'a key stands twice in the second document',
    documents,
    (text) => text.replace(/^c: .*\n/m, (line) => line + line),
    'sops.unreadable',
  ],
  ['JSON: nothing is changed', json, (text) => text, undefined],
  ['JSON: it is on one line', json, (text) => JSON.stringify(JSON.parse(text)), undefined],
  ['JSON: members change places', json, swap(/"a": ".*?",\n\t?/, /"b": /), 'sops.unreadable'],
  ['JSON: a value is typed in', json, (text) => text.replace(/"a": ".*?"/, '"a": "new"'), 'sops.clear-value'],
  ['JSON: a comma is left over', json, (text) => text.replace(/\}\s*$/, ',}'), 'sops.unreadable'],
  [
    'JSON: it is merged badly',
    json,
    (text) => text.replace(/^.*"a": .*\n/m, (line) => conflict(line, line)),
    'sops.unreadable',
  ],
  [
    'JSON: a member stands twice',
    json,
    (text) => text.replace(/"a": ".*?",/, (member) => member + member),
    'sops.unreadable',
  ],
  ['JSON: it is a list', json, (text) => `[${text}]`, 'sops.unreadable'],
  ['JSON: another text follows', json, (text) => text + text, 'sops.unreadable'],
];

function swapped(text: string): string {
  const [, b = '', c = ''] = list(text).slice(-4);
  return text.replace(b + c, c + b);
}

/** Where Purser is stricter than sops, and why. */
const stricter: Readonly<Record<string, string>> = {
  'something follows a value': 'nothing shows that what follows is not meant to be read',
  'JSON: another text follows': 'others read the second, or neither',
};

describePeer('a file of sops, edited by hand', 'sops', (run) => {
  const formatOf = (clear: string): SopsFormat => (clear === json ? 'json' : 'yaml');
  const sealed = new Map<string, string>();
  beforeAll(() => {
    for (const clear of [secret, documents, json]) {
      const path = files.write(`x.${formatOf(clear)}`, clear);
      sealed.set(clear, run(['encrypt', '--age', holders.recipients[0] ?? '', path], '').toString());
    }
  });
  const theirs = (text: string, format: SopsFormat) => {
    try {
      return plainValues(run(['decrypt', files.write(`x.${format}`, text)], '').toString(), format);
    } catch {
      return undefined;
    }
  };

  describe.each(changes)('%s', (name, clear, change, code) => {
    it('is opened as sops does, or refused in one sentence', async () => {
      const format = formatOf(clear);
      const before = sealed.get(clear) ?? '';
      const text = change(before);
      if (!name.includes('nothing is changed')) expect(text).not.toBe(before);
      const [ours, said] = await holders.opened(text, format).then(
        (values) => [values, undefined] as const,
        (error: unknown) => [undefined, error] as const,
      );
      if (said !== undefined) {
        expect(said).toBeInstanceOf(Failure);
        expect((said as Failure).code).toBe(code);
        expect(sentenceOf(said as Failure)).toMatch(/^[^\n]{20,400}$/);
      } else expect(code).toBeUndefined();
      const expected = theirs(text, format);
      if (name in stricter) expect(expected, stricter[name] ?? '').toBeDefined();
      else expect(ours).toEqual(expected);
    });
  });
});
