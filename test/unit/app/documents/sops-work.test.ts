import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DocumentFile, DocumentWish } from '../../../../src/app/documents/document-work.ts';
import { findItem, readItemAddress } from '../../../../src/app/documents/item-address.ts';
import { SopsWork } from '../../../../src/app/documents/sops-work.ts';
import { KeyRing } from '../../../../src/app/key-ring.ts';
import type { UnknownRecipients } from '../../../../src/app/ports.ts';
import { Failure } from '../../../../src/core/errors.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { generateAgeKey } from '../../../../src/crypto/age/keygen.ts';
import { scan } from '../../../../src/manifest/scan.ts';
import { SopsRules } from '../../../../src/policy/sops-rules.ts';
import { sopsScheme } from '../../../../src/schemes/sops/scheme.ts';
import { signal } from '../../schemes/schemes.ts';

const manifest = `# the database
apiVersion: v1
kind: Secret
metadata:
  name: main # by the operator
  namespace: db
stringData:
  user: admin
  password: "hunter2 hunter2"
  port: "5432"
data:
  token: aGVsbG8=
---
values:
  replicas: 3
  debug: true
  key: |
    two
    lines
`;
const config = (...recipients: readonly string[]) =>
  `creation_rules:\n  - encrypted_regex: ^(data|stringData|values)$\n    age: ${recipients.join(',')}\n`;

let own: Awaited<ReturnType<typeof generateAgeKey>>;
let colleague: typeof own;
let stranger: typeof own;
beforeAll(async () => {
  const created = new Date('2026-01-02T03:04:05Z');
  [own, colleague, stranger] = (await Promise.all(
    [1, 2, 3].map(() => generateAgeKey(created, { postQuantum: false })),
  )) as [typeof own, typeof own, typeof own];
});

const wish: DocumentWish = { keys: [], site: { base: '/', root: undefined }, accepted: [] };

/** Every change is made in another second. */
let seconds = 0;

/** SOPS as a person has it who holds these keys and answers every question so. */
function workOf(holds: readonly (typeof own)[], answer = true) {
  const asked: UnknownRecipients[] = [];
  const none = { list: async () => [], find: async () => undefined };
  const unused = () => Promise.reject(new Error('no file is read here'));
  const keys = new KeyRing(
    {
      read: unused,
      exists: async () => false,
      realPath: unused,
      parent: String,
      join: String,
      relative: String,
      contains: () => true,
    },
    none,
    { read: async () => undefined },
  );
  const work = new SopsWork({
    keys,
    identities: async () => ({
      found: holds.map(({ keyFile }, at) => ({ ref: `key ${at}`, name: undefined, bytes: keyFile })),
      commands: [],
    }),
    ask: async () => undefined,
    pgp: () => ({ unwrap: async () => undefined, wrap: unused }),
    trust: { acceptsRecipients: async (unknown) => asked.push(unknown) > 0 && answer },
    now: () => new Date(Date.UTC(2026, 2, 4, 5, 6, seconds++)),
  });
  return { work, asked };
}

async function fileOf(text: string, rules: string, path = '/repo/apps/db.yaml'): Promise<DocumentFile> {
  const read = await SopsRules.read(rules);
  const sops = {
    file: '/repo/.sops.yaml',
    shown: '.sops.yaml',
    rule: read.rules?.ruleFor('apps/db.yaml'),
    problems: read.problems,
  };
  const answer = {
    root: '/repo',
    base: '/repo',
    file: undefined,
    policy: undefined,
    problems: [],
    rule: undefined,
    ignored: false,
    sopsFile: sops.file,
    sops,
  };
  return { path, text, answer };
}

function documentIn({ text }: DocumentFile) {
  const [document] = sopsScheme.find(scan(text)).documents;
  if (document === undefined) throw new Error('no document');
  return document;
}

async function sealed(...recipients: readonly (typeof own)[]): Promise<DocumentFile> {
  const file = await fileOf(manifest, config(...recipients.map(({ recipient }) => recipient)));
  const { edits } = await workOf([own]).work.seal(
    file,
    undefined,
    {
      ...wish,
      accepted: recipients.map(({ recipient }) => recipient),
    },
    signal,
  );
  return { ...file, text: applyEdits(file.text, edits) };
}

const setAt = async (file: DocumentFile, spelled: string, value: Plaintext) => {
  const address = readItemAddress(spelled);
  const { work } = workOf([own]);
  const target = { ...findItem([documentIn(file)], address, spelled), address };
  return applyEdits(file.text, (await work.set(file, target, value, wish)).edits);
};

