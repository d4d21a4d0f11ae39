import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { leastFar } from '../../../../src/manifest/at-rest/arrangement.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../../../src/manifest/at-rest/readers.ts';
import { type RotationChange, rotationEdit } from '../../../../src/manifest/at-rest/rotation-edit.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const secret = Plaintext.fromText(key(2));
const plan = { from: 'secretbox/old', to: 'secretbox/new' };
const head = '# of the cluster\nkind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\n';

const block = `${head}resources:
  - resources:
      - secrets # all of them
    providers:
      # keys, the first one writes
      - secretbox:
          keys:
            # made in 2024
            - name: old   # to be rotated
              secret: ${key(1)} # kept in the safe

      - identity: {} # for what is old
`;
const atMargin = `${head}resources:\n- providers:\n  - secretbox:\n      keys:\n      -   secret: ${key(1)}\n          name: old\n  resources: ["*.*"]`;
const flow = `${head}resources: [{resources: [secrets], providers: [{secretbox: {keys: [{name: old, secret: ${key(1)}}]}}, {identity: {}}]}]\n`;
const json = `${JSON.stringify(
  {
    kind: 'EncryptionConfiguration',
    apiVersion: 'apiserver.config.k8s.io/v1',
    resources: [
      { resources: ['secrets'], providers: [{ secretbox: { keys: [{ name: 'old', secret: key(1) }] } }] },
    ],
  },
  null,
  2,
)}\n`;
const texts: readonly (readonly [string, string])[] = [
  ['block style', block],
  ['block style at the margin without a last line break', atMargin],
  ['CRLF', block.replaceAll('\n', '\r\n')],
  [
    'block scalars',
    block.replace(`secret: ${key(1)} # kept in the safe`, `secret: |\n                ${key(1)}`),
  ],
  ['flow style', flow],
  ['JSON', json],
];

function edited(text: string, step: RotationChange['step'], of = plan): string {
  const change = step === 'add' ? { step, secret } : { step };
  return applyEdits(text, [rotationEdit(text, of, change)]);
}

function ids(text: string): readonly (readonly string[])[] {
  const { configuration, errors } = readConfiguration(text);
  expect(errors).toEqual([]);
  return (configuration?.resources ?? []).map((rule) => readersOf(rule.providers.items).map(({ id }) => id));
}

