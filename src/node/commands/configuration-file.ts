import { resolve } from 'node:path';
import { openConfiguration } from '../../app/at-rest/open-configuration.ts';
import { Failure } from '../../core/errors.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { CliContext } from './context.ts';
import { documentWish } from './document-wish.ts';
import { readInput } from './file-io.ts';
import { openingKeys } from './opening-keys.ts';

/** The EncryptionConfiguration that a command line names, sealed or not. Throws what reading and opening it throws, with its path. */
export async function configurationFile(
  path: string | undefined,
  keys: readonly string[],
  context: CliContext,
): Promise<EncryptionConfiguration | undefined> {
  if (path === undefined) return undefined;
  try {
    return await open(path, keys, context);
  } catch (error) {
    throw error instanceof Failure ? error.at({ path }) : error;
  }
}

async function open(
  path: string,
  keys: readonly string[],
  context: CliContext,
): Promise<EncryptionConfiguration> {
  const place = resolve(context.terminal.cwd, path === '-' ? 'stdin' : path);
  const { bytes } = await readInput(path, context);
  const { registry, documents } = context;
  return openConfiguration(bytes, {
    registry,
    documents,
    keysFor: await openingKeys(path, keys.map(readKeyArgument), context),
    path: place,
    answer: await context.policies.find(place),
    wish: documentWish({ keys }, context),
    signal: new AbortController().signal,
  });
}