describe('a file that SOPS encrypts', () => {
  it('has all that the rule selects sealed, and opens to the bytes it had', async () => {
    const file = await sealed(own);
    const document = documentIn(file);
    expect(document.items.map(({ name }) => name)).toEqual([
      'stringData.user',
      'stringData.password',
      'stringData.port',
      'data.token',
      'values.replicas',
      'values.debug',
      'values.key',
    ]);
    expect(document.recipients).toEqual([{ kind: 'age', name: own.recipient }]);
    const { edits, values } = await workOf([own]).work.decrypt(file, document, wish, signal);
    expect(values).toBe(7);
    expect(readable(applyEdits(file.text, edits))).toEqual(readable(manifest));
  });

  it('shows values as a workload gets them', async () => {
    const file = await sealed(own);
    const opened = await workOf([own]).work.open(file, documentIn(file), wish);
    expect(
      opened.map((result) => (result.ok ? result.value.plaintext.exposeText() : result.failure.code)),
    ).toEqual(['admin', 'hunter2 hunter2', '5432', 'hello', '3', 'True', 'two\nlines\n']);
  });

  it('changes three lines where one value is set', async () => {
    const file = await sealed(own);
    const now = await setAt(file, 'stringData.password', Plaintext.fromText('another'));
    const [before, after] = [file.text.split('\n'), now.split('\n')];
    expect(after).toHaveLength(before.length);
    const changed = after
      .filter((line, index) => line !== before[index])
      .map((line) => /^ *([a-z]+):/i.exec(line)?.[1]);
    // The `sops` mapping stands at the end of each document.
    expect(changed).toEqual(['password', 'lastmodified', 'mac', 'lastmodified', 'mac']);
    expect(await valueIn({ ...file, text: now }, 'stringData.password')).toBe('another');
  });

  it('keeps bytes in data as they are, and text in stringData only', async () => {
    const file = await sealed(own);
    const bytes = Uint8Array.of(0, 255, 10);
    const now = { ...file, text: await setAt(file, 'Secret/db/main#data.token', new Plaintext(bytes)) };
    const opened = await workOf([own]).work.open(now, documentIn(now), wish);
    const token = opened.find((result) => result.ok && result.value.item.name === 'data.token');
    expect(token?.ok === true && [...token.value.plaintext.expose()]).toEqual([...bytes]);
    await expect(setAt(file, 'stringData.user', new Plaintext(bytes))).rejects.toMatchObject({
      code: 'value.not-text',
      details: { key: 'user' },
      place: { entry: 'stringData.user' },
    });
    await expect(setAt(file, 'values.key', new Plaintext(bytes))).rejects.toMatchObject({
      code: 'value.not-text',
      details: { key: undefined },
    });
  });

  it('gets a new value at the end of its mapping, in the document that is named', async () => {
    const file = await sealed(own);
    const now = {
      ...file,
      text: await setAt(file, 'Secret/db/main#stringData.tls.crt', Plaintext.fromText('x')),
    };
    expect(documentIn(now).items.map(({ name }) => name)).toContain('stringData.tls.crt');
    expect(await valueIn(now, 'stringData.tls.crt')).toBe('x');
    await expect(setAt(file, 'Secret/db/main#spec.nowhere', Plaintext.fromText('x'))).rejects.toMatchObject({
      code: 'entry.not-found',
    });
  });

  it('keeps a number a number where one is set', async () => {
    const file = await sealed(own);
    const now = { ...file, text: await setAt(file, 'values.replicas', Plaintext.fromText('5')) };
    const { edits } = await workOf([own]).work.decrypt(now, documentIn(now), wish, signal);
    expect(applyEdits(now.text, edits)).toContain('  replicas: 5\n');
  });

  it('never gets a value in plaintext, because its rule leaves it in the clear', async () => {
    const file = await sealed(own);
    for (const place of [
      'Secret/db/main#metadata.labels',
      'Secret/db/main#metadata.namespace',
      'Secret/db/main#type',
    ])
      await expect(setAt(file, place, Plaintext.fromText('hunter2'))).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:sops\.unselected|entry\.not-found)$/) as string,
      });
    await expect(setAt(file, 'Secret/db/main#type', Plaintext.fromText('hunter2'))).rejects.toMatchObject({
      code: 'sops.unselected',
      place: { entry: 'type' },
    });
  });

  it('never gets one in plaintext where another document has an encrypted value of that name', async () => {
    const secret = (name: string, above: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\nstringData:\n${above}  key: ${name}\n`;
    const text = `${secret('one', '  # secret\n')}---\n${secret('two', '')}`;
    const rules = `creation_rules:\n  - encrypted_comment_regex: secret\n    age: ${own.recipient}\n`;
    const file = await fileOf(text, rules);
    const { edits } = await workOf([own]).work.seal(file, undefined, wish, signal);
    const now = { ...file, text: applyEdits(text, edits) };
    expect(documentIn(now).items.map(({ object }) => object.name)).toEqual(['one']);
    const setting = setAt(now, 'Secret//two#stringData.key', Plaintext.fromText('hunter2'));
    await expect(setting).rejects.toMatchObject({ code: 'sops.unselected' });
  });

  it('is not taken for encrypted where a value was added in the clear', async () => {
    const file = await sealed(own);
    const added = { ...file, text: file.text.replace('stringData:\n', 'stringData:\n  extra: hunter2\n') };
    await expect(workOf([own]).work.seal(added, undefined, wish, signal)).rejects.toMatchObject({
      code: 'sops.clear-value',
      place: { entry: 'stringData.extra' },
    });
    const another = { ...file, text: `${file.text}---\nvalues:\n  late: hunter2\n` };
    await expect(workOf([own]).work.seal(another, undefined, wish, signal)).rejects.toMatchObject({
      code: 'sops.clear-value',
      place: { entry: 'values.late' },
    });
  });

  it('is told of where its MAC was taken out', async () => {
    const file = await sealed(own);
    const without = { ...file, text: file.text.replaceAll(/^ {2}mac: .*\n/gm, '') };
    await expect(workOf([own]).work.open(without, documentIn(without), wish)).rejects.toMatchObject({
      code: 'sops.mac-mismatch',
      details: { cause: 'no-mac' },
    });
  });

  it('loses a value and nothing else', async () => {
    const file = await sealed(own);
    const document = documentIn(file);
    const item = document.items.find(({ name }) => name === 'stringData.port');
    if (item === undefined) throw new Error('no item');
    const now = applyEdits(file.text, (await workOf([own]).work.remove(file, document, item, wish)).edits);
    const { edits } = await workOf([own]).work.decrypt(
      { ...file, text: now },
      documentIn({ ...file, text: now }),
      wish,
      signal,
    );
    expect(readable(applyEdits(now, edits))).toEqual(readable(manifest.replace('  port: "5432"\n', '')));
  });

  it('is left alone where it is sealed already', async () => {
    const file = await sealed(own);
    expect((await workOf([own]).work.seal(file, undefined, wish, signal)).edits).toEqual([]);
  });

  it('does not open without a key, and says whom it is for', async () => {
    const file = await sealed(own);
    const shut = workOf([stranger]).work.open(file, documentIn(file), wish);
    await expect(shut).rejects.toMatchObject({ code: 'key.missing', details: { hint: own.recipient } });
  });

  it('never opens with one character changed', async () => {
    const file = await sealed(own);
    const tokens = [...file.text.matchAll(/(?<!mac: )ENC.AES256_GCM,data:([^,]{8,}),/g)].map(
      (match) => (match.index ?? 0) + 'ENC[AES256_GCM,data:'.length,
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tokens), fc.nat(5), async (start, at) => {
        const old = file.text[start + at] ?? '';
        const text =
          file.text.slice(0, start + at) + (old === 'A' ? 'B' : 'A') + file.text.slice(start + at + 1);
        const damaged = { ...file, text };
        await expect(workOf([own]).work.open(damaged, documentIn(damaged), wish)).rejects.toThrow(Failure);
      }),
      { numRuns: 20 },
    );
  });

  it('is refused by a name that SOPS reads as another format', async () => {
    const file = await fileOf(manifest, config(own.recipient), '/repo/apps/db.env');
    const sealing = workOf([own]).work.seal(file, undefined, wish, signal);
    await expect(sealing).rejects.toMatchObject({ code: 'sops.format', details: { format: 'dotenv' } });
  });
});

describe('whom a file is sealed to', () => {
  it('asks once for all who are new, and not for the person', async () => {
    const file = await fileOf(manifest, config(own.recipient, colleague.recipient, stranger.recipient));
    const { work, asked } = workOf([own]);
    await work.seal(file, undefined, { ...wish, accepted: [stranger.recipient] }, signal);
    expect(asked).toEqual([
      { root: '/repo', file: '.sops.yaml', recipients: [{ kind: 'age', name: colleague.recipient }] },
    ]);
  });

  it('is said to be no recipient before it is asked about', async () => {
    const mistyped = own.recipient.slice(0, -1) + (own.recipient.endsWith('q') ? 'p' : 'q');
    const kms =
      'creation_rules:\n  - kms: arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555\n';
    for (const [rules, code] of [
      [config(mistyped), 'key.unusable'],
      [kms, 'key.unsupported'],
    ] as const) {
      const { work, asked } = workOf([own]);
      const sealing = work.seal(await fileOf(manifest, rules), undefined, wish, signal);
      await expect(sealing).rejects.toMatchObject({ code });
      expect(asked).toEqual([]);
    }
  });

  it('is nobody where the person declines', async () => {
    const file = await fileOf(manifest, config(colleague.recipient));
    await expect(workOf([own], false).work.seal(file, undefined, wish, signal)).rejects.toMatchObject({
      code: 'recipients.untrusted',
      details: { recipients: [colleague.recipient] },
    });
  });

  it('changes with the rule, and no value with it', async () => {
    const file = await sealed(own, stranger);
    expect(await workOf([own]).work.renew(file, documentIn(file), wish, signal)).toBeUndefined();
    const moved = await fileOf(file.text, config(own.recipient, colleague.recipient));
    const { work, asked } = workOf([own]);
    const renewed = await work.renew(moved, documentIn(moved), wish, signal);
    expect(asked.flatMap(({ recipients }) => recipients.map(({ name }) => name))).toEqual([
      colleague.recipient,
    ]);
    expect(renewed?.verification).toBe('opened');
    const now = { ...moved, text: applyEdits(moved.text, renewed?.edits ?? []) };
    expect(valueLines(now.text)).toEqual(valueLines(file.text));
    expect(await valueIn(now, 'stringData.user', colleague)).toBe('admin');
    await expect(valueIn(now, 'stringData.user', stranger)).rejects.toMatchObject({ code: 'key.missing' });
  });

  it('is asked about where a data key is wrapped anew: anybody can write a recipient into a file', async () => {
    const file = await sealed(own, colleague);
    const refused = { code: 'recipients.untrusted', details: { recipients: [colleague.recipient] } };
    const rotation = workOf([own], false).work.rotateDataKey(file, documentIn(file), wish, signal);
    await expect(rotation).rejects.toMatchObject(refused);
    const inGroups = await fileOf(
      file.text,
      `creation_rules:\n  - key_groups:\n      - age: [${own.recipient}]\n      - age: [${colleague.recipient}]\n`,
    );
    const update = workOf([own], false).work.renew(inGroups, documentIn(inGroups), wish, signal);
    await expect(update).rejects.toMatchObject(refused);
  });

  it('is accepted by its very spelling, where letters in the other case are another key', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICuSnoyTlfSiHCMuomzCd3fPLaGeDxW8dA6jX4tlrOZJ';
    const other = key.replace('rOZJ', 'rOzJ');
    const file = await fileOf(manifest, config(`"${key}"`));
    const sealing = workOf([own], false).work.seal(file, undefined, { ...wish, accepted: [other] }, signal);
    await expect(sealing).rejects.toMatchObject({
      code: 'recipients.untrusted',
      details: { recipients: [key] },
    });
  });

  it('is accepted with a PGP fingerprint in either case, with spaces or without', async () => {
    const fingerprint = 'FBC7B9E2A4F9289AC0C1D4843D16CEE4A27381B4';
    const accepted = [fingerprint.toLowerCase().replace(/.{4}/g, '$& ')];
    const rules = `creation_rules:\n  - pgp: ${fingerprint}\n    encrypted_regex: ^data$\n`;
    const { work, asked } = workOf([own]);
    const sealing = work.seal(await fileOf(manifest, rules), undefined, { ...wish, accepted }, signal);
    await expect(sealing).rejects.toThrow('no file is read here');
    expect(asked).toEqual([]);
  });

  it('gets every value anew with a new data key', async () => {
    const file = await sealed(own);
    const { edits, values } = await workOf([own]).work.rotateDataKey(file, documentIn(file), wish, signal);
    const now = { ...file, text: applyEdits(file.text, edits) };
    expect(values).toBe(7);
    const kept = valueLines(now.text).filter((line) => valueLines(file.text).includes(line));
    expect(kept).toEqual([]);
    expect(await valueIn(now, 'stringData.user')).toBe('admin');
  });

  it('is not known without a rule, or with one that SOPS would refuse', async () => {
    const sealing = async (rules: string) =>
      workOf([own]).work.seal(await fileOf(manifest, rules), undefined, wish, signal);
    await expect(sealing('creation_rules: []\n')).rejects.toMatchObject({ code: 'sops.no-rule' });
    await expect(sealing(`creation_rules:\n  - agee: ${own.recipient}\n`)).rejects.toMatchObject({
      code: 'policy.invalid',
    });
  });
});

async function valueIn(file: DocumentFile, name: string, key = own): Promise<string | undefined> {
  const opened = await workOf([key]).work.open(file, documentIn(file), wish);
  const found = opened.find((result) => result.ok && result.value.item.name === name);
  return found?.ok === true ? found.value.plaintext.exposeText() : undefined;
}

function valueLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => /ENC\[/.test(line) && !/^ *mac:/.test(line));
}

/** What a reader sees: quotes that are not needed any more may be gone. */
function readable(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/"/g, ''));
}
