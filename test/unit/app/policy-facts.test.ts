import { afterEach, describe, expect, it } from 'vitest';
import { KeyRing } from '../../../src/app/key-ring.ts';
import { PolicyFactsFinder } from '../../../src/app/policy-facts.ts';
import { PolicyFinder } from '../../../src/app/policy-finder.ts';
import { sealingKey } from '../../../src/app/sealing-key.ts';
import { audit } from '../../../src/audit/audit.ts';
import { Plaintext } from '../../../src/core/plaintext.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { KeyFolder } from '../../../src/node/key-folder.ts';
import { NodeFiles } from '../../../src/node/node-files.ts';
import { readKeyReference } from '../../../src/policy/key-reference.ts';
import { rsaPair, symmetricKey, Workspace } from '../../support/workspace.ts';
import { registry } from '../schemes/schemes.ts';

const files = new NodeFiles();
const made: Workspace[] = [];
const [rsa, otherRsa] = [rsaPair(), rsaPair()];
afterEach(() => {
  for (const workspace of made.splice(0)) workspace.remove();
});

/** A repository with this policy, a person's own keys, and what they come to. */
function repository(policy: string | undefined, own: Readonly<Record<string, string>> = {}) {
  const [repo, folder] = [new Workspace(), new Workspace()];
  made.push(repo, folder);
  repo.folder('.git');
  if (policy !== undefined) repo.write('.purser.yaml', policy);
  for (const [name, content] of Object.entries(own)) folder.write(name, content);
  const asked: string[] = [];
  const environment = {
    read: async (name: string) => {
      asked.push(name);
      return rsa.publicPem;
    },
  };
  const keys = new KeyRing(files, new KeyFolder(() => folder.root, files), environment);
  const policies = new PolicyFinder(files, () => repo.root).remembering();
  const facts = new PolicyFactsFinder(policies, keys, registry);
  const at = (path: string) => repo.path(path);
  return {
    repo,
    keys,
    asked,
    of: async (path: string) => facts.of(at(path), await policies.findPolicy(at(path))),
    ofSealed: async (path: string) => facts.ofSealed(at(path), await policies.findPolicy(at(path))),
  };
}

const ruleOf = (scheme: string, keys: string, more = '') =>
  `version: 1\nrules:\n  - path: "**"\n    scheme: ${scheme}\n    keys: ${keys}\n${more}`;

describe('the facts of a file under a rule', () => {
  it('hold the names that ciphertexts sealed to its keys carry', async () => {
    const { repo, keys, ofSealed } = repository(ruleOf('jwe', '[a.pem, b.pem, local:own]'), {
      'own.jwk': JSON.stringify({ kty: 'oct', kid: 'mine', k: 'A'.repeat(43) }),
    });
    repo.write('a.pem', rsa.publicPem);
    repo.write('b.pem', otherRsa.publicPem);
    const facts = await ofSealed('x.yaml');
    expect(facts?.recipients?.size).toBe(3);
    expect(facts?.recipients).toContain('mine');
    // As sealing would write it.
    const request = {
      scheme: registry.byId('jwe'),
      reference: readKeyReference('b.pem'),
      site: { base: repo.root, root: repo.root },
      named: true,
      accepted: [],
    };
    const key = await sealingKey(request, keys, { accepts: async () => false }, { holds: async () => false });
    const { token } = await key.scheme.load();
    const sealed = (await token?.seal(Plaintext.fromText('x'), key.material)) ?? '';
    const text = `kind: Secret\nstringData: {password: ${sealed}}\n`;
    const rules = (policy: typeof facts) =>
      audit(scan(text), registry, { name: 'x.yaml', policy }).findings.map(({ rule }) => rule);
    expect(rules(facts)).toEqual(['no-cluster-opener']);
    expect(facts && rules({ ...facts, recipients: new Set(['mine']) })).toContain('wrong-recipient');
  });

  it('are the names of secretbox keys, which need not be there', async () => {
    const { ofSealed } = repository(ruleOf('secretbox', '[local:dev, env:PROD]'));
    expect(await ofSealed('x.yaml')).toMatchObject({ recipients: new Set(['dev', 'PROD']) });
  });

  it.each([
    ['a key that is not there', 'jwe', '[a.pem, none.pem]'],
    ['a key of the person that is not there', 'jwe', '[a.pem, local:none]'],
    ['a file that is no key', 'jwe', '[a.pem, .purser.yaml]'],
    ['a path outside', 'jwe', '[a.pem, ../../etc/hostname]'],
    ['another key than the pinned one', 'jwe', `["a.pem#SHA256:${'A'.repeat(43)}"]`],
    ['a variable, for which nobody is asked', 'jwe', '[a.pem, env:KEY]'],
    ['a secretbox key without a name', 'secretbox', '[local:dev, box.key]'],
    ['a scheme that is not built in', 'sealed-secrets', '[a.pem]'],
  ])('tell no names with %s', async (_, scheme, keys) => {
    const { repo, asked, ofSealed } = repository(ruleOf(scheme, keys));
    repo.write('a.pem', rsa.publicPem);
    repo.write('box.key', symmetricKey());
    expect(await ofSealed('x.yaml')).toMatchObject({ rule: { scheme }, recipients: undefined });
    expect(asked).toEqual([]);
  });

  it('are the same object for the same rule, and read its keys once, when first needed', async () => {
    const { repo, of, ofSealed } = repository(ruleOf('jwe', '[a.pem]'));
    repo.write('a.pem', rsa.publicPem);
    const first = await of('x.yaml');
    expect(first?.recipients).toBeUndefined();
    expect(await of('b/y.yaml')).toBe(first);
    const [sealed, again] = await Promise.all([ofSealed('x.yaml'), ofSealed('b/y.yaml')]);
    expect(sealed?.recipients?.size).toBe(1);
    expect(again).toBe(sealed);
    repo.write('a.pem', 'no key any more');
    expect(await ofSealed('c.yaml')).toBe(sealed);
    expect(await of('d.yaml')).toBe(sealed);
  });

  it('are none where the policy has no rule for it', async () => {
    const { repo, of } = repository('version: 1\nrules: []\n');
    repo.write('.sops.yaml', 'creation_rules: [{age: age1x}]\n');
    expect(await of('x.yaml')).toBeUndefined();
  });
});

