import { describe, expect, it } from 'vitest';
import { useCli } from '../../support/cli.ts';

const { sandbox } = useCli();
const value = 'ENC[AES256_GCM,data:Tr7o,iv:1=,tag:2=,type:str]';

describe('purser scan of a Flux repository', () => {
  const repository = () => {
    const repo = sandbox();
    repo.write(
      'apps/db.yaml',
      `kind: Secret\nmetadata: {name: db}\nstringData:\n  a: ${value}\nsops:\n  mac: ${value}\n`,
    );
    repo.write(
      'clusters/prod/apps.yaml',
      'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\nspec:\n  path: apps\n  sourceRef: {kind: GitRepository, name: flux-system}\n',
    );
    return repo;
  };

  it.each([[['scan']], [['scan', '.']]])('tells what Flux cannot decrypt: %s', async (args) => {
    const ran = await repository().run(args);
    expect(ran.stdout).toMatch(
      /^clusters\/prod\/apps\.yaml:2:7: warning flux\/missing-decryption: Kustomization apps applies apps\/db\.yaml, /,
    );
    expect(ran.code).toBe(0);
  });

  it('tells nothing of it where only a part is looked through', async () => {
    expect((await repository().run(['scan', 'apps', 'clusters'])).stdout).toBe('');
  });
});

describe('purser scan under a .sops.yaml that SOPS would misread', () => {
  it('tells once what is the matter with it, and goes on', async () => {
    const repo = sandbox();
    repo.write('.sops.yaml', 'creation_rules:\n  - encrypted_regexp: ^data$\n    age: age1x\n');
    for (const name of ['a', 'b'])
      repo.write(`${name}.yaml`, 'kind: Secret\nstringData:\n  password: hunter2-canary\n');
    repo.secret('hunter2-canary');
    const ran = await repo.run(['scan']);
    expect(ran.code).toBe(1);
    expect(ran.stdout.trim().split('\n')).toHaveLength(2);
    expect(ran.stderr).toMatch(
      /^purser: \.sops\.yaml:2: a rule has no "encrypted_regexp"; it has path_regex, /,
    );
    expect(ran.stderr.match(/encrypted_regexp/g)).toHaveLength(1);
  });
});
