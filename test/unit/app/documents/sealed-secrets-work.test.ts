import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type {
  DocumentEdit,
  DocumentFile,
  DocumentWish,
} from '../../../../src/app/documents/document-work.ts';
import { findItem, readItemAddress } from '../../../../src/app/documents/item-address.ts';
import { SealedSecretsWork } from '../../../../src/app/documents/sealed-secrets-work.ts';
import { KeyRing } from '../../../../src/app/key-ring.ts';
import { PolicyFinder } from '../../../../src/app/policy-finder.ts';
import type { UnknownKey } from '../../../../src/app/ports.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { readSealingCertificate } from '../../../../src/crypto/x509.ts';
import { scan } from '../../../../src/manifest/scan.ts';
import { AppliedRepositories } from '../../../../src/node/applied-repositories.ts';
import { KeyFolder } from '../../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../../src/node/node-files.ts';
import { readKeyReference } from '../../../../src/policy/key-reference.ts';
import { sealedSecretsScheme } from '../../../../src/schemes/sealed-secrets/scheme.ts';
import { describeTls, type TestCertificate } from '../../../support/certificates.ts';
import { ecPair, Workspace } from '../../../support/workspace.ts';
import { signal } from '../../schemes/schemes.ts';

const files = new NodeFiles();
const day = 24 * 60 * 60 * 1000;

const manifest = `# what the database takes
kind: ConfigMap
data:
  a: b # c
---
apiVersion: v1
kind: Secret # one
metadata:
  name: db
  namespace: prod
stringData:
  user: admin # who
  password: "hunter2 hunter2"
---
kind: Secret
metadata:
  name: other
  namespace: prod
data:
  token: aGVsbG8=
--- # the end
- x
`;