describe('the edits of a rotation', () => {
  it.each(texts)('add, swap and remove in %s', (_name, text) => {
    const rest = ids(text)[0]?.slice(1) ?? [];
    const added = edited(text, 'add');
    expect(ids(added)).toEqual([['secretbox/old', 'secretbox/new', ...rest]]);
    const swapped = edited(added, 'swap');
    expect(ids(swapped)).toEqual([['secretbox/new', 'secretbox/old', ...rest]]);
    const removed = edited(swapped, 'remove');
    expect(ids(removed)).toEqual([['secretbox/new', ...rest]]);
    expect(removed).not.toContain(key(1));
    if (text.includes('\r\n')) expect(removed.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('leave every other line as it was, and comments with their keys', () => {
    const added = edited(block, 'add');
    const lines = `# kept in the safe\n            - name: new\n              secret: ${key(2)}\n`;
    expect(added).toBe(block.replace('# kept in the safe\n', lines));
    const swapped = edited(added, 'swap');
    expect(swapped.indexOf('name: new')).toBeLessThan(swapped.indexOf('# made in 2024'));
    for (const comment of [
      '# of the cluster',
      '# all of them',
      '# keys, the first one writes',
      '# made in 2024',
      '# to be rotated',
      '# kept in the safe',
      '# for what is old',
    ])
      expect(swapped).toContain(comment);
  });

  it('go from plaintext to a key, to another provider, and back to plaintext', () => {
    let text = `${head}resources:\n- resources: [secrets]\n  providers:\n  - identity: {}\n`;
    const steps = [
      [{ from: 'identity', to: 'secretbox/new' }, ['add', 'swap', 'remove']],
      [{ from: 'secretbox/new', to: 'aescbc/cbc' }, ['add', 'swap', 'remove']],
      [{ from: 'aescbc/cbc', to: 'identity' }, ['add', 'swap', 'remove']],
    ] as const;
    const seen = steps.flatMap(([of, edits]) =>
      edits.map((step) => {
        text = edited(text, step, of);
        return ids(text)[0]?.join(' ');
      }),
    );
    expect(seen).toEqual([
      'identity secretbox/new',
      'secretbox/new identity',
      'secretbox/new',
      'secretbox/new aescbc/cbc',
      'aescbc/cbc secretbox/new',
      'aescbc/cbc',
      'aescbc/cbc identity',
      'identity aescbc/cbc',
      'identity',
    ]);
  });

  it('are made in every entry that the key writes', () => {
    const entry = `- {resources: [RESOURCE], providers: [{secretbox: {keys: [{name: old, secret: ${key(1)}}]}}]}\n`;
    const other = '- {resources: [events], providers: [{identity: {}}]}\n';
    const text = `${head}resources:\n${entry.replace('RESOURCE', 'secrets')}${other}${entry.replace('RESOURCE', 'configmaps')}`;
    expect(ids(edited(text, 'add'))).toEqual([
      ['secretbox/old', 'secretbox/new'],
      ['identity'],
      ['secretbox/old', 'secretbox/new'],
    ]);
  });

  it('are refused where they do not fit', () => {
    expect(() => edited(block, 'swap')).toThrow('document.changed');
    expect(() => edited(block, 'remove')).toThrow('document.changed');
    expect(() => edited(edited(block, 'add'), 'add')).toThrow('document.changed');
    expect(() => edited(block, 'add', { from: 'secretbox/old', to: 'kms/vault' })).toThrow(
      'document.not-editable',
    );
    expect(() => edited('kind: Secret\n', 'add')).toThrow('document.not-editable');
    const anchored = block.replace('- name: old', '- &k\n              name: old');
    expect(() => edited(anchored, 'add')).toThrow('document.not-editable');
  });

  it('never lose a key nor take one for another, whatever stands between the keys', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c:d', '1', 'yes', 'x y', 'é'), {
      minLength: 1,
      maxLength: 4,
    });
    const between = fc.constantFrom('', '# note\n', '\n', '\n            # note\n\n', '# - name: x\n');
    fc.assert(
      fc.property(
        names,
        fc.array(between, { minLength: 4, maxLength: 4 }),
        fc.boolean(),
        (all, gaps, crlf) => {
          const items = all.map(
            (name, at) =>
              `${gaps[at]}            - name: ${JSON.stringify(name)} # ${at}\n              secret: ${key(at + 1)}\n`,
          );
          const lines = `${head}resources:\n  - resources: [secrets]\n    providers:\n      - secretbox:\n          keys:\n${items.join('')}      - identity: {}\n`;
          const text = crlf ? lines.replaceAll('\n', '\r\n') : lines;
          const of = { from: `secretbox/${all[0]}`, to: 'secretbox/new: "1"' };
          const old = ids(text)[0] ?? [];
          const swapped = edited(edited(text, 'add', of), 'swap', of);
          expect(new Set(ids(swapped)[0])).toEqual(new Set([...old, of.to]));
          expect(ids(edited(swapped, 'remove', of))[0]).toEqual([of.to, ...old.slice(1)]);
        },
      ),
    );
  });
});

it('the entry that is least far decides how far a rotation is', () => {
  const added = edited(block, 'add').replace(
    'resources:\n',
    `resources:\n  - {resources: [pods], providers: [{secretbox: {keys: [{name: old, secret: ${key(1)}}]}}]}\n`,
  );
  const { configuration } = readConfiguration(added);
  expect(configuration && leastFar(configuration, plan)).toBe('old');
  expect(configuration && leastFar(configuration, { from: 'kms/a', to: 'kms/b' })).toBeUndefined();
});