describe('the facts of a file that SOPS encrypts', () => {
  const creation = 'creation_rules:\n  - {path_regex: ^apps/, encrypted_regex: ^stringData$}\n';

  it('come from .sops.yaml where there is no policy', async () => {
    const { repo, of, ofSealed } = repository(undefined);
    repo.write('.sops.yaml', creation);
    const facts = await of('apps/x.yaml');
    expect(facts?.rule).toMatchObject({ scheme: 'sops', whole: false });
    expect(['stringData', 'data'].map((map) => facts?.sops?.encrypts([map, 'a']))).toEqual([true, false]);
    expect((await ofSealed('apps/x.yaml'))?.recipients).toBeUndefined();
    expect((await of('other/x.yaml'))?.rule).toBeUndefined();
  });

  it('come from the nearest .sops.yaml alone', async () => {
    const { repo, of } = repository(undefined);
    repo.write('.sops.yaml', creation);
    repo.write('apps/.sops.yaml', 'creation_rules: []\n');
    expect((await of('apps/y/x.yaml'))?.rule).toBeUndefined();
  });

  it('come from both where a rule says sops', async () => {
    const { repo, of } = repository('version: 1\nrules: [{path: "**", scheme: sops, opened-by: pipeline}]\n');
    expect((await of('apps/x.yaml'))?.sops?.encrypts(['data', 'a'])).toBe(true);
    repo.write('deep/.sops.yaml', creation);
    const facts = await of('deep/apps/x.yaml');
    expect(facts?.rule).toMatchObject({ scheme: 'sops', openedBy: 'pipeline' });
    expect(facts?.sops?.encrypts(['data', 'a'])).toBe(false);
    // No creation rule matches, and the policy says sops all the same.
    expect((await of('deep/x.yaml'))?.sops?.encrypts(['data', 'a'])).toBe(true);
  });

  it('say nothing where .sops.yaml cannot be read', async () => {
    for (const content of ['creation_rules: [', new Uint8Array([0xff, 0xfe, 0x00, 0xd8])]) {
      const { repo, of } = repository(undefined);
      repo.write('.sops.yaml', content);
      expect(await of('x.yaml')).toBeUndefined();
      repo.write('a/.purser.yaml', 'version: 1\nrules: [{path: "**", scheme: sops}]\n');
      expect(await of('a/x.yaml')).toMatchObject({ rule: { scheme: 'sops' } });
      expect((await of('a/x.yaml'))?.sops).toBeUndefined();
    }
  });
});
