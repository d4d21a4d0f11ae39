import { beforeAll, describe, expect, it } from 'vitest';
import type { DecryptionSecret, HeldKey } from '../../../../src/app/clusters/decryption.ts';
import { whyDecryptionFails } from '../../../../src/app/clusters/why-decryption-fails.ts';
import { shortName } from '../../../../src/app/clusters/why-file.ts';
import { generateAgeKey } from '../../../../src/crypto/age/keygen.ts';
import { sealedTo } from '../../../support/sealed-to.ts';

const asked = { cluster: 'prod', object: 'Kustomization flux-system/apps' };
const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN alice@laptop';
const pgp = '85D77543B3D624B63CEA9E6DBC17301B491B3F21';
let [mine, theirs, third] = ['', '', ''];
beforeAll(async () => {
  [mine = '', theirs = '', third = ''] = await Promise.all(
    [1, 2, 3].map(async () => (await generateAgeKey(new Date(0), { postQuantum: false })).recipient),
  );
});

const age = (...recipients: string[]): HeldKey => ({ name: 'age.agekey', kind: 'age', recipients });
const secretWith = (keys: readonly HeldKey[], more: Partial<DecryptionSecret> = {}): DecryptionSecret => ({
  namespace: 'flux-system',
  name: 'sops-age',
  ofController: false,
  state: 'read',
  keys,
  ...more,
});

function told(secret: DecryptionSecret | undefined, groups: readonly string[][], threshold?: number) {
  const file = { path: 'apps/x.yaml', text: sealedTo(groups, threshold) };
  return whyDecryptionFails(asked, { path: './apps', provider: 'sops', secret }, [file]);
}
const first = (...given: Parameters<typeof told>) => told(...given).files[0];

describe('a file', () => {
  it('sealed to others is told with both sides, shortened', () => {
    expect(first(secretWith([age(mine)]), [[theirs]])).toEqual({
      path: 'apps/x.yaml',
      opens: 'no',
      sentence: `prod cannot open apps/x.yaml: sealed to ${shortName(theirs)}; the cluster holds ${shortName(mine)}`,
      canBeSealedAnew: true,
    });
    expect(shortName(mine)).toMatch(/^age1.{8}….{6}$/);
  });

  it('sealed to others comes with what to put into the policy, in full', () => {
    const notes = (recipient: string) => told(secretWith([age(mine)]), [[recipient]]).notes;
    expect(notes(theirs)).toEqual([
      `Files that are to be opened there must be sealed to ${mine}, so .sops.yaml must name it`,
    ]);
    expect(notes(mine)).toEqual([]);
  });

  it('sealed to a key that the cluster holds can be opened, whoever else it is sealed to', () => {
    const verdict = first(secretWith([age(third), age(mine)]), [[theirs, mine]]);
    expect(verdict).toMatchObject({ opens: 'yes', canBeSealedAnew: false });
    expect(verdict?.sentence).toMatch(/^prod can open apps\/x\.yaml/);
  });

  it('of an SSH key is matched without its comment, and called by its fingerprint', () => {
    const id = ssh.split(' ').slice(0, 2).join(' ');
    expect(first(secretWith([age(id)]), [[ssh]])).toMatchObject({ opens: 'yes' });
    expect(first(secretWith([age(mine)]), [[ssh]])?.sentence).toContain('ssh-ed25519 SHA256:');
  });

  it('of PGP is matched by the fingerprint or its end, and left open where it is not known', () => {
    const held = (...fingerprints: string[]) => secretWith([{ name: 'a.asc', kind: 'pgp', fingerprints }]);
    expect(first(held(pgp), [[`pgp:${pgp}`]])?.opens).toBe('yes');
    expect(first(held(pgp), [[`pgp:${pgp.slice(-16).toLowerCase()}`]])?.opens).toBe('yes');
    expect(first(held(pgp), [[`pgp:${pgp.slice(-8)}`]])?.opens).toBe('no');
    expect(first(held(), [[`pgp:${pgp}`]])?.opens).toBe('unknown');
    expect(first(secretWith([age(mine)]), [[`pgp:${pgp}`]])?.sentence).toContain(`sealed to PGP ${pgp};`);
  });

  it('of a service cannot be judged from here', () => {
    const arn = 'arn:aws:kms:eu-west-1:111122223333:key/abc';
    const verdict = first(undefined, [[`kms:${arn}`]]);
    expect(verdict).toMatchObject({ opens: 'unknown' });
    expect(verdict?.sentence).toContain(`cannot be told from here: it is sealed to ${arn}`);
    expect(told(undefined, [[`kms:${arn}`]]).notes).toEqual([]);
  });

  it.each([
    [2, 'yes'],
    [3, 'no'],
    [undefined, 'no'],
  ] as const)(
    'in three key groups of which two can be opened, with a threshold of %s: %s',
    (threshold, opens) => {
      const verdict = first(secretWith([age(mine, third)]), [[mine], [theirs], [third]], threshold);
      expect(verdict?.opens).toBe(opens);
      if (opens === 'no')
        expect(verdict?.sentence).toContain(
          '3 of its 3 key groups are needed, and 2 can be opened; sealed to',
        );
    },
  );

  it('of several documents is judged by the one that opens worst, whatever the first is', () => {
    const decryption = { path: '', provider: 'sops', secret: secretWith([age(mine)]) };
    const parts = ['apiVersion: v1\nkind: Namespace\n', sealedTo([[mine]]), sealedTo([[theirs]])];
    const judged = (...at: number[]) => {
      const text = at.map((index) => parts[index]).join('---\n');
      return whyDecryptionFails(asked, decryption, [{ path: 'a.yaml', text }]).files[0]?.opens;
    };
    expect([judged(0, 1), judged(1, 2), judged(0, 2, 1)]).toEqual(['yes', 'no', 'no']);
  });

  it('that cannot be read says so, and does not keep others from being judged', () => {
    const decryption = { path: '', provider: 'sops', secret: secretWith([age(mine)]) };
    const files = [
      { path: 'a.yaml', text: 'sops: {lastmodified: never}\n' },
      { path: 'b.json', text: '{"a": ' },
      { path: 'c.yaml', text: sealedTo([[mine]]) },
    ];
    const verdicts = whyDecryptionFails(asked, decryption, files).files;
    expect(verdicts.map(({ opens }) => opens)).toEqual(['unknown', 'unknown', 'yes']);
    expect(verdicts[0]?.sentence).toMatch(/^a\.yaml cannot be read: /);
  });
});

