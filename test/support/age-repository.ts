import { generateAgeKey } from '../../src/crypto/age/keygen.ts';
import type { Sandbox } from './cli.ts';

/** A repository whose `.sops.yaml` names one age key, which the person has where sops looks for it. */
export interface AgeRepository {
  readonly repo: Sandbox;
  readonly recipient: string;
  /** Names the key file, for sops and Purser alike. */
  readonly env: { readonly SOPS_AGE_KEY_FILE: string };
}

export async function ageRepository(
  repo: Sandbox,
  rule = 'encrypted_regex: ^(data|stringData)$',
): Promise<AgeRepository> {
  const { keyFile, recipient } = await generateAgeKey(new Date(0));
  const secret = keyFile.exposeText() ?? '';
  repo.secret(secret.split('\n')[2] ?? '');
  repo.write('.sops.yaml', `creation_rules:\n  - ${rule}\n    age: ${recipient}\n`);
  return { repo, recipient, env: { SOPS_AGE_KEY_FILE: repo.localKey('own.txt', secret) } };
}

/** The keys of the lines that are not at their place in `before`; `lastmodified` apart, which stays within one second. */
export function changedKeys(before: string, after: string): readonly string[] {
  const lines = before.split('\n');
  return after
    .split('\n')
    .filter((line, at) => line !== lines[at])
    .map((line) => /[\w-]+/.exec(line)?.[0] ?? '')
    .filter((key) => key !== 'lastmodified');
}
