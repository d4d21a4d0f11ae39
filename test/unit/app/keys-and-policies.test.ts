import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { howToSeal } from '../../../src/app/how-to-seal.ts';
import { JoinedVaults } from '../../../src/app/joined-vaults.ts';
import { schemeOfExtension } from '../../../src/app/key-extensions.ts';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { countSealedTo } from '../../../src/app/keys-in-use.ts';
import { sentenceOf } from '../../../src/app/messages.ts';
import { PolicyFinder, requireValid } from '../../../src/app/policy-finder.ts';
import { sameFingerprint, sealingKey } from '../../../src/app/sealing-key.ts';
import { isWholeToken, openWhole, requireNoBrokenToken, sealWhole } from '../../../src/app/whole-file.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { gitHolds } from '../../../src/node/git-holds.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { readKeyReference } from '../../../src/policy/key-reference.ts';
import { noGit } from '../../support/git-work-tree.ts';
import { rsaPair, secretYaml, symmetricKey, Workspace } from '../../support/workspace.ts';
import { keyMaterial, registry, schemeCases } from '../schemes/schemes.ts';
import { failureOf, fernetKey, fernetKeys } from './planning.ts';

const files = new NodeFiles();
const made: Workspace[] = [];
const rsa = rsaPair();
afterEach(() => {
  for (const workspace of made.splice(0)) workspace.remove();
});

function workspace(): Workspace {
  const one = new Workspace();
  made.push(one);
  return one;
}

function ringOf(folder: Workspace, environment: Readonly<Record<string, string>> = {}) {
  const own = new KeyFolder(() => folder.root, files);
  return new KeyRing(files, own, { read: async (name) => environment[name] });
}

const git = (repo: Workspace, ...args: readonly string[]) =>
  execFileSync('git', args, { cwd: repo.root, stdio: 'ignore' });
const oct = JSON.stringify({ kty: 'oct', k: 'A'.repeat(43) });

const finderIn = (root: string) => new PolicyFinder(files, () => root);
const fernetRule = 'version: 1\nrules:\n  - path: "**"\n    scheme: fernet\n    keys: [local:dev]\n';

