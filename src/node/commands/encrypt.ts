import { documentAround } from '../../app/documents/whole-documents.ts';
import { type EncryptChoice, entriesToSeal, planEncrypt } from '../../app/encrypt.ts';
import { type NamedValue, valuesIn } from '../../app/history/sealed-values.ts';
import { howToSeal } from '../../app/how-to-seal.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { type SealingKey, sealingKey } from '../../app/sealing-key.ts';
import { sealWhole, wholeFileToSeal } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { findEntry, type Located, readAddress } from '../../manifest/address.ts';
import { encodeFile } from '../../manifest/file-text.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import { isDocumentScheme } from '../../schemes/document-scheme.ts';
import { isValueScheme } from '../../schemes/registry.ts';
import type { SchemeId } from '../../schemes/scheme.ts';
import type { CliContext, ExitCode } from './context.ts';
import { encryptDocuments } from './encrypt-documents.ts';
import type { EncryptOptions } from './encrypt-options.ts';
import {
  checkOutput,
  editableText,
  type InputFile,
  policyPath,
  readInput,
  unverified,
  usage,
  writeResult,
} from './file-io.ts';
import { counted, forEachFile } from './report.ts';
import { type SealedFile, sayPast } from './say-past.ts';

/** `purser encrypt`: seals what policy, or the options, say. */
export async function encrypt(options: EncryptOptions, context: CliContext): Promise<ExitCode> {
  checkOutput(options.paths, options);
  const sealed: SealedFile[] = [];
  const code = await forEachFile(options.paths, context.terminal, async (path) => {
    sealed.push(await encryptFile(path, options, context));
    return 0;
  });
  // Last of all: whoever does not wait for it has every file written, and was told of each.
  await sayPast(sealed, context);
  return code;
}

function isScheme(text: string): text is SchemeId {
  return isValueScheme(text) || isDocumentScheme(text);
}

async function encryptFile(named: string, options: EncryptOptions, context: CliContext): Promise<SealedFile> {
  const input = await readInput(named, context);
  const path = policyPath(named, options, context);
  const answer = await context.policies.find(path);
  const values = await encryptInput(input, answer, options, context);
  return { named, path, root: answer.root, values };
}

/** What it sealed. */
async function encryptInput(
  input: InputFile,
  answer: PolicyAnswer,
  options: EncryptOptions,
  context: CliContext,
): Promise<readonly NamedValue[]> {
  const site = { base: context.terminal.cwd, root: undefined };
  const { scheme } = options;
  if (scheme !== undefined && !isScheme(scheme))
    throw usage(`--scheme takes jwe, fernet, secretbox, sealed-secrets or sops, not ${scheme}`);
  const how = await howToSeal(
    answer,
    { scheme, keys: options.keys.map(readKeyArgument), site },
    context.keys,
  );
  if (how.unit === 'document') return encryptDocuments(input, how.scheme, answer, options, context);
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
): Promise<readonly NamedValue[]> {
  const state = wholeFileToSeal(Buffer.from(input.bytes).toString('latin1'), context.registry);
  if (state !== 'plaintext') {
    await writeResult(input, input.bytes, true, options, context);
    const why = state === 'token' ? 'encrypted already' : 'nothing to encrypt (the file is empty)';
    context.terminal.say(`purser: ${input.path}: ${why}`);
    return [];
  }
  const plaintext = new Plaintext(input.bytes);
  const { token, verification } = await sealWhole(plaintext, await key());
  await writeResult(input, new TextEncoder().encode(token), true, options, context);
  context.terminal.say(`purser: ${input.path}: the file is encrypted${unverified(verification)}`);
  return [{ name: 'the file', plaintext }];
}

async function encryptEntries(
  input: InputFile,
  key: () => Promise<SealingKey>,
  options: EncryptOptions,
  context: CliContext,
): Promise<readonly NamedValue[]> {
  const file = editableText(input);
  const manifest = ManifestText.read(file.text);
  const choice = choose(manifest, options);
  const chosen = entriesToSeal(choice, context.registry);
  requireOutsideDocuments(chosen, manifest, context);
  if (chosen.length === 0) {
    await writeResult(input, input.bytes, true, options, context);
    context.terminal.say(
      `purser: ${input.path}: nothing to encrypt (${counted(manifest.entries().length, 'value')} looked at)`,
    );
    return [];
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
  return valuesIn(file.text, plan.edits);
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

/** One value of another scheme would break what the document's own scheme makes of it. */
function requireOutsideDocuments(
  chosen: readonly Located[],
  manifest: ManifestText,
  { registry }: CliContext,
): void {
  if (chosen.length === 0) return;
  const { documents } = registry.findDocuments(manifest.manifest);
  for (const located of chosen) {
    const document = documentAround(documents, located.entry.span);
    if (document === undefined) continue;
    const scheme = registry.titleOf(document.scheme);
    throw manifest.placed(new Failure('entry.in-document', { scheme }), located);
  }
}

/** An entry may be named twice, in full and in short. */
function distinct(among: readonly Located[]): readonly Located[] {
  return [...new Map(among.map((located) => [located.entry, located])).values()];
}
