import { isAbsolute, join, sep } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { KeyFile } from '../app/keys/known-keys.ts';
import type { Environment, Files } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { KeyMaterial } from '../schemes/keys.ts';

/** Where to look for what sops would find. */
export interface AgeIdentityPlaces {
  readonly files: Pick<Files, 'read' | 'exists' | 'join'>;
  /** Asked for SOPS' own variables only. */
  readonly environment: Environment;
  readonly home: string;
  /** `sopsConfigFolder`; undefined where there is none. */
  readonly configFolder: string | undefined;
  /** What relative paths in variables are relative to. */
  readonly workingFolder: string;
}

export interface AgeIdentities {
  /** Key files and keys, in the order in which sops names its places; not read yet, so they may be no keys. */
  readonly found: readonly KeyMaterial[];
  /** Variables that hold a command which would print a key. Purser runs none of them. */
  readonly commands: readonly string[];
  /** Files that are there or are named, and cannot be read. */
  readonly failures: readonly Failure<'key.unreadable'>[];
}

/** One of the places, in sops' own order (3.13). */
type Place =
  | { readonly is: 'text' | 'path' | 'command'; readonly variable: string }
  | { readonly is: 'file'; readonly path: string };

/** Collects the age identities that sops would try, from its variables and files. */
export async function findAgeIdentities(places: AgeIdentityPlaces): Promise<AgeIdentities> {
  const found: KeyMaterial[] = [];
  const commands: string[] = [];
  const failures: Failure<'key.unreadable'>[] = [];
  const seen = new Set<string>();
  // A path is not said in a failure: some put the key itself where its file belongs.
  const read = async (path: string, ref: string) => {
    if (seen.has(path)) return;
    seen.add(path);
    try {
      found.push({ ref, name: undefined, bytes: new Plaintext(await places.files.read(path)) });
    } catch (error) {
      failures.push(unreadable(ref, error));
    }
  };
  for (const place of placesOf(places)) {
    if (place.is === 'file') {
      if (await places.files.exists(place.path)) await read(place.path, place.path);
      continue;
    }
    const { is, variable } = place;
    const value = await places.environment.read(variable);
    if (value === undefined || value === '') continue;
    if (is === 'command') commands.push(variable);
    else if (is === 'text') found.push({ ref: variable, name: undefined, bytes: Plaintext.fromText(value) });
    else await read(places.files.join(places.workingFolder, value), variable);
  }
  return { found, commands, failures };
}

/** The file that sops itself keeps age identities in, where there is one that can be read. No variable is read, and no SSH key. */
export async function sopsKeyFile({
  files,
  home,
  configFolder,
}: Pick<AgeIdentityPlaces, 'files' | 'home' | 'configFolder'>): Promise<readonly KeyFile[]> {
  const path = keysFileIn(configFolder);
  if (path === undefined) return [];
  const ref = path.startsWith(`${home}${sep}`) ? `~${path.slice(home.length)}` : path;
  try {
    return [{ path, ref, schemes: ['sops'], bytes: new Plaintext(await files.read(path)) }];
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

function keysFileIn(configFolder: string | undefined): string | undefined {
  return configFolder === undefined || configFolder === ''
    ? undefined
    : join(configFolder, 'sops', 'age', 'keys.txt');
}

function placesOf({ home, configFolder }: AgeIdentityPlaces): readonly Place[] {
  const keysFile = keysFileIn(configFolder);
  return [
    { is: 'path', variable: 'SOPS_AGE_SSH_PRIVATE_KEY_FILE' },
    { is: 'command', variable: 'SOPS_AGE_SSH_PRIVATE_KEY_CMD' },
    { is: 'file', path: join(home, '.ssh', 'id_ed25519') },
    { is: 'file', path: join(home, '.ssh', 'id_rsa') },
    { is: 'text', variable: 'SOPS_AGE_KEY' },
    { is: 'path', variable: 'SOPS_AGE_KEY_FILE' },
    { is: 'command', variable: 'SOPS_AGE_KEY_CMD' },
    ...(keysFile === undefined ? [] : [{ is: 'file', path: keysFile } as const]),
  ];
}

function unreadable(ref: string, error: unknown): Failure<'key.unreadable'> {
  if (Failure.is(error, 'file.unreadable'))
    return new Failure('key.unreadable', { ref, reason: error.details.reason });
  if (Failure.is(error, 'file.too-large'))
    return new Failure('key.unreadable', { ref, reason: l10n.t('it is too large for a key file') });
  throw error;
}

/** The folder in which sops looks for `sops/age/keys.txt`; undefined where nothing says which. */
export function sopsConfigFolder(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  home: string,
): string | undefined {
  if (platform === 'win32') return env['APPDATA'];
  const configured = env['XDG_CONFIG_HOME'];
  // A relative one would be looked for in the repository.
  if (configured !== undefined && configured !== '') return isAbsolute(configured) ? configured : undefined;
  return platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.config');
}
