import { resolve } from 'node:path';
import { isKeyName } from '../../policy/key-reference.ts';
import { isSchemeId } from '../../schemes/registry.ts';
import type { CliContext, ExitCode } from './context.ts';
import { usage } from './file-io.ts';

export interface KeygenOptions {
  readonly kind: string;
  readonly name: string | undefined;
  readonly output: string | undefined;
  readonly publicOutput: string | undefined;
}

/** `purser keygen`: a new key. Private files are 0600 and never overwritten. */
export async function keygen(
  options: KeygenOptions,
  { registry, files, terminal }: CliContext,
): Promise<ExitCode> {
  const { kind, name } = options;
  if (!isSchemeId(kind)) throw usage(`keygen makes jwe, fernet and secretbox keys, not ${kind}`);
  if (name !== undefined && !isKeyName(name)) {
    throw usage(
      'a key name is 1 to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
    );
  }
  const scheme = registry.byId(kind);
  if (options.publicOutput !== undefined && scheme.traits.sealsWith !== 'public')
    throw usage(`a ${kind} key has no public half`);
  const crypto = await scheme.load();
  const key = await crypto.generate();
  const publicPath = options.publicOutput && resolve(terminal.cwd, options.publicOutput);
  // The public file first: a private key that is there is never lost for want of the other half.
  if (publicPath !== undefined)
    await files.create(publicPath, new TextEncoder().encode(key.publicPem ?? ''), 0o644);
  try {
    if (options.output === undefined) terminal.out(key.secret.expose());
    else await files.create(resolve(terminal.cwd, options.output), key.secret.expose());
  } catch (error) {
    if (publicPath !== undefined) await files.remove(publicPath);
    throw error;
  }
  const { fingerprint } = crypto.inspect({ ref: options.output ?? 'stdout', name, bytes: key.secret });
  if (fingerprint !== undefined) terminal.say(`purser: ${fingerprint}`);
  if (name !== undefined)
    terminal.say(`purser: keep it in the key folder as ${name}.${key.extension} and name it local:${name}`);
  return 0;
}
