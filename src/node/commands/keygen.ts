import { resolve } from 'node:path';
import type { Plaintext } from '../../core/plaintext.ts';
import { isKeyName } from '../../policy/key-reference.ts';
import { isValueScheme } from '../../schemes/registry.ts';
import type { CliContext, ExitCode } from './context.ts';
import { usage } from './file-io.ts';

export interface KeygenOptions {
  readonly kind: string;
  readonly name: string | undefined;
  readonly output: string | undefined;
  readonly publicOutput: string | undefined;
}

/** A new key as its files hold it. */
interface NewKey {
  readonly secret: Plaintext;
  readonly publicHalf: string | undefined;
  readonly extension: string;
  /** What its owner tells others. */
  readonly publicName: string | undefined;
}

/** `purser keygen`: a new key. Private files are 0600 and never overwritten. */
export async function keygen(options: KeygenOptions, context: CliContext): Promise<ExitCode> {
  const { files, terminal } = context;
  const { name } = options;
  if (name !== undefined && !isKeyName(name)) {
    throw usage(
      'a key name is 1 to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
    );
  }
  const key = await generate(options, context);
  const publicPath = options.publicOutput && resolve(terminal.cwd, options.publicOutput);
  // The public file first: a private key that is there is never lost for want of the other half.
  if (publicPath !== undefined)
    await files.create(publicPath, new TextEncoder().encode(key.publicHalf ?? ''), 0o644);
  try {
    if (options.output === undefined) terminal.out(key.secret.expose());
    else await files.create(resolve(terminal.cwd, options.output), key.secret.expose());
  } catch (error) {
    if (publicPath !== undefined) await files.remove(publicPath);
    throw error;
  }
  if (key.publicName !== undefined) terminal.say(`purser: ${key.publicName}`);
  if (name !== undefined)
    terminal.say(`purser: keep it in the key folder as ${name}.${key.extension} and name it local:${name}`);
  return 0;
}

async function generate(options: KeygenOptions, { registry }: CliContext): Promise<NewKey> {
  const { kind } = options;
  if (kind === 'age') return generateAge();
  if (!isValueScheme(kind)) throw usage(`keygen makes jwe, fernet, secretbox and age keys, not ${kind}`);
  const scheme = registry.byId(kind);
  if (options.publicOutput !== undefined && scheme.traits.sealsWith !== 'public')
    throw usage(`a ${kind} key has no public half`);
  const crypto = await scheme.load();
  const { secret, publicPem, extension } = await crypto.generate();
  const material = { ref: options.output ?? 'stdout', name: options.name, bytes: secret };
  return { secret, publicHalf: publicPem, extension, publicName: crypto.inspect(material).fingerprint };
}

/** As age-keygen writes it; its recipient is its own fingerprint. */
async function generateAge(): Promise<NewKey> {
  const { generateAgeKey } = await import('../../crypto/age/keygen.ts');
  const { keyFile, recipient } = await generateAgeKey(new Date());
  return { secret: keyFile, publicHalf: `${recipient}\n`, extension: 'age', publicName: recipient };
}
