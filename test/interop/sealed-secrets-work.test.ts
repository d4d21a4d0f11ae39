import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentFile, DocumentWish } from '../../src/app/documents/document-work.ts';
import { SealedSecretsWork } from '../../src/app/documents/sealed-secrets-work.ts';
import { KeyRing } from '../../src/app/key-ring.ts';
import { PolicyFinder } from '../../src/app/policy-finder.ts';
import { Plaintext } from '../../src/core/plaintext.ts';
import type { SealingScope } from '../../src/core/sealing-place.ts';
import { applyEdits } from '../../src/core/span.ts';
import { scan } from '../../src/manifest/scan.ts';
import { AppliedRepositories } from '../../src/node/applied-repositories.ts';
import { KeyFolder } from '../../src/node/key-folder.ts';
import { NodeFiles } from '../../src/node/node-files.ts';
import { readKeyReference } from '../../src/policy/key-reference.ts';
import { sealedSecretsScheme } from '../../src/schemes/sealed-secrets/scheme.ts';
import { runs } from '../support/arbitraries.ts';
import { describeTls, type TestCertificate } from '../support/certificates.ts';
import { describePeer, privateFolder } from '../support/peers.ts';
import { secretIn } from '../support/sealed-secrets.ts';
import { Workspace } from '../support/workspace.ts';

