import { describe, expect, it } from 'vitest';
import { applyEdits, type Span } from '../../../src/core/span.ts';
import {
  addFirstMember,
  addMember,
  endOf,
  putCiphertext,
  putComment,
  putText,
  removeMember,
} from '../../../src/manifest/sops-edit.ts';
import { readSopsJson } from '../../../src/manifest/sops-json.ts';
import { membersOf, type SopsMap, type SopsNode, type SopsScalar } from '../../../src/manifest/sops-tree.ts';
import { readSopsYaml } from '../../../src/manifest/sops-yaml.ts';

function rootOf(text: string): SopsMap {
  const { documents, problems } = readSopsYaml(text);
  expect(problems).toEqual([]);
  const root = documents[0]?.root;
  if (root === undefined) throw new Error('there is no mapping');
  return root;
}

function scalarAt(root: SopsMap, key: string): SopsScalar {
  const node = membersOf(root).find((member) => member.key === key)?.value;
  if (node?.kind !== 'scalar') throw new Error('there is no scalar');
  return node;
}

const member = (root: SopsMap, key: string) => {
  const found = membersOf(root).find((one) => one.key === key);
  if (found === undefined) throw new Error('there is no such key');
  return found;
};

/** `a{x #c y}`: where comments stand among keys. */
function outline(node: SopsNode): string {
  if (node.kind === 'map')
    return `{${node.members.map((one) => (one.kind === 'comment' ? `#${one.text.trim()}` : one.key + outline(one.value))).join(' ')}}`;
  if (node.kind === 'list')
    return `[${node.items.map((item) => (item.kind === 'comment' ? `#${item.text.trim()}` : `-${outline(item)}`)).join(' ')}]`;
  return '';
}

describe('a document', () => {
  it.each([
    ['a: x # c', 'x'],
    ["a: 'it''s'", "'it''s'"],
    ['a: !!str x', 'x'],
    ['a: &n x', 'x'],
    ['a: |\n  b\n  c\n\n\nd: e', '|\n  b\n  c'],
    ['a: |+\n  b\n\nd: e', '|+\n  b\n'],
    ['a: >- # c\n  b\n', '>- # c\n  b'],
    ['a: "b\n  c"', '"b\n  c"'],
    ['a:\n  - y\n', undefined],
  ])('has the token of %j', (text, token) => {
    const root = rootOf(text);
    if (token === undefined) expect(member(root, 'a').value.kind).toBe('list');
    else {
      const { span } = scalarAt(root, 'a');
      expect(text.slice(span.start, span.end)).toBe(token);
    }
  });

  it('keeps keys that look like numbers where they are', () => {
    expect(membersOf(rootOf('"10": a\nb: c\n"2": d\n')).map(({ key }) => key)).toEqual(['10', 'b', '2']);
    const json = readSopsJson('{"10": 1, "b": 2, "2": 3}').documents[0]?.root;
    expect(json && membersOf(json).map(({ key }) => key)).toEqual(['10', 'b', '2']);
  });

  it('begins where the one before ends, comments before the first marker included', () => {
    const text = '# top\n---\na: 1\n...\n# between\n---\nb: 2\n';
    const spans = readSopsYaml(text).documents.map(({ span }: { span: Span }) =>
      text.slice(span.start, span.end),
    );
    expect(spans.join('')).toBe(text);
    expect(spans).toHaveLength(2);
  });
});