describe('the policy of a file', () => {
  it('is the nearest upwards, alone, up to the git root', async () => {
    const repo = workspace();
    repo.folder('.git');
    repo.write('.purser.yaml', fernetRule);
    repo.write('a/.purser.yaml', 'version: 1\nrules: []\n');
    const finder = finderIn(repo.root);
    expect(await finder.find(repo.path('b/c.yaml'))).toMatchObject({
      root: repo.root,
      base: repo.root,
      rule: { scheme: 'fernet' },
    });
    expect(await finder.find(repo.path('a/b/c.yaml'))).toMatchObject({
      root: repo.root,
      base: repo.path('a'),
      rule: undefined,
    });
    repo.folder('a/sub/.git');
    expect(await finder.find(repo.path('a/sub/c.yaml'))).toMatchObject({
      root: repo.path('a/sub'),
      file: undefined,
    });
  });

  it('is not looked for above the workspace folder where there is no git', async () => {
    const outer = workspace();
    outer.write('.purser.yaml', fernetRule);
    outer.folder('inner');
    expect((await finderIn(outer.path('inner')).find(outer.path('inner/a.yaml'))).file).toBeUndefined();
    expect((await finderIn(outer.path('elsewhere')).find(outer.path('inner/a.yaml'))).root).toBe(
      outer.path('inner'),
    );
    outer.folder('..inner');
    expect((await finderIn(outer.root).find(outer.path('..inner/a.yaml'))).rule?.scheme).toBe('fernet');
  });

  it('is read once for one look over many files, and anew for the next', async () => {
    const repo = workspace();
    repo.write('.purser.yaml', fernetRule);
    const finder = finderIn(repo.root).remembering();
    const first = await finder.find(repo.path('a.yaml'));
    repo.write('.purser.yaml', 'version: 1\nrules: []\n');
    expect((await finder.find(repo.path('b.yaml'))).policy).toBe(first.policy);
    expect((await finderIn(repo.root).find(repo.path('b.yaml'))).rule).toBeUndefined();
  });

  it('is the same when many files are asked about in one look', async () => {
    const outer = workspace();
    outer.folder('repo/.git');
    outer.write('repo/.purser.yaml', fernetRule);
    outer.write('repo/a/b/.purser.yaml', 'version: 1\nignore: ["**"]\n');
    outer.folder('repo/a/nested/.git');
    const finder = finderIn(outer.path('repo'));
    const remembering = finder.remembering();
    for (const path of ['x', 'a/x', 'a/b/x', 'a/b/c/x', 'a/nested/x', 'a/nested/d/x', '../out', '../o/out']) {
      const full = outer.path('repo', `${path}.yaml`);
      expect(await remembering.findPolicy(full), path).toEqual(await finder.findPolicy(full));
    }
  });

  it.each([
    ['that is no UTF-8', new Uint8Array([0xff]), 'it is not UTF-8'],
    ['that is far too large', new Uint8Array(300_000).fill(0x23), 'it is far too large'],
  ])('%s is an answer with a problem, and is not sealed by', async (_, content, reason) => {
    const repo = workspace();
    repo.write('.purser.yaml', content);
    const answer = await finderIn(repo.root).find(repo.path('a.yaml'));
    expect(answer.problems).toEqual([{ line: 1, message: reason }]);
    expect((await failureOf(() => requireValid(answer))).place).toEqual({
      path: repo.path('.purser.yaml'),
      line: 1,
    });
  });

  it('that is a folder is an answer with a problem', async () => {
    const repo = workspace();
    repo.folder('.purser.yaml');
    expect((await finderIn(repo.root).find(repo.path('a.yaml'))).problems).toHaveLength(1);
  });

  it('is that of sops where only a .sops.yaml covers the file, or may', async () => {
    const repo = workspace();
    repo.write('.sops.yaml', 'creation_rules:\n  - path_regex: ^apps/\n');
    const finder = finderIn(repo.root);
    expect((await finder.find(repo.path('apps/a.yaml'))).sopsFile).toBe(repo.path('.sops.yaml'));
    expect((await finder.find(repo.path('other/a.yaml'))).sopsFile).toBeUndefined();
    for (const unreadable of [new Uint8Array([0xff]), new Uint8Array(300_000).fill(0x23)]) {
      repo.write('.sops.yaml', unreadable);
      expect((await finder.find(repo.path('other/a.yaml'))).sopsFile).toBe(repo.path('.sops.yaml'));
    }
    repo.write('.purser.yaml', 'version: 1\nrules: []\n');
    expect((await finder.find(repo.path('apps/a.yaml'))).sopsFile).toBeUndefined();
  });

  it('carries what the nearest .sops.yaml says, beside a .purser.yaml too', async () => {
    const repo = workspace();
    repo.folder('.git');
    repo.write('.sops.yaml', 'creation_rules: [{pgp: aaaa}]');
    repo.write('apps/.sops.yaml', 'creation_rules:\n  - path_regex: ^db/\n    age: age1x\n    agee: y\n');
    const finder = finderIn(repo.root);
    const of = async (path: string) => (await finder.find(repo.path(path))).sops;
    for (const policy of [undefined, 'version: 1\nrules: [{path: "**", scheme: sops}]\n']) {
      if (policy !== undefined) repo.write('.purser.yaml', policy);
      expect(await of('apps/db/a.yaml')).toMatchObject({
        file: repo.path('apps/.sops.yaml'),
        shown: 'apps/.sops.yaml',
        rule: { pathRegex: '^db/', groups: [[{ kind: 'age', text: 'age1x' }]] },
        problems: [{ line: 4 }],
      });
      expect((await of('apps/web/a.yaml'))?.rule, 'the one above does not count').toBeUndefined();
      expect((await of('a.yaml'))?.rule?.groups).toMatchObject([[{ kind: 'pgp', text: 'aaaa' }]]);
    }
    repo.write('apps/.sops.yaml', 'creation_rules: [{age: age1y}]');
    expect((await of('apps/db/a.yaml'))?.rule?.groups, 'it is read anew').toMatchObject([
      [{ text: 'age1y' }],
    ]);
    repo.write('apps/.sops.yaml', '[');
    expect(await of('apps/db/a.yaml')).toMatchObject({ rule: undefined, problems: [{ line: 1 }] });
    expect(await finderIn(repo.path('apps/none')).find('/a.yaml')).toMatchObject({ sops: undefined });
  });
});

