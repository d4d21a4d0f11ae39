import { afterEach, expect, it } from 'vitest';
import { htmlPage } from '../../../src/vscode/html-page.ts';
import { env, l10n } from '../../support/fake-vscode.ts';

afterEach(() => {
  l10n.bundle = undefined;
  env.language = 'en';
});

const page = () => htmlPage({ title: 'Keys & <b>', style: 'p { margin: 0 }', body: '<p>prod</p>' });

it('says which language it is in, for screen readers', () => {
  expect(page()).toContain('<html lang="en">');
  env.language = 'de';
  l10n.bundle = { Peek: 'Einblick' };
  expect(page()).toContain('<html lang="de">');
});

it('says English where the window has another language that nothing is translated into', () => {
  env.language = 'fr';
  expect(page()).toContain('<html lang="en">');
});

it('runs and loads nothing', () => {
  expect(page()).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page()).toContain('<title>Keys &amp; &lt;b&gt;</title>');
  expect(page()).toContain('<body><p>prod</p></body>');
});
