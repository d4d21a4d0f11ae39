import { compareConfigurations, type ResourceDifference } from '../../manifest/at-rest/compare.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { readersOf } from '../../manifest/at-rest/readers.ts';
import type { KeyId } from './key-uses.ts';

/** An EncryptionConfiguration in a file. */
export interface ConfigurationFile {
  readonly path: string;
  /** Of its bytes on disk, as `configurationHash` spells it. */
  readonly hash: string;
  /** Undefined where it cannot be understood. */
  readonly configuration: EncryptionConfiguration | undefined;
}

/** A file beside what an API server runs. */
export interface ComparedFile {
  readonly file: ConfigurationFile;
  /** `unknown`: the API server does not tell what it runs. */
  readonly verdict: 'runs' | 'differs' | 'unknown';
  /** Whether it names a key that was seen in this cluster: then it may be an earlier or later state of what runs. */
  readonly isLikely: boolean;
  /** What it would change; undefined where the file that runs is not known. */
  readonly changes: readonly ResourceDifference[] | undefined;
}

/**
 * Compares files with the configuration that an API server runs: that one first, then those that may be other states of it.
 * @param runs the hash of the configuration that runs
 * @param seen keys that were seen to read or write
 */
export function compareFiles(
  files: readonly ConfigurationFile[],
  runs: string | undefined,
  seen: readonly KeyId[],
): readonly ComparedFile[] {
  const running = files.find(({ hash }) => hash === runs)?.configuration;
  const known = new Set([...seen.flatMap(idOf), ...(running === undefined ? [] : keyIds(running))]);
  const compared = files.map((file): ComparedFile => {
    const { configuration, hash } = file;
    const isRunning = hash === runs;
    const isLikely = configuration !== undefined && keyIds(configuration).some((id) => known.has(id));
    const isOther = !isRunning && isLikely && running !== undefined;
    return {
      file,
      verdict: runs === undefined ? 'unknown' : isRunning ? 'runs' : 'differs',
      isLikely,
      changes: isOther ? compareConfigurations(running, configuration) : undefined,
    };
  });
  const rank = ({ verdict, isLikely }: ComparedFile) => (verdict === 'runs' ? 0 : isLikely ? 1 : 2);
  return compared.toSorted((a, b) => rank(a) - rank(b));
}

function keyIds({ resources }: EncryptionConfiguration): readonly string[] {
  const readers = resources.flatMap(({ providers }) => readersOf(providers.items));
  return readers.filter(({ kind }) => kind !== 'identity').map(({ id }) => id);
}

function idOf({ provider, keyName }: KeyId): readonly string[] {
  return keyName === undefined ? [] : [`${provider.replace(/ v[12]$/, '')}/${keyName}`];
}
