import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readSetting, settings } from '../../../src/vscode/settings.ts';
import { configuration } from '../../support/fake-vscode.ts';
import { shownManifest as manifest } from '../../support/shown-manifest.ts';

const { contributes, capabilities } = manifest;
type Menus = Readonly<Record<string, readonly MenuItem[]>>;
interface MenuItem {
  readonly command?: string;
  readonly when?: string;
  readonly group?: string;
}
const contributed = new Map(Object.entries(contributes.configuration.properties));
const source = readdirSync('src/vscode', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/vscode/${file}`, 'utf8'))
  .join('\n');

it('declares exactly the settings that the code reads, with the same defaults', () => {
  const declared = [...contributed].map(([key, { default: value }]) => [key, value]);
  expect(declared).toEqual(Object.entries(settings).map(([key, row]) => [`purser.${key}`, row.default]));
});

it('keeps settings that name a folder out of the hands of a workspace', () => {
  expect(contributed.get('purser.keys.folder')?.scope).toBe('machine');
  const machine = [...contributed].filter(([, { scope }]) => scope === 'machine').map(([key]) => key);
  expect(capabilities.untrustedWorkspaces.restrictedConfigurations).toEqual(machine);
});

it.each([
  ['codeLens.enabled', 'yes', true],
  ['clipboard.clearAfterSeconds', -1, 30],
  ['clipboard.clearAfterSeconds', 'soon', 30],
  ['keys.folder', ['/tmp'], ''],
] as const)('reads %s as its default where it is %j', (key, wrong, fallback) => {
  configuration.set(`purser.${key}`, wrong);
  expect(readSetting(key)).toBe(fallback);
  configuration.delete(`purser.${key}`);
});

it('names only commands that exist in its menus', () => {
  const commands = new Set(contributes.commands.map(({ command }) => command));
  const used = Object.values(contributes.menus)
    .flat()
    .flatMap((item) => ('command' in item ? [item.command] : []));
  expect(used.filter((command) => !commands.has(command))).toEqual([]);
});

it('shows menus only by context keys that the code sets', () => {
  const keys = [...JSON.stringify(contributes.menus).matchAll(/purser\.(?:has\w+|is\w+|clusters\.\w+)/g)].map(
    ([key]) => key,
  );
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(source).toContain(`'${key}'`);
});

it('leaves every command within reach of the keyboard', () => {
  const { commandPalette = [], ...others } = contributes.menus as Menus;
  const hidden = new Set(commandPalette.flatMap(({ command, when }) => (when === 'false' ? [command] : [])));
  // An inline button of a row is for the mouse; a row's menu opens with Shift+F10.
  const opened = new Set(
    Object.values(others)
      .flat()
      .flatMap(({ command, group = '' }) => (group.startsWith('inline') ? [] : [command])),
  );
  const unreachable = contributes.commands
    .map(({ command }) => command)
    .filter((command) => hidden.has(command) && !opened.has(command));
  // A quick fix (Ctrl+.), and what Enter does in a row of the Clusters view.
  expect(unreachable).toEqual(['purser.sayOpener', 'purser.revealFluxObject']);
});

it('gives every command the category Purser and a title that is no sentence', () => {
  for (const { category, title } of contributes.commands) {
    expect(category).toBe('Purser');
    expect(title).toMatch(/^[A-Z][A-Za-z -]+[…?]?$/);
  }
});

it('offers what opens ciphertext only in trusted workspaces', () => {
  const gated = contributes.commands
    .filter((command) => 'enablement' in command)
    .map(({ command }) => command);
  expect(gated).toEqual(
    expect.arrayContaining([
      'purser.peek',
      'purser.copyValue',
      'purser.decryptValue',
      'purser.decryptSecret',
      'purser.backUpKey',
    ]),
  );
});

it('uses no proposed API, no URI handler and no other extension', () => {
  expect(manifest).not.toHaveProperty('enabledApiProposals');
  expect(manifest).not.toHaveProperty('extensionDependencies');
  expect(manifest).not.toHaveProperty('extensionPack');
  expect(manifest.activationEvents.filter((event) => event === '*' || event.startsWith('onUri'))).toEqual([]);
});

it('has every text that people see in package.nls.json, and no text there that is not used', () => {
  const read = (name: string) => readFileSync(name, 'utf8');
  const keys = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key = '']) => key);
  expect([...new Set(keys)].toSorted()).toEqual(Object.keys(JSON.parse(read('package.nls.json'))).toSorted());
  const { commands, views, viewsWelcome, configuration } = JSON.parse(read('package.json')).contributes;
  const seen = [
    ...commands.map(({ title }: { title: string }) => title),
    ...views.purser.map(({ name }: { name: string }) => name),
    ...viewsWelcome.map(({ contents }: { contents: string }) => contents),
    ...Object.values<{ description?: string; markdownDescription?: string }>(configuration.properties).map(
      ({ description, markdownDescription }) => markdownDescription ?? description,
    ),
  ];
  expect(seen.filter((text) => !/^%[^%]+%$/.test(text))).toEqual([]);
});
