import { expect, it } from 'vitest';
import type { PolicyAnswer } from '../../../src/app/policy-finder.ts';
import { readKeyReference } from '../../../src/policy/key-reference.ts';
import { fernetScheme } from '../../../src/schemes/fernet.ts';
import { jweScheme } from '../../../src/schemes/jwe.ts';
import { SchemeRegistry } from '../../../src/schemes/registry.ts';
import { secretboxScheme } from '../../../src/schemes/secretbox.ts';
import { Hovers } from '../../../src/vscode/hovers.ts';
import { Lenses } from '../../../src/vscode/lenses.ts';
import { fakeDocument, Position } from '../../support/fake-vscode.ts';
import { manifestsUnder, policiesSaying } from '../../support/manifests.ts';

// Published by the Fernet specification (generate.json).
const token =
  'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==';
const text = `apiVersion: v1
kind: Secret
metadata: {name: main}
stringData:
  password: hunter2-is-weak
  sealed: ${token}
`;

const rule = {
  path: '**',
  scheme: 'jwe',
  keys: [readKeyReference('.purser/keys/prod.pub.pem')],
  whole: false,
  openedBy: undefined,
  scope: 'strict',
  line: 1,
} as const;

function lensesFor(answer: Partial<PolicyAnswer> | undefined) {
  const registry = new SchemeRegistry([jweScheme(), fernetScheme(() => new Date(0)), secretboxScheme()]);
  const lenses = new Lenses(manifestsUnder(answer, registry), policiesSaying(answer));
  return { registry, lenses };
}

it('says how many values would be sealed, and with what', async () => {
  const { lenses } = lensesFor({ rule, ignored: false });
  const shown = await lenses.provideCodeLenses(fakeDocument(text) as never);
  expect(shown.map(({ command }) => command?.title)).toEqual([
    '$(lock) Encrypt 1 value · jwe prod.pub.pem',
    '$(eye) Peek 1 value',
    '$(eye) Peek',
    '$(edit) Set…',
  ]);
});

it('passes places as arguments, never values', async () => {
  const { lenses } = lensesFor(undefined);
  const shown = await lenses.provideCodeLenses(fakeDocument(text) as never);
  expect(shown.length).toBe(4);
  for (const { command } of shown) {
    expect(command?.arguments?.map((argument) => Object.keys(argument).toSorted())).toEqual([
      ['offset', 'uri'],
    ]);
    expect(JSON.stringify(command)).not.toMatch(/hunter2|gAAAAA/);
  }
});

it('shows nothing in ignored files and in documents of other extensions', async () => {
  expect(await lensesFor({ ignored: true }).lenses.provideCodeLenses(fakeDocument(text) as never)).toEqual(
    [],
  );
  const output = { ...fakeDocument(text), uri: { scheme: 'output', toString: () => 'output:x' } };
  expect(await lensesFor(undefined).lenses.provideCodeLenses(output as never)).toEqual([]);
});

it('tells what a ciphertext is on hover, and never opens it', async () => {
  const { registry } = lensesFor(undefined);
  const own = {
    registry,
    keys: {} as never,
    vaults: { kept: async () => [] },
    keysElsewhere: async () => [],
  };
  const hover = await new Hovers(manifestsUnder(undefined, registry), own).provideHover(
    fakeDocument(text) as never,
    new Position(5, 20) as never,
  );
  const [contents] = [hover?.contents].flat();
  expect((contents as { value: string }).value).toContain('Fernet');
  expect((contents as { value: string }).value).toMatch(/1985-10-26T08:20:00\.000Z, \d{5} days ago/);
});

it('offers what a pipeline runs, above the first Secret with something sealed, and only where a pipeline opens it', async () => {
  const commands = async (answer: Partial<PolicyAnswer>, content = text) => {
    const { lenses } = lensesFor(answer);
    const shown = await lenses.provideCodeLenses(fakeDocument(content) as never);
    return shown.flatMap(({ command, range }) =>
      command?.command === 'purser.copyApplyCommand' ? [range.start.line] : [],
    );
  };
  const pipeline = { rule: { ...rule, openedBy: 'pipeline' as const }, ignored: false };
  const clear = 'apiVersion: v1\nkind: Secret\nstringData:\n  password: hunter2-is-weak\n';
  expect(await commands(pipeline)).toEqual([0]);
  expect(await commands(pipeline, `${clear}---\n${text}---\n${text}`)).toEqual([5]);
  expect(await commands(pipeline, clear)).toEqual([]);
  expect(await commands({ rule: { ...rule, openedBy: 'webhook' }, ignored: false })).toEqual([]);
  expect(await commands({ rule, ignored: false })).toEqual([]);
  expect(await commands({ ignored: false })).toEqual([]);
});