describe('how to seal', () => {
  async function answerOf(policy: string | undefined, sops?: string) {
    const repo = workspace();
    if (policy !== undefined) repo.write('.purser.yaml', policy);
    if (sops !== undefined) repo.write('.sops.yaml', sops);
    repo.write('k.pem', rsa.publicPem);
    repo.write('k.jwk', '{"kty":"oct"}');
    repo.write('k.txt', symmetricKey());
    const wish = (scheme?: 'jwe' | 'fernet' | 'secretbox', ...keys: readonly string[]) => ({
      scheme,
      keys: keys.map(readKeyReference),
      site: { base: repo.root, root: undefined },
    });
    return { answer: await finderIn(repo.root).find(repo.path('a.yaml')), wish, ring: ringOf(repo) };
  }

  it('is decided by policy where nothing is asked for', async () => {
    const { answer, wish, ring } = await answerOf(fernetRule);
    expect(await howToSeal(answer, wish(), ring)).toMatchObject({
      scheme: 'fernet',
      reference: { name: 'dev' },
      named: false,
      whole: false,
    });
  });

  it('is decided by the person where something is', async () => {
    const { answer, wish, ring } = await answerOf(fernetRule);
    expect(await howToSeal(answer, wish('jwe', 'k.pem'), ring)).toMatchObject({
      scheme: 'jwe',
      reference: { path: 'k.pem' },
      named: true,
    });
    expect(await howToSeal(answer, wish(undefined, 'local:other'), ring)).toMatchObject({
      scheme: 'fernet',
      reference: { name: 'other' },
      named: true,
    });
    expect((await failureOf(howToSeal(answer, wish('jwe'), ring))).code).toBe('usage');
  });

  it('follows from the key where there is no policy', async () => {
    const { answer, wish, ring } = await answerOf(undefined);
    for (const key of ['k.pem', 'k.jwk'])
      expect((await howToSeal(answer, wish(undefined, key), ring)).scheme).toBe('jwe');
    expect((await failureOf(howToSeal(answer, wish(undefined, 'k.txt'), ring))).code).toBe('policy.none');
    expect((await failureOf(howToSeal(answer, wish(undefined, 'local:x'), ring))).code).toBe('policy.none');
    expect((await failureOf(howToSeal(answer, wish(), ring))).code).toBe('policy.none');
  });

  it('is never another scheme than policy says', async () => {
    const sops = await answerOf(undefined, 'creation_rules:\n  - age: x\n');
    expect(await howToSeal(sops.answer, sops.wish(undefined, 'k.pem'), sops.ring)).toEqual({
      unit: 'document',
      scheme: 'sops',
    });
    const rule = await answerOf('version: 1\nrules:\n  - {path: "**", scheme: sealed-secrets, keys: [c]}\n');
    expect(await howToSeal(rule.answer, rule.wish(), rule.ring)).toEqual({
      unit: 'document',
      scheme: 'sealed-secrets',
    });
    const broken = await answerOf(`${fernetRule}x: y\n`);
    expect((await failureOf(howToSeal(broken.answer, broken.wish('jwe', 'k.pem'), broken.ring))).code).toBe(
      'policy.invalid',
    );
  });
});