// Found out from sops 3.13.3; test/interop/sops.test.ts shows that it agrees.
describe('an empty mapping with a comment', () => {
  it.each([
    'a: {\n        #c\n}\nb: 1\n',
    'l:\n    - a: {\n            #c\n            #d\n}\n      b: 1\n',
    'a: {\r\n    #c\r\n}\r\nb: 1\r\n',
  ])('is read as SOPS writes it, which other parsers refuse: %j', (text) => {
    const root = rootOf(text);
    const list = member(root, root.members.length === 1 ? 'l' : 'a').value;
    const map = list.kind === 'list' && list.items[0]?.kind === 'map' ? list.items[0] : root;
    const { value } = member(map, 'a');
    if (value.kind !== 'map') throw new Error('it is no mapping');
    expect(text.slice(value.span.start, value.span.end)).toMatch(/^\{[^]*#[cd]\r?\n\}$/);
    const comments = value.members.flatMap((one) => (one.kind === 'comment' ? [one] : []));
    expect(comments.map(({ span }) => text.slice(span.start, span.end))).toEqual(text.match(/#[cd]/g));
    expect(scalarAt(map, 'b').text).toBe('1');
  });

  it('in great number is read in no time', () => {
    const start = process.cpuUsage();
    readSopsYaml(`a: "${'# : {\n '.repeat(100_000)}"\n`);
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  });
});

describe('a document of a version of YAML', () => {
  it('is none to SOPS but of 1.1', () => {
    expect(readSopsYaml('%YAML 1.1\n---\na: b\n').problems).toEqual([]);
    expect(readSopsYaml('%YAML 1.2\n---\na: b\n').problems).toHaveLength(1);
  });
});

describe('a comment', () => {
  it.each([
    ['# 1\na: 1 # 2\n# 3\nb: 2\n# 4\n', '{#1 #2 a #3 b #4}'],
    ['a: # 1\n  # 2\n  x: 1 # 3\n  # 4\n\n# 5\nb: 2\n', '{#1 a{#2 #3 x #4} #5 b}'],
    ['a:\n  b:\n    c: 1\n    # 1\n  # 2\n# 3\nd: 1\n', '{a{b{c #1} #2} #3 d}'],
    ['l:\n- i\n# 1\n- j\n# 2\nb: 2\n', '{l[- #1 -] #2 b}'],
    [
      'l: # 1\n  # 2\n  - i # 3\n  # 4\n  - k: 1 # 5\n    # 6\n    m: 2\nb: 1\n',
      '{#1 l[#2 #3 - #4 -{#5 k #6 m}] b}',
    ],
    ['z:\n  l:\n    - k: 1\n    # 1\n\n  b: 2\n', '{z{l[-{k}] #1 b}}'],
    ['l:\n  - k:\n      m: 1\n  # 1\nb: 1\n', '{l[-{k{m #1}}] b}'],
    ['a: {x: 1, # 1\n  # 2\n  y: 2 } # 3\nb: 1\n', '{a{#3 #1 x #2 y} b}'],
    ['a: | # 1\n  text\n  # none\n# 2\nb: 1\n', '{#1 a #2 b}'],
    ['a:\n  # 1\nb: 1\n', '{a #1 b}'],
  ])('of %j stands where SOPS sees it', (text, seen) => {
    expect(outline(rootOf(text))).toBe(seen);
  });

  it('of two hundred thousand lines takes no time', () => {
    const start = process.cpuUsage();
    readSopsYaml(`a: 1\n${'# x\n'.repeat(200_000)}`);
    expect(process.cpuUsage(start).user).toBeLessThan(3_000_000);
  });
});

describe('an edit', () => {
  const ciphertext = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';
  it.each([
    ['a: x # c\n', `a: ${ciphertext} # c\n`],
    ["a: 'x'\n", `a: '${ciphertext}'\n`],
    ['a: !!int "1"\n', `a: "${ciphertext}"\n`],
    ['a: !mine &n 1\n', `a: !mine &n ${ciphertext}\n`],
    ['a: |- # c\n  x\n\n  y\n\nb: z\n', `a: ${ciphertext} # c\n\nb: z\n`],
    ['{a: x}\n', `{a: "${ciphertext}"}\n`],
    ['a: two\n  lines\n', `a: ${ciphertext}\n`],
  ])('puts a ciphertext into %j', (text, after) => {
    expect(applyEdits(text, putCiphertext(text, scalarAt(rootOf(text), 'a'), ciphertext))).toBe(after);
  });

  it('puts a text in the clear that is not taken for a number', () => {
    const text = 'a: x\nb: "y"\n';
    const edits = [
      ...putText(text, scalarAt(rootOf(text), 'a'), '0777'),
      ...putText(text, scalarAt(rootOf(text), 'b'), 'z'),
    ];
    expect(applyEdits(text, edits)).toBe('a: "0777"\nb: "z"\n');
  });

  it('puts another comment behind its #', () => {
    const text = 'a: x # c\nb: y\n';
    const comment = rootOf(text).members.find((one) => one.kind === 'comment');
    if (comment?.kind !== 'comment') throw new Error('there is no comment');
    expect(applyEdits(text, [putComment(comment, 'd')])).toBe('a: x #d\nb: y\n');
  });

  it.each([
    ['a: 1 # c\n', 'a: 1 # c\nk: v\n'],
    ['a: |\n  x\n', 'a: |\n  x\nk: v\n'],
    ['a:\n  b:\n  - c\n# end\n', 'a:\n  b:\n  - c\nk: v\n# end\n'],
    ['a: 1', 'a: 1\nk: v'],
    ['a:\r\n  b: 1\r\n', 'a:\r\n  b: 1\r\nk: v\r\n'],
    ['{a: 1}\n', '{a: 1, "k": v}\n'],
    ['{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "k": v\n}\n'],
  ])('adds a member to %j', (text, after) => {
    expect(applyEdits(text, [addMember(text, rootOf(text), 'k', 'v', undefined)])).toBe(after);
  });

  it('adds a member before the one that stays last, and to a key without a value', () => {
    const text = 'a:\nsops: {}\n';
    const root = rootOf(text);
    expect(applyEdits(text, [addMember(text, root, 'k', 'v', member(root, 'sops'))])).toBe(
      'a:\nk: v\nsops: {}\n',
    );
    expect(applyEdits(text, [addFirstMember(text, member(root, 'a'), 2, 'k', 'v')])).toBe(
      'a:\n  k: v\nsops: {}\n',
    );
  });

  it.each([
    ['a: 1\nk: 2 # c\nb: 3\n', 'a: 1\nb: 3\n'],
    ['a: 1\nk:\n  - x\n  - y: |\n      z\nb: 3\n', 'a: 1\nb: 3\n'],
    ['k: 1\n', '{}\n'],
    ['{a: 1, k: 2, b: 3}', '{a: 1, b: 3}'],
    ['{a: 1, k: 2}', '{a: 1}'],
    ['{k: 2}', '{}'],
    ['a: 1\nk: 2', 'a: 1\n'],
  ])('takes a member out of %j', (text, after) => {
    const root = rootOf(text);
    expect(applyEdits(text, [removeMember(text, root, member(root, 'k'))])).toBe(after);
  });

  it('knows where a value ends that is none', () => {
    const root = rootOf('a:\nb: 1\n');
    expect(endOf(member(root, 'a').value, member(root, 'a'))).toBe(2);
  });
});
