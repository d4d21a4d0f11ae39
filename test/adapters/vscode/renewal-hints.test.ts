import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateAgeKey } from '../../../src/crypto/age/keygen.ts';
import { lensActions } from '../../../src/vscode/lens-actions.ts';
import { rangeOf } from '../../../src/vscode/positions.ts';
import { QuickFixes } from '../../../src/vscode/quick-fixes.ts';
import { certificates } from '../../accuracy/certificates.mjs';
import { Editor } from '../../support/editor.ts';
import { sealedTo } from '../../support/sealed-to.ts';

let editor: Editor;
beforeEach(() => {
  editor = new Editor();
});
afterEach(() => editor.close());

const someone = async () => (await generateAgeKey(new Date(0))).recipient;

/** The actions above the document, and the fixes of its finding about recipients. */
async function hintsIn(text: string) {
  const document = (await editor.open('apps/db.yaml', text)) as never;
  const { manifests } = editor.services;
  const answer = await manifests.policyOf(document);
  const examined = manifests.examine(document);
  const found = examined.findings.filter(({ rule }) => rule === 'wrong-recipient');
  const diagnostics = found.map(({ span, rule }) => ({
    source: 'purser',
    range: rangeOf(document, span),
    code: { value: rule, target: undefined },
  }));
  const fixes = await new QuickFixes(manifests).provideCodeActions(
    document,
    undefined as never,
    {
      diagnostics,
    } as never,
  );
  const commandsOf = (all: readonly { title: string; command?: unknown }[]) =>
    all.map(({ title, command }) => [title, (command as { command?: string })?.command ?? command]);
  const lenses = lensActions(examined, answer).filter(({ title }) => title.startsWith('$(warning)'));
  return {
    marked: found.map(({ span }) => text.slice(span.start, span.end)),
    lenses,
    fixes: commandsOf(fixes),
  };
}

it('offers to update the recipients of a SOPS file, above it and at its own key', async () => {
  const [own, former] = [await someone(), await someone()];
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${own}\n`);
  const { marked, lenses, fixes } = await hintsIn(sealedTo([[own, former]]));
  expect(marked).toEqual(['sops']);
  expect(lenses).toEqual([
    {
      offset: 0,
      title: '$(warning) Sealed to other recipients · Update…',
      command: 'purser.updateRecipients',
    },
  ]);
  expect(fixes[0]).toEqual(['Update Recipients…', 'purser.updateRecipients']);
});

it('offers to seal a SealedSecret of another certificate again, at its kind', async () => {
  editor.folder.write('certs/prod.pem', certificates[0] ?? '');
  const policy = 'version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [certs/prod.pem]}\n';
  editor.folder.write('.purser.yaml', policy);
  const other = `SHA256:${'A'.repeat(43)}=`;
  const strict = readFileSync('test/golden/sealed-secrets/strict.yaml', 'utf8');
  const sealed = strict.replace(
    'metadata:',
    `metadata:\n  annotations: {purser.dev/sealed-with: "${other}"}`,
  );
  const { marked, lenses, fixes } = await hintsIn(sealed);
  expect(marked).toEqual(['SealedSecret']);
  expect(lenses.map(({ title, command }) => [title, command])).toEqual([
    ['$(warning) Sealed to another certificate · Seal Again…', 'purser.sealAgain'],
  ]);
  expect(fixes[0]).toEqual(['Seal Again…', 'purser.sealAgain']);
});

it('offers nothing above what is sealed as policy says', async () => {
  const own = await someone();
  editor.folder.write('.sops.yaml', `creation_rules:\n  - age: ${own}\n`);
  expect(await hintsIn(sealedTo([[own]]))).toEqual({ marked: [], lenses: [], fixes: [] });
});