describe('what keeps Flux from decrypting anything', () => {
  const problem = (...given: Parameters<typeof told>) => told(...given).problem;

  it('is a Kustomization without spec.decryption, or with another provider', () => {
    const without = whyDecryptionFails(asked, { path: '', provider: undefined, secret: undefined }, []);
    expect(without.problem).toContain('Kustomization flux-system/apps in prod has no spec.decryption');
    const other = whyDecryptionFails(asked, { path: '', provider: 'vault', secret: undefined }, []);
    expect(other.problem).toContain('provider: vault');
  });

  it('is a Secret that is missing, and then files are told with what they are sealed to', () => {
    const result = told(secretWith([], { state: 'missing' }), [[theirs]]);
    expect(result.problem).toContain('The decryption Secret flux-system/sops-age is not in prod');
    expect(result.files[0]).toMatchObject({
      opens: 'no',
      sentence: `apps/x.yaml is sealed to ${shortName(theirs)}`,
      canBeSealedAnew: false,
    });
    const ofController = told(secretWith([], { state: 'missing', ofController: true }), [[theirs]]);
    expect(ofController.problem).toContain("the controller's --sops-age-secret");
  });

  it('is not known where the Secret may not be read, and the right is named', () => {
    const result = told(secretWith([], { state: 'forbidden' }), [[theirs]]);
    expect(result.problem).toContain('You may not get secrets flux-system/sops-age in prod');
    expect(result.files[0]?.opens).toBe('unknown');
  });

  it('is a Secret with a key that Flux stops at, though another one would do', () => {
    const keys: HeldKey[] = [age(mine), { name: 'b.agekey', kind: 'unusable', reason: 'it is not text' }];
    expect(problem(secretWith(keys), [[mine]])).toContain(
      'Flux stops at b.agekey in the Secret flux-system/sops-age, and decrypts nothing: it is not text',
    );
    expect(first(secretWith(keys), [[mine]])?.opens).toBe('no');
  });

  it('is a Secret in which no key has a name that Flux looks for', () => {
    const key: HeldKey = { name: 'age.key', kind: 'passed-over', holds: 'age', recipients: [mine] };
    expect(problem(secretWith([key]), [[mine]])).toBe(
      `Flux passes over age.key in the Secret flux-system/sops-age, which holds ${shortName(mine)}: its name must end in .agekey`,
    );
    expect(problem(secretWith([]), [[mine]])).toContain(
      'has no key that Flux uses: it looks for NAME.agekey',
    );
    const beside = told(secretWith([age(theirs), key]), [[mine]]);
    expect([beside.problem, beside.notes.slice(0, 1)]).toEqual([
      undefined,
      [expect.stringContaining('passes over age.key')],
    ]);
  });

  it('is a key that decrypts nothing', () => {
    const key: HeldKey = { name: 'a.asc', kind: 'inert', reason: 'it is a public PGP key' };
    expect(problem(secretWith([key]), [[mine]])).toBe(
      'Flux cannot decrypt with a.asc: it is a public PGP key',
    );
  });

  it('may be that no Secret is named, for files that need one', () => {
    const result = told(undefined, [[mine]]);
    expect(result.notes).toEqual([expect.stringContaining('names no Secret in spec.decryption.secretRef')]);
    expect(result.files[0]?.sentence).toContain('the cluster holds no key');
  });
});

describe('where there is nothing to compare', () => {
  it.each([
    [[], './', 'No file that SOPS encrypted was found in ./'],
    [undefined, './apps', 'No open folder has ./apps, its spec.path'],
  ])('it is said', (files, path, note) => {
    const decryption = { path, provider: 'sops', secret: secretWith([age(mine)]) };
    expect(whyDecryptionFails(asked, decryption, files).notes).toEqual([expect.stringContaining(note)]);
  });
});

it('names from a cluster and a file cannot disguise the sentence', () => {
  const key: HeldKey = { name: 'a\u202e.agekey\n', kind: 'inert', reason: 'it needs a plugin of age' };
  const file = { path: 'a\u202eb.yaml', text: sealedTo([['"pgp:x\\u202ey"', 'age1\u200b']]) };
  const secret = secretWith([key, age(mine)], { name: 'x\u2066' });
  const { problem, notes, files } = whyDecryptionFails(asked, { path: '', provider: 'sops', secret }, [file]);
  const said = [problem, ...notes, ...files.map(({ sentence }) => sentence)].join('');
  expect(said).not.toMatch(/[\u200b\u202e\u2066\n]/);
});