const { signal } = new AbortController();
const scopes: readonly SealingScope[] = ['strict', 'namespace-wide', 'cluster-wide'];
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');
const secret = (name: string, values: Readonly<Record<string, string>>) =>
  `apiVersion: v1\nkind: Secret # ${name}\nmetadata:\n  name: ${name}\n  namespace: prod\nstringData: # here\n${Object.entries(
    values,
  )
    .map(([key, value]) => `  # the ${key}\n  ${key}: ${JSON.stringify(value)} # so\n`)
    .join('')}`;
const around = '# kept: as it is\nkind: ConfigMap\ndata: {a: b,   c: d}\n';

describeTls('SealedSecrets as a person works with them', (make) => {
  let [today, next]: readonly TestCertificate[] = [];
  let repo: Workspace;
  let home: Workspace;
  const secrets = privateFolder();
  const files = new NodeFiles();
  const wish: DocumentWish = { keys: [], site: { base: '/', root: undefined }, accepted: [] };
  let count = 0;

  beforeAll(() => {
    [repo, home] = [new Workspace(), new Workspace()];
    [today, next] = [2048, 3072].map((rsaBits) => make({ name: 'sealing.example', rsaBits }));
    repo.folder('.git');
    repo.write('today.pem', today?.cert ?? '');
    repo.write('next.pem', next?.cert ?? '');
    home.write('today.pem', today?.key ?? '');
    home.write('next.pem', next?.key ?? '');
  });
  afterAll(() => {
    for (const folder of [repo, home, secrets]) folder.remove();
  });
  beforeEach(() => policy('strict'));

  const policy = (scope: SealingScope) =>
    repo.write(
      '.purser.yaml',
      `version: 1\nrules:\n  - path: "**"\n    scheme: sealed-secrets\n    keys: [today.pem]\n    scope: ${scope}\n`,
    );
  const work = () => {
    const repositories = new AppliedRepositories(files);
    return new SealedSecretsWork({
      keys: new KeyRing(files, new KeyFolder(() => home.root, files), { read: async () => undefined }),
      trust: { accepts: async () => false },
      places: {
        waysTo: (path, root) => repositories.waysTo(path, root),
        confirmNamespace: async () => true,
      },
      now: () => new Date(),
      annotate: () => true,
    });
  };
  async function fileOf(text: string): Promise<DocumentFile> {
    const path = repo.write(`file-${count++}.yaml`, text);
    return { path, text, answer: await new PolicyFinder(files, () => repo.root).find(path) };
  }
  async function sealed(text: string): Promise<DocumentFile> {
    const file = await fileOf(text);
    const edit = await work().seal(file, undefined, wish, signal);
    expect(edit.verification).toBe('opened');
    return { ...file, text: applyEdits(text, edit.edits) };
  }
  const documentsIn = ({ text }: DocumentFile) => sealedSecretsScheme.find(scan(text)).documents;

  describePeer('kubeseal', 'kubeseal', (kubeseal) => {
    const recovered = (text: string, key = today?.key ?? '') => {
      const file = secrets.write(`key-${count++}`, key);
      const args = ['--recovery-unseal', '--recovery-private-key', file, '-o', 'yaml'];
      return secretIn(kubeseal(args, text).toString()).data;
    };
    const each = (file: DocumentFile) =>
      documentsIn(file).map(({ span }) => file.text.slice(span.start, span.end));

    it.each(scopes)('opens what was sealed, set, added, taken out and sealed again, %s', async (scope) => {
      policy(scope);
      const binary = randomBytes(300);
      let file = await sealed(
        `${around}---\n${secret('one', { a: 'first\n', b: '' })}---\n${secret('two', { c: 'x' })}data:\n  d: ${base64(binary)}\n`,
      );
      expect(each(file).map((text) => recovered(text))).toMatchObject([
        { a: base64('first\n') },
        { c: base64('x'), d: base64(binary) },
      ]);
      expect(file.text.startsWith(`${around}---\n`)).toBe(true);
      const change = async (name: string, value: Plaintext) => {
        const [document] = documentsIn(file);
        if (document === undefined) throw new Error('no SealedSecret there');
        const item = document.items.find((one) => one.name === name);
        const target = { document, item, address: { object: undefined, name } };
        const { edits } = await work().set(file, target, value, wish);
        file = { ...file, text: applyEdits(file.text, edits) };
      };
      await change('encryptedData.a', new Plaintext(new Uint8Array(binary)));
      await change('encryptedData.new', Plaintext.fromText('\ud83d\udd11'));
      const [document] = documentsIn(file);
      const item = document?.items.find(({ key }) => key === 'b');
      if (document === undefined || item === undefined) throw new Error('no item there');
      const { edits } = await work().remove(file, document, item, wish);
      file = { ...file, text: applyEdits(file.text, edits) };
      const now = { a: base64(binary), new: base64('\ud83d\udd11') };
      expect(recovered(each(file)[0] ?? '')).toEqual(now);
      const other = {
        ...wish,
        keys: [readKeyReference('next.pem')],
        site: { base: repo.root, root: undefined },
      };
      const [again] = documentsIn(file);
      const renewed = again && (await work().renew(file, again, other, signal));
      expect(renewed?.verification).toBe('opened');
      const anew = { ...file, text: applyEdits(file.text, renewed?.edits ?? []) };
      expect(recovered(each(anew)[0] ?? '', next?.key)).toEqual(now);
      expect(() => recovered(each(anew)[0] ?? '')).toThrow(/no key could decrypt/);
      expect(each(anew)[1]).toBe(each(file)[1]);
    });
  });

  describe('in any file', () => {
    it('leave every byte alone that is not theirs, and come back as they were', async () => {
      const value = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => text.isWellFormed());
      const values = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), value, { minKeys: 1, maxKeys: 3 });
      const part = fc.oneof(
        fc.record({ values }),
        fc.constantFrom(around, '- list\n', '# nothing\n', 'kind: Secret\nmetadata: {name: empty}\n'),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(part, { minLength: 1, maxLength: 4 }),
          fc.constantFrom('\n', '\r\n'),
          async (parts, eol) => {
            const texts = parts.map((each, at) =>
              (typeof each === 'string' ? each : secret(`s${at}`, each.values)).replaceAll('\n', eol),
            );
            if (parts.every((each) => typeof each === 'string')) return;
            const file = await sealed(texts.join(`---${eol}`));
            const { text } = file;
            const after = text.split(`---${eol}`);
            expect(after).toHaveLength(texts.length);
            for (const [at, each] of parts.entries()) {
              if (typeof each === 'string') expect(after[at]).toBe(texts[at]);
              else {
                expect(after[at]).toContain(`kind: SealedSecret # s${at}${eol}`);
                expect(after[at]?.match(/ {4}# the /g)).toHaveLength(Object.keys(each.values).length);
              }
            }
            let opening = file;
            for (let document = documentsIn(opening)[0]; document; document = documentsIn(opening)[0]) {
              const { edits } = await work().decrypt(opening, document, wish, signal);
              opening = { ...opening, text: applyEdits(opening.text, edits) };
            }
            const back = opening.text.split(`---${eol}`);
            for (const [at, each] of parts.entries()) {
              if (typeof each === 'string') expect(back[at]).toBe(texts[at]);
              else
                expect(secretIn(back[at] ?? '').data).toEqual(
                  Object.fromEntries(Object.entries(each.values).map(([key, text]) => [key, base64(text)])),
                );
            }
          },
        ),
        runs(20, 200),
      );
    });
  });
});
