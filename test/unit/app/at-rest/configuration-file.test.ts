import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  holdsKeysInClear,
  isConfigurationFile,
  repositoryAround,
  withConfigurationRule,
  withIgnoredFile,
} from '../../../../src/app/at-rest/configuration-file.ts';
import { gitHolds } from '../../../../src/node/git-holds.ts';
import { NodeFiles } from '../../../../src/node/node-files.ts';
import { allSchemes } from '../../../support/schemes.ts';
import { Workspace } from '../../../support/workspace.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => 9 + at * 5)).toString('base64');
const configuration = (secret: string) =>
  `apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources: [{resources: [secrets], providers: [{aesgcm: {keys: [{name: a, secret: "${secret}"}]}}]}]\n`;

let folder: Workspace;
beforeEach(() => {
  folder = new Workspace();
});
afterEach(() => folder.remove());

describe('a file that is a configuration', () => {
  it('is told from one that holds one', () => {
    expect(isConfigurationFile(configuration(key))).toBe(true);
    expect(isConfigurationFile(`a: |\n  ${configuration(key).replaceAll('\n', '\n  ')}`)).toBe(false);
    expect(isConfigurationFile('')).toBe(false);
  });

  it('holds keys in clear, well-known ones too', () => {
    const registry = allSchemes();
    expect(holdsKeysInClear(configuration(key), registry)).toBe(true);
    expect(holdsKeysInClear(configuration('c2VjcmV0IGlzIHNlY3VyZQ=='), registry)).toBe(true);
    expect(holdsKeysInClear(configuration('ENC[AES256_GCM,data:AA==]'), registry)).toBe(false);
  });
});

describe('the rule for one file', () => {
  it('goes before another that matches', () => {
    const before = 'version: 1\nrules:\n- path: "**"\n  scheme: jwe\n  keys: [a.pem]\n';
    const rule = { path: 'etcd/a.yaml.enc', key: 'local:mine', first: true };
    const after = withConfigurationRule(before, rule);
    expect(after.indexOf('etcd/a.yaml.enc')).toBeLessThan(after.indexOf('"**"'));
    expect(() => withConfigurationRule(before, { ...rule, first: false })).toThrow(
      expect.objectContaining({ code: 'edit.unverified' }),
    );
  });
});

describe('.gitignore', () => {
  it.each(['a.yaml', 'deep/b c.yaml', 'odd/[x]*?.yaml', 'ends with blank ', '#hash', '!not'])(
    'leaves out this one file, and git agrees: %s',
    (path) => {
      folder.write('.git/HEAD', 'ref: refs/heads/main\n');
      folder.write('.gitignore', withIgnoredFile('dist', path));
      folder.write(path, 'x');
      folder.write('other.yaml', 'x');
      expect(gitHolds(folder.path(path), folder.root)).toBe(false);
      expect(gitHolds(folder.path('other.yaml'), folder.root)).toBe(true);
    },
  );

  it('keeps what is there, and its line breaks, and says nothing twice', () => {
    expect(withIgnoredFile('a\r\nb', 'c')).toBe('a\r\nb\r\n/c\r\n');
    expect(withIgnoredFile(undefined, 'c')).toBe('/c\n');
    expect(withIgnoredFile('/c\n', 'c')).toBe('/c\n');
  });
});

describe('the repository around a path', () => {
  it('is found from folders that are yet to be made, and from worktrees, whose .git is a file', async () => {
    const files = new NodeFiles();
    folder.write('repo/.git', 'gitdir: elsewhere\n');
    const root = await files.realPath(folder.path('repo'));
    expect(await repositoryAround(folder.path('repo/a/b/c.yaml'), files)).toBe(root);
    expect(await repositoryAround(folder.path('c.yaml'), files)).toBeUndefined();
  });
});