describe('the key to seal with', () => {
  const jwe = registry.byId('jwe');
  const never = { accepts: async () => false };
  const repository = { holds: async (path: string, root: string) => gitHolds(path, root) };

  async function resolve(
    reference: string,
    options: {
      named?: boolean;
      accepted?: string[];
      own?: Record<string, string>;
      content?: string;
      prepare?: (repo: Workspace) => void;
    } = {},
  ) {
    const [repo, own] = [workspace(), workspace()];
    repo.write('k.pem', options.content ?? rsa.publicPem);
    options.prepare?.(repo);
    for (const [file, content] of Object.entries(options.own ?? {})) own.write(file, content);
    const site = { base: repo.root, root: options.named === true ? undefined : repo.root };
    const asked: unknown[] = [];
    const trust = { accepts: async (key: unknown) => asked.push(key) < 0 };
    const request = {
      scheme: jwe,
      reference: readKeyReference(reference),
      site,
      named: options.named ?? false,
      accepted: options.accepted ?? [],
    };
    return { key: sealingKey(request, ringOf(own), trust, repository), asked, repo };
  }

  it('is asked for once where nothing speaks for it', async () => {
    const { key, asked, repo } = await resolve('k.pem');
    const failure = await failureOf(key);
    expect(failure.code).toBe('key.untrusted');
    expect(asked).toEqual([
      {
        root: repo.root,
        ref: 'k.pem',
        description: 'RSA 2048',
        fingerprint: expect.stringMatching(/^SHA256:.{44}$/),
      },
    ]);
  });

  it('is taken where it is named, pinned, accepted, or the private half is at hand', async () => {
    const failure = await failureOf((await resolve('k.pem')).key);
    const fingerprint = 'fingerprint' in failure.details ? failure.details.fingerprint : '';
    const ways = [
      resolve('k.pem', { named: true }),
      resolve(`k.pem#${fingerprint}`),
      resolve('k.pem', { accepted: [fingerprint.replace('=', '')] }),
      resolve('k.pem', { own: { 'prod.pem': rsa.privatePem, 'bad.pem': 'x' } }),
    ];
    for (const way of ways) {
      const { key, asked } = await way;
      expect((await key).facts.fingerprint).toBe(fingerprint);
      expect(asked).toEqual([]);
    }
    expect((await (await ways[3])?.key)?.opensWith?.ref).toBe('local:prod');
    expect((await (await ways[0])?.key)?.opensWith).toBeUndefined();
  });

  it('is not taken because the repository holds its private half', async () => {
    const { key, asked } = await resolve('k.pem', { content: rsa.privatePem });
    expect((await failureOf(key)).code).toBe('key.untrusted');
    expect(asked).toHaveLength(1);
  });

  it.skipIf(noGit).each([
    ['tracked', (repo: Workspace) => git(repo, 'add', 'k.pem')],
    ['not ignored', () => undefined],
    [
      'tracked and ignored',
      (repo: Workspace) => {
        git(repo, 'add', 'k.pem');
        repo.write('.gitignore', '*.pem\n');
      },
    ],
  ])('is not one that opens what it seals and is %s in git', async (_, prepare) => {
    for (const content of [oct, rsa.privatePem]) {
      const { key } = await resolve('k.pem', {
        content,
        prepare: (repo) => (git(repo, 'init'), prepare(repo)),
      });
      expect((await failureOf(key)).code).toBe('key.in-git');
    }
  });

  it.skipIf(noGit)(
    'may stand in the work tree where git ignores it, where there is no git, and where the person names it',
    async () => {
      const ignored = (repo: Workspace) => {
        git(repo, 'init');
        repo.write('.gitignore', '*.pem\n');
      };
      const options = [
        { content: oct, prepare: ignored },
        { content: oct },
        { content: oct, named: true, prepare: (repo: Workspace) => git(repo, 'init') },
        { prepare: (repo: Workspace) => git(repo, 'init'), own: { 'prod.pem': rsa.privatePem } },
      ];
      for (const option of options) {
        const { key } = await resolve('k.pem', option);
        expect((await key).facts.kind).toBe('content' in option ? 'symmetric' : 'public');
      }
    },
  );

  it("is the person's own private key without asking", async () => {
    const { key, asked } = await resolve('local:prod', { own: { 'prod.pem': rsa.privatePem } });
    expect((await key).opensWith?.ref).toBe('local:prod');
    expect(asked).toEqual([]);
  });

  it('is not another than the pinned one', async () => {
    const { key } = await resolve(`k.pem#SHA256:${'A'.repeat(43)}`, {
      accepted: [`SHA256:${'A'.repeat(43)}`],
    });
    expect((await failureOf(key)).code).toBe('key.pin-mismatch');
    const symmetric = await resolve(`k.pem#SHA256:${'A'.repeat(43)}`, {
      content: JSON.stringify({ kty: 'oct', k: 'A'.repeat(43) }),
    });
    expect(sentenceOf(await failureOf(symmetric.key))).toContain(
      'k.pem is not a public key, but the policy pins',
    );
    expect(await never.accepts()).toBe(false);
  });

  it('has one fingerprint with and without padding', () => {
    expect(sameFingerprint('SHA256:abc=', 'SHA256:abc')).toBe(true);
    expect(sameFingerprint('SHA256:abc', 'SHA256:abd')).toBe(false);
  });
});