describeTls('Sealed Secrets, as a person works with them', (make) => {
  let today: TestCertificate;
  let old: TestCertificate;
  let repo: Workspace;
  let home: Workspace;
  let asked: UnknownKey[];
  let confirmed: string[];

  beforeAll(() => {
    today = make({ name: 'today.example', rsaBits: 2048, days: 100 });
    old = make({ name: 'old.example', rsaBits: 2048, days: 100 });
  });
  beforeEach(() => {
    [repo, home, asked, confirmed] = [new Workspace(), new Workspace(), [], []];
    repo.folder('.git');
    repo.write('certs/prod.pem', today.cert);
    repo.write('certs/old.pem', old.cert);
    policy(`certs/prod.pem#${fingerprintOf(today)}`);
  });
  afterEach(() => {
    repo.remove();
    home.remove();
  });

  const fingerprintOf = ({ cert }: TestCertificate) =>
    readSealingCertificate(new TextEncoder().encode(cert), 'cert').fingerprint;
  const policy = (keys: string, more = '') =>
    repo.write(
      '.purser.yaml',
      `version: 1\nrules:\n  - path: "**"\n    scheme: sealed-secrets\n    keys: [${keys}]\n${more}`,
    );

  function workOf({ yes = true, days = 0, annotate = false } = {}): SealedSecretsWork {
    const repositories = new AppliedRepositories(files);
    return new SealedSecretsWork({
      keys: new KeyRing(files, new KeyFolder(() => home.root, files), { read: async () => undefined }),
      trust: { accepts: async (unknown) => asked.push(unknown) > 0 && yes },
      places: {
        waysTo: (path, root) => repositories.waysTo(path, root),
        confirmNamespace: async (namespace, from) => confirmed.push(`${namespace} by ${from}`) > 0 && yes,
      },
      now: () => new Date(Date.now() + days * day),
      annotate: () => annotate,
    });
  }
  const wishFor = (...keys: readonly string[]): DocumentWish => ({
    keys: keys.map(readKeyReference),
    site: {
      get base() {
        return repo.root;
      },
      root: undefined,
    },
    accepted: [],
  });
  const wish = wishFor();

  async function fileOf(text: string, path = 'apps/db.yaml'): Promise<DocumentFile> {
    const finder = new PolicyFinder(files, () => repo.root);
    return { path: repo.write(path, text), text, answer: await finder.find(repo.path(path)) };
  }
  const done = ({ text }: DocumentFile, { edits }: DocumentEdit) => applyEdits(text, edits);
  const documentsIn = (text: string) => sealedSecretsScheme.find(scan(text)).documents;
  const firstIn = ({ text }: DocumentFile) => {
    const [document] = documentsIn(text);
    if (document === undefined) throw new Error('no SealedSecret there');
    return document;
  };
  async function sealedFile(text = manifest, work = workOf()): Promise<DocumentFile> {
    const file = await fileOf(text);
    return { ...file, text: done(file, await work.seal(file, undefined, wish, signal)) };
  }
  async function setIn(file: DocumentFile, name: string, value: string, work = workOf(), by = wish) {
    const address = readItemAddress(name);
    const target = findItem(documentsIn(file.text), address, name);
    const edit = await work.set(file, { ...target, address }, Plaintext.fromText(value), by);
    return { ...edit, text: done(file, edit) };
  }
  async function valuesOf(file: DocumentFile, work = workOf(), by = wish) {
    const results = await work.open(file, firstIn(file), by);
    return Object.fromEntries(
      results.map((result) => {
        if (!result.ok) return ['', result.failure.code];
        return [result.value.item.name, result.value.plaintext.exposeText()];
      }),
    );
  }

  it('seals every Secret of a file, and nothing else of it changes', async () => {
    const file = await fileOf(manifest);
    const edit = await workOf().seal(file, undefined, wish, signal);
    expect(edit).toMatchObject({ values: 3, verification: 'read', notes: [] });
    const text = done(file, edit);
    const end = manifest.indexOf('apiVersion: v1');
    expect(text.startsWith(manifest.slice(0, end))).toBe(true);
    expect(text.endsWith('--- # the end\n- x\n')).toBe(true);
    expect(text).not.toContain('hunter2');
    expect(text).toContain('kind: SealedSecret # one');
    expect(text).toMatch(/^ {4}user: Ag\S+|^ {4}user: AQ\S+ # who$/m);
    expect(asked).toEqual([]);
    home.write('prod.pem', today.key);
    const opened = { ...file, text };
    expect(await valuesOf(opened)).toEqual({
      'encryptedData.user': 'admin',
      'encryptedData.password': 'hunter2 hunter2',
    });
  });

  it('seals the Secret around a place, in a List too', async () => {
    const file = await fileOf(manifest);
    const at = manifest.indexOf('token');
    const text = done(file, await workOf().seal(file, at, wish, signal));
    expect(text.startsWith(manifest.slice(0, manifest.indexOf('kind: Secret\n')))).toBe(true);
    expect(documentsIn(text).map(({ objects }) => objects[0]?.name)).toEqual(['other']);
    await expect(workOf().seal(file, 3, wish, signal)).rejects.toMatchObject({ code: 'manifest.no-entries' });
    const list = await fileOf(
      JSON.stringify({
        kind: 'List',
        items: ['a', 'b'].map((name) => ({
          kind: 'Secret',
          metadata: { name, namespace: 'prod' },
          stringData: { x: 'hunter2' },
        })),
      }),
    );
    const both = await workOf().seal(list, undefined, wish, signal);
    expect(both.values).toBe(2);
    expect(documentsIn(done(list, both)).map(({ objects }) => objects[0]?.name)).toEqual(['a', 'b']);
  });

  it('has nothing to do in a file without Secrets', async () => {
    const file = await fileOf('kind: ConfigMap\n---\nkind: Secret\nmetadata:\n  name: a\n');
    expect(await workOf().seal(file, undefined, wish, signal)).toMatchObject({ edits: [], values: 0 });
  });

  it('asks before it seals to a certificate that nothing speaks for', async () => {
    policy('certs/prod.pem');
    const file = await fileOf(manifest);
    await expect(workOf({ yes: false }).seal(file, undefined, wish, signal)).rejects.toMatchObject({
      code: 'key.untrusted',
      details: { fingerprint: fingerprintOf(today) },
    });
    expect(asked).toMatchObject([
      { root: repo.root, ref: 'certs/prod.pem', description: 'certificate, RSA 2048' },
    ]);
    for (const accepting of [
      { ...wish, accepted: [fingerprintOf(today).replace('=', '')] },
      wishFor('certs/prod.pem'),
    ]) {
      const edit = await workOf({ yes: false }).seal(file, undefined, accepting, signal);
      expect(edit.verification).toBe('read');
    }
    policy('certs/prod.pem, certs/key.pem');
    repo.write('certs/key.pem', today.key);
    const stillAsked = await fileOf(manifest);
    await expect(workOf({ yes: false }).seal(stillAsked, undefined, wish, signal)).rejects.toMatchObject({
      code: 'key.untrusted',
    });
    home.write('backup.pem', today.key);
    const own = await workOf({ yes: false }).seal(stillAsked, undefined, wish, signal);
    expect(own.verification).toBe('opened');
  });

  it('refuses a certificate that was changed, has expired, or is none', async () => {
    policy(`certs/prod.pem#${fingerprintOf(old)}`);
    await expect(sealedFile()).rejects.toMatchObject({ code: 'key.pin-mismatch' });
    policy(`certs/prod.pem#${fingerprintOf(today)}`);
    await expect(sealedFile(manifest, workOf({ days: 101 }))).rejects.toMatchObject({
      code: 'certificate.expired',
    });
    const late = await workOf({ days: 45 }).seal(await fileOf(manifest), undefined, wish, signal);
    expect(late.notes).toEqual([
      expect.stringMatching(/prod\.pem.* is 45 days old: the controller may have/),
    ]);
    repo.write('certs/prod.pem', 'hunter2');
    await expect(sealedFile()).rejects.toMatchObject({ code: 'key.unusable' });
    const file = await fileOf(manifest);
    await expect(workOf().seal(file, undefined, wishFor('apps/db.yaml'), signal)).rejects.toMatchObject({
      code: 'key.unusable',
    });
    repo.write('.purser.yaml', 'version: 1\nrules: []\n');
    await expect(sealedFile()).rejects.toMatchObject({ code: 'usage' });
    repo.write('.purser.yaml', 'version: 1\nrules: 3\n');
    await expect(sealedFile()).rejects.toMatchObject({ code: 'policy.invalid' });
  });

  it('takes the scope from the rule, else from the annotations of the Secret', async () => {
    const wide = manifest.replace(
      '  namespace: prod\nstringData',
      '  namespace: prod\n  annotations:\n    sealedsecrets.bitnami.com/cluster-wide: "true"\nstringData',
    );
    const scopes = async (text: string) =>
      documentsIn((await sealedFile(text)).text).map(({ notes }) => notes[0]);
    expect(await scopes(wide)).toEqual(['cluster-wide scope', 'strict scope']);
    policy(`certs/prod.pem#${fingerprintOf(today)}`, '    scope: namespace-wide\n');
    expect(await scopes(wide)).toEqual(['namespace-wide scope', 'namespace-wide scope']);
    policy(`certs/prod.pem#${fingerprintOf(today)}`, '    scope: strict\n');
    expect(await scopes(wide)).toEqual(['strict scope', 'strict scope']);
  });

  it('takes a namespace that is stated nowhere else from the kustomization, if the person agrees', async () => {
    const bare = manifest.replaceAll('  namespace: prod\n', '');
    await expect(sealedFile(bare)).rejects.toMatchObject({
      code: 'sealing.unplaced',
      place: { line: 6 },
    });
    repo.write('apps/kustomization.yaml', 'namespace: prod\nresources: [db.yaml]\n');
    await expect(sealedFile(bare, workOf({ yes: false }))).rejects.toMatchObject({
      code: 'sealing.unconfirmed',
      details: { namespace: 'prod', from: 'apps/kustomization.yaml' },
    });
    confirmed = [];
    const file = await sealedFile(bare);
    expect(confirmed).toEqual(['prod by apps/kustomization.yaml']);
    expect(file.text.match(/^ {2}namespace: prod$/gm)).toHaveLength(2);
    home.write('prod.pem', today.key);
    expect(await valuesOf(file)).toMatchObject({ 'encryptedData.user': 'admin' });
  });

  it('refuses where a kustomization would change what it is sealed for', async () => {
    repo.write('apps/kustomization.yaml', 'namePrefix: eu-\nresources: [db.yaml]\n');
    await expect(sealedFile()).rejects.toMatchObject({
      code: 'sealing.moves',
      details: { part: 'name', becomes: 'eu-db', from: 'apps/kustomization.yaml', field: 'namePrefix' },
      place: { line: 6 },
    });
    policy(`certs/prod.pem#${fingerprintOf(today)}`, '    scope: namespace-wide\n');
    const file = await sealedFile();
    expect(documentsIn(file.text)).toHaveLength(2);
    repo.write('apps/kustomization.yaml', 'namespace: stage\nresources: [db.yaml]\n');
    await expect(setIn(file, 'Secret/prod/db#data.user', 'new')).rejects.toMatchObject({
      code: 'sealing.moves',
    });
  });

  it('opens what was sealed for what a kustomization makes of it', async () => {
    const sealed = await sealedFile();
    const text = sealed.text.replace('  name: db\n  namespace: prod\n', '  name: b\n');
    repo.write('apps/kustomization.yaml', 'namespace: prod\nnamePrefix: d\nresources: [db.yaml]\n');
    home.write('prod.pem', today.key);
    expect(await valuesOf({ ...sealed, text })).toMatchObject({ 'encryptedData.user': 'admin' });
  });

  it.each(['data.user', 'stringData.user', 'encryptedData.user', 'SealedSecret/prod/db#encryptedData.user'])(
    'sets %s, and changes one line',
    async (name) => {
      const sealed = await sealedFile(manifest.slice(0, manifest.indexOf('---\nkind: Secret\n')));
      home.write('prod.pem', today.key);
      const set = await setIn(sealed, name, 'root');
      expect(set).toMatchObject({ values: 1, verification: 'opened' });
      const [before, after] = [sealed.text.split('\n'), set.text.split('\n')];
      expect(after.filter((line, at) => line !== before[at])).toEqual([
        expect.stringMatching(/^ {4}user: \S+ # who$/),
      ]);
      expect(await valuesOf({ ...sealed, text: set.text })).toEqual({
        'encryptedData.user': 'root',
        'encryptedData.password': 'hunter2 hunter2',
      });
    },
  );

  it('adds an item, and takes one out', async () => {
    const sealed = await sealedFile(manifest.slice(0, manifest.indexOf('---\nkind: Secret\n')));
    home.write('prod.pem', today.key);
    const added = await setIn(sealed, 'data.more', 'x');
    expect(added.text.split('\n')).toHaveLength(sealed.text.split('\n').length + 1);
    await expect(setIn(sealed, 'data.a b', 'x')).rejects.toMatchObject({ code: 'usage' });
    await expect(setIn(sealed, 'spec.more', 'x')).rejects.toMatchObject({ code: 'entry.not-found' });
    const file = { ...sealed, text: added.text };
    const item = firstIn(file).items.find(({ key }) => key === 'user');
    if (item === undefined) throw new Error('no item');
    const text = done(file, await workOf().remove(file, firstIn(file), item, wish));
    expect(await valuesOf({ ...file, text })).toEqual({
      'encryptedData.password': 'hunter2 hunter2',
      'encryptedData.more': 'x',
    });
  });

  it('says which certificates a SealedSecret is sealed to, where it says anything', async () => {
    const one = manifest.slice(0, manifest.indexOf('---\nkind: Secret\n'));
    const plain = await sealedFile(one);
    expect((await setIn(plain, 'data.user', 'x', workOf({ annotate: true }))).text).not.toContain(
      'sealed-with',
    );
    const sealed = await sealedFile(one, workOf({ annotate: true }));
    const recipients = (text: string) => documentsIn(text)[0]?.recipients.map(({ name }) => name);
    expect(recipients(sealed.text)).toEqual([fingerprintOf(today)]);
    const mixed = await setIn(sealed, 'data.user', 'x', workOf(), wishFor('certs/old.pem'));
    expect(recipients(mixed.text)).toEqual([fingerprintOf(today), fingerprintOf(old)]);
    const again = await setIn({ ...sealed, text: mixed.text }, 'data.user', 'x');
    expect(recipients(again.text)).toEqual([fingerprintOf(today), fingerprintOf(old)]);
  });

  it('makes the Secrets again', async () => {
    const sealed = await sealedFile(manifest);
    home.write('prod.pem', today.key);
    home.write('jwe.pem', ecPair().privatePem);
    const edit = await workOf().decrypt(sealed, firstIn(sealed), wish, signal);
    expect(edit.values).toBe(2);
    const text = done(sealed, edit);
    expect(text).toContain(`user: ${btoa('admin')} # who`);
    expect(text.slice(text.indexOf('---\nkind: Sealed'))).toBe(
      sealed.text.slice(sealed.text.indexOf('---\nkind: Sealed')),
    );
  });

  it('says which key is missing', async () => {
    const sealed = await sealedFile(manifest, workOf({ annotate: true }));
    home.write('jwe.pem', ecPair().privatePem);
    for (const open of [
      () => valuesOf(sealed),
      () => workOf().decrypt(sealed, firstIn(sealed), wish, signal),
    ])
      await expect(open()).rejects.toMatchObject({
        code: 'key.missing',
        details: { hint: fingerprintOf(today) },
      });
    repo.write('key.pem', old.key);
    expect(await valuesOf(sealed, workOf(), wishFor('key.pem'))).toEqual({ '': 'open.failed' });
    const decrypt = workOf().decrypt(sealed, firstIn(sealed), wishFor('key.pem'), signal);
    await expect(decrypt).rejects.toMatchObject({
      code: 'open.failed',
      place: { entry: 'encryptedData.user', line: expect.any(Number) },
    });
    repo.write('key.pem', 'hunter2');
    await expect(valuesOf(sealed, workOf(), wishFor('key.pem'))).rejects.toMatchObject({
      code: 'key.unusable',
    });
  });

  it('seals again to the certificate of the policy, once', async () => {
    policy(`certs/old.pem#${fingerprintOf(old)}`);
    const before = await sealedFile(manifest);
    policy(`certs/prod.pem#${fingerprintOf(today)}`);
    const sealed = await fileOf(before.text);
    const renew = (file: DocumentFile, annotate = true) =>
      workOf({ annotate }).renew(file, firstIn(file), wish, signal);
    await expect(renew(sealed)).rejects.toMatchObject({ code: 'key.missing' });
    home.write('old.pem', old.key);
    const edit = await renew(sealed);
    expect(edit).toMatchObject({ values: 2, verification: 'read' });
    const text = edit === undefined ? '' : done(sealed, edit);
    expect(documentsIn(text)[0]?.recipients).toEqual([{ kind: 'certificate', name: fingerprintOf(today) }]);
    expect(text.slice(text.lastIndexOf('---\nkind: Sealed'))).toBe(
      sealed.text.slice(sealed.text.lastIndexOf('---\nkind: Sealed')),
    );
    expect(await renew({ ...sealed, text })).toBeUndefined();
    await expect(valuesOf({ ...sealed, text })).resolves.toEqual({ '': 'open.failed' });
    home.write('today.pem', today.key);
    expect(await valuesOf({ ...sealed, text })).toMatchObject({ 'encryptedData.user': 'admin' });
    const plain = await renew(sealed, false);
    expect(plain).toMatchObject({ values: 2, verification: 'opened' });
    const unsaid = { ...sealed, text: plain === undefined ? '' : done(sealed, plain) };
    expect(unsaid.text).not.toContain('sealed-with');
    expect(await renew(unsaid)).toBeUndefined();
  });

  it('is stopped', async () => {
    const file = await fileOf(manifest);
    await expect(workOf().seal(file, undefined, wish, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
