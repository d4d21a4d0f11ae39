import { type EncryptChoice, entriesToSeal, planEncrypt, type Verification } from '../../app/encrypt.ts';
import { howToSeal } from '../../app/how-to-seal.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import { type SealingKey, sealingKey } from '../../app/sealing-key.ts';
import { sealWhole, wholeFileToSeal } from '../../app/whole-file.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { findEntry, type Located, readAddress } from '../../manifest/address.ts';
import { encodeFile } from '../../manifest/file-text.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import { isSchemeId } from '../../schemes/registry.ts';
import type { CliContext, ExitCode } from './context.ts';
import {
  checkOutput,
  editableText,
  type InputFile,
  type OutputOptions,
  policyPath,
  readInput,
  usage,
  writeResult,
} from './file-io.ts';
import { forEachFile } from './report.ts';

export interface EncryptOptions extends OutputOptions {
  readonly paths: readonly string[];
  readonly scheme: string | undefined;
  readonly keys: readonly string[];
  readonly entries: readonly string[];
  readonly all: boolean;
  readonly whole: boolean;
  readonly accepted: readonly string[];
}

/** `purser encrypt`: seals what policy, or the options, say. */
export async function encrypt(options: EncryptOptions, context: CliContext): Promise<ExitCode> {
  checkOutput(options.paths, options);
  return forEachFile(options.paths, context.terminal, (path) => encryptFile(path, options, context));
}

async function encryptFile(path: string, options: EncryptOptions, context: CliContext): Promise<ExitCode> {
  const input = await readInput(path, context);
  const answer = await context.policies.find(policyPath(path, options, context));
  const site = { base: context.terminal.cwd, root: undefined };
  const { scheme } = options;
  if (scheme !== undefined && !isSchemeId(scheme))
    throw usage(`--scheme takes jwe, fernet or secretbox, not ${scheme}`);
  const how = await howToSeal(
    answer,
    { scheme, keys: options.keys.map(readKeyArgument), site },
    context.keys,
  );
  const key = () =>
    sealingKey(
      { ...how, scheme: context.registry.byId(how.scheme), accepted: options.accepted },
      context.keys,
      context.trust,
      context.repository,
    );
  if (options.whole || how.whole) return encryptWhole(input, key, options, context);
  return encryptEntries(input, key, options, context);
}

async function encryptWhole(
  input: InputFile,
  key: () => Promise<SealingKey>,
  options: EncryptOptions,
  context: CliContext,
): Promise<ExitCode> {
  const state = wholeFileToSeal(Buffer.from(input.bytes).toString('latin1'), context.registry);
  if (state !== 'plaintext') {
    await writeResult(input, input.bytes, true, options, context);
    const why = state === 'token' ? 'encrypted already' : 'nothing to encrypt (the file is empty)';
    context.terminal.say(`purser: ${input.path}: ${why}`);
    return 0;
  }
  const { token, verification } = await sealWhole(new Plaintext(input.bytes), await key());
  await writeResult(input, new TextEncoder().encode(token), true, options, context);
  context.terminal.say(`purser: ${input.path}: the file is encrypted${unverified(verification)}`);
  return 0;
}

async function encryptEntries(
  input: InputFile,
  key: () => Promise<SealingKey>,
  options: EncryptOptions,
  context: CliContext,
): Promise<ExitCode> {
  const file = editableText(input);
  const manifest = ManifestText.read(file.text);
  const choice = choose(manifest, options);
  if (entriesToSeal(choice, context.registry).length === 0) {
    await writeResult(input, input.bytes, true, options, context);
    context.terminal.say(
      `purser: ${input.path}: nothing to encrypt (${manifest.entries().length} values looked at)`,
    );
    return 0;
  }
  const plan = await planEncrypt(
    manifest,
    choice,
    await key(),
    context.registry,
    new AbortController().signal,
  );
  await writeResult(input, encodeFile(plan.text, file), true, options, context);
  const skipped = plan.alreadySealed === 0 ? '' : `, ${plan.alreadySealed} were encrypted already`;
  context.terminal.say(
    `purser: ${input.path}: ${plan.sealed} encrypted${skipped}${unverified(plan.verification)}`,
  );
  return 0;
}

function choose(manifest: ManifestText, { entries, all }: EncryptOptions): EncryptChoice {
  if (entries.length > 0) {
    const among = entries.map(
      (spelled): Located => findEntry(manifest.manifest, readAddress(spelled), spelled),
    );
    return { which: 'these', among: distinct(among) };
  }
  return { which: all ? 'all-literals' : 'plaintext', among: manifest.entries() };
}

/** An entry may be named twice, in full and in short. */
function distinct(among: readonly Located[]): readonly Located[] {
  return [...new Map(among.map((located) => [located.entry, located])).values()];
}

function unverified(verification: Verification): string {
  return verification === 'opened' ? '' : ' (not opened again to verify: the private key is not at hand)';
}
