import { describe, expect, it } from 'vitest';
import { useCli } from '../../support/cli.ts';
import { GitRepository } from '../../support/git.ts';

const { sandbox } = useCli();
const item = Buffer.concat([Buffer.from([2, 0]), Buffer.alloc(600, 7)]).toString('base64');
const sealed = (metadata: string, comment = '') =>
  `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n${metadata}spec:\n  encryptedData:\n    password: ${item}${comment}\n`;
const prod = '  name: db\n  namespace: prod\n';

describe('purser scan --staged of SealedSecrets', () => {
  async function findings(before: string | undefined, now: string) {
    const repo = GitRepository.init(sandbox());
    repo.sandbox.write('other.yaml', 'kind: ConfigMap\n');
    if (before !== undefined) repo.sandbox.write('db.yaml', before);
    repo.commit();
    repo.sandbox.write('db.yaml', now);
    repo.git('add', '.');
    const args = ['scan', '--staged', '--format', 'json'];
    const { stdout, code } = await repo.sandbox.run(args, { cwd: repo.folder });
    const found: { rule: string; entry: string; message: string; range: { start: { line: number } } }[] =
      JSON.parse(stdout).findings;
    return { code, found: found.map(({ rule, message, range }) => [rule, message, range.start.line]) };
  }

  it('warns of one that is renamed under its ciphertext', async () => {
    expect(await findings(sealed(prod), sealed(prod.replace('prod', 'stage')))).toEqual({
      code: 0,
      found: [
        [
          'moved-ciphertext',
          'encryptedData.password of SealedSecret stage/db was sealed for prod/db: the controller cannot open it here',
          8,
        ],
      ],
    });
  });

  it('says nothing of a new one, of one that stays, and of one that a comment excuses', async () => {
    const none = { code: 0, found: [] };
    expect(await findings(undefined, sealed(prod))).toEqual(none);
    expect(await findings(sealed(prod), `# moved\n${sealed(prod)}`)).toEqual(none);
    const excused = sealed('  name: b\n', ' # purser:ignore moved-ciphertext the controller knows both');
    expect(await findings(sealed(prod), excused)).toEqual(none);
  });
});