describe('a key ring', () => {
  const site = (root: Workspace) => ({ base: root.root, root: root.root });

  it('resolves paths, environment variables and local keys', async () => {
    const repo = workspace();
    repo.write('k.key', 'from a file');
    repo.write('dev.fernet', 'from the folder');
    const ring = ringOf(repo, { KEY: 'from the environment', EMPTY: '' });
    const read = async (reference: string) =>
      (await ring.resolve(readKeyReference(reference), 'fernet', site(repo))).bytes.exposeText();
    expect(await read('k.key')).toBe('from a file');
    expect(await read('env:KEY')).toBe('from the environment');
    expect(await read('local:dev')).toBe('from the folder');
    for (const missing of ['no.key', 'env:NONE', 'env:EMPTY', 'local:none'])
      expect((await failureOf(read(missing))).code).toBe('key.not-found');
    repo.folder('folder');
    expect((await failureOf(read('folder'))).code).toBe('key.unreadable');
    repo.write('huge', new Uint8Array(17 * 1024 * 1024));
    expect((await failureOf(read('huge'))).code).toBe('key.unusable');
  });

  it.skipIf(process.platform === 'win32')('does not leave the repository for what policy names', async () => {
    const [repo, outside] = [workspace(), workspace()];
    outside.write('k.pem', rsa.publicPem);
    repo.folder('..inside');
    repo.write('..inside/k.pem', rsa.publicPem);
    symlinkSync(outside.path('k.pem'), repo.path('link.pem'));
    symlinkSync(outside.root, repo.path('folder'));
    const ring = ringOf(repo);
    for (const path of [
      outside.path('k.pem'),
      'link.pem',
      'folder/k.pem',
      `../${outside.root.split('/').at(-1)}/k.pem`,
    ]) {
      const reference = readKeyReference(path);
      expect((await failureOf(ring.resolve(reference, 'jwe', site(repo)))).code, path).toBe(
        'key.outside-repo',
      );
      expect(
        (await ring.resolve(reference, 'jwe', { base: repo.root, root: undefined })).bytes.byteLength,
      ).toBeGreaterThan(0);
    }
    expect((await ring.resolve(readKeyReference('..inside/k.pem'), 'jwe', site(repo))).ref).toBe(
      '..inside/k.pem',
    );
  });

  it("opens with the rule's keys that can be had, then the person's own", async () => {
    const repo = workspace();
    repo.write('a.fernet', 'a');
    repo.write('b.fernet', 'b');
    repo.write('c.secretbox', 'c');
    const references = ['local:b', 'local:gone', 'gone.key', 'env:GONE'].map(readKeyReference);
    const keys = await ringOf(repo).openingKeys(references, 'fernet', site(repo));
    expect(keys.map(({ ref }) => ref)).toEqual(['local:b', 'local:a']);
  });
});

