import { mayBeConfiguration } from '../../audit/at-rest/configuration-findings.ts';
import { audit } from '../../audit/audit.ts';
import { Failure } from '../../core/errors.ts';
import { readConfiguration } from '../../manifest/at-rest/read-configuration.ts';
import { scan } from '../../manifest/scan.ts';
import { addRule } from '../../policy/add-rule.ts';
import { ruleFor } from '../../policy/policy.ts';
import { readPolicy } from '../../policy/read-policy.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { Files } from '../ports.ts';

/** What a file is called that is nothing but a sealed configuration. */
export const sealedEnding = '.enc';

/** Whether kube-apiserver would take a file for a configuration, right or wrong; one inside of another file is none. */
export function isConfigurationFile(text: string): boolean {
  return mayBeConfiguration(text) && readConfiguration(text).configuration !== undefined;
}

/** Whether keys of encryption at rest stand in a text in clear. */
export function holdsKeysInClear(text: string, registry: SchemeRegistry): boolean {
  const { findings } = audit(scan(text), registry);
  return findings.some(({ rule }) => rule === 'private-key-in-repo' || rule === 'at-rest/sample-key');
}

/**
 * The text of a policy by which one file is one Fernet ciphertext; nothing else of it changes. Throws `policy.invalid`,
 * `edit.unverified`.
 */
export function withConfigurationRule(
  text: string | undefined,
  { path, key, first }: { readonly path: string; readonly key: string; readonly first: boolean },
): string {
  const after = addRule(text, { path, scheme: 'fernet', key, whole: true, first });
  const rule = ruleFor(readPolicy(after).policy, path);
  if (rule?.whole !== true || rule.keys[0]?.text !== key) throw new Failure('edit.unverified', {});
  return after;
}

/** The repository around a path, which need not exist yet: its root. Symbolic links are followed as far as the path exists. */
export async function repositoryAround(path: string, files: Files): Promise<string | undefined> {
  let folder = files.parent(path);
  while (!(await files.exists(folder)) && files.parent(folder) !== folder) folder = files.parent(folder);
  folder = await files.realPath(folder);
  for (;;) {
    if (await files.exists(files.join(folder, '.git'))) return folder;
    const above = files.parent(folder);
    if (above === folder) return undefined;
    folder = above;
  }
}

/** The text of a `.gitignore` at a repository's root that leaves one file out. The path is relative and `/`-separated. */
export function withIgnoredFile(text: string | undefined, path: string): string {
  // What these stand for must be itself; a blank at the end would be cut off.
  const line = `/${path.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ')}`;
  const before = text ?? '';
  if (before.split(/\r?\n/).includes(line)) return before;
  const eol = before.includes('\r\n') ? '\r\n' : '\n';
  return `${before}${before === '' || before.endsWith('\n') ? '' : eol}${line}${eol}`;
}