describe('several vaults', () => {
  it('are one: the same key may be in both, two different ones of one name may not', async () => {
    const [a, b] = [workspace(), workspace()];
    const joined = new JoinedVaults([new KeyFolder(() => a.root, files), new KeyFolder(() => b.root, files)]);
    a.write('same.fernet', 'x');
    b.write('same.fernet', 'x');
    a.write('other.fernet', 'x');
    b.write('other.fernet', 'y');
    expect((await joined.find('fernet', 'same'))?.ref).toBe('local:same');
    expect((await failureOf(joined.find('fernet', 'other'))).code).toBe('key.ambiguous');
    expect((await joined.list('fernet')).map(({ ref }) => ref)).toEqual([
      'local:other',
      'local:same',
      'local:other',
    ]);
    expect(await joined.kept()).toHaveLength(4);
    expect(await joined.find('fernet', 'none')).toBeUndefined();
  });

  it('know which key is for which scheme by its extension', () => {
    expect(['pem', 'jwk', 'fernet', 'secretbox', 'age', ''].map(schemeOfExtension)).toEqual([
      'jwe',
      'jwe',
      'fernet',
      'secretbox',
      'sops',
      undefined,
    ]);
  });
});

describe('a whole file', () => {
  it('is sealed, recognised and opened', async () => {
    const content = new Plaintext(new Uint8Array([0, 255, 10]));
    const { token, verification } = await sealWhole(content, fernetKey);
    expect(verification).toBe('opened');
    expect(isWholeToken(`\n${token}\n`, registry)).toBe(true);
    expect((await openWhole(`${token}\n`, fernetKeys, registry, { path: 'a.enc' })).equals(content)).toBe(
      true,
    );
    expect(isWholeToken(`a: ${token}`, registry)).toBe(false);
    expect((await failureOf(openWhole('plain', fernetKeys, registry, { path: 'a.enc' }))).code).toBe(
      'entry.not-encrypted',
    );
  });

  it('that is a damaged token is told from one that is none', async () => {
    const { token } = await sealWhole(Plaintext.fromText('x'), fernetKey);
    expect((await failureOf(() => requireNoBrokenToken(token.slice(0, -3), registry))).details).toMatchObject(
      { scheme: 'fernet' },
    );
    requireNoBrokenToken('kind: Secret\n', registry);
    requireNoBrokenToken(token, registry);
  });

  it('is not given out where it does not open again', async () => {
    const other = schemeCases.find(({ title }) => title === 'fernet')?.other ?? keyMaterial('');
    expect(
      (await failureOf(sealWhole(Plaintext.fromText('x'), { ...fernetKey, opensWith: other }))).code,
    ).toMatch(/open\.failed|edit\.unverified/);
    expect(
      (await sealWhole(Plaintext.fromText('x'), { ...fernetKey, opensWith: undefined })).verification,
    ).toBe('read');
  });
});

describe('how much is sealed to a key', () => {
  it('is counted value by value, and for whole files', async () => {
    const { token } = await sealWhole(Plaintext.fromText('x'), fernetKey);
    const text = new TextEncoder().encode(secretYaml('n', { a: token, b: 'clear', c: token }));
    const other = schemeCases.find(({ title }) => title === 'fernet')?.other ?? keyMaterial('');
    const count = (key = fernetKey.material, bytes = text) =>
      countSealedTo(key, registry.byId('fernet'), registry, bytes, new AbortController().signal);
    expect(await count()).toBe(2);
    expect(await count(other)).toBe(0);
    expect(await count(fernetKey.material, new TextEncoder().encode(token))).toBe(1);
    expect(await count(fernetKey.material, new Uint8Array([0]))).toBe(0);
  });
});
