import { type KeysFor, movedFrom, planDecrypt } from '../../app/decrypt.ts';
import { decryptDocuments } from '../../app/documents/decrypt-documents.ts';
import { findItem, readItemAddress } from '../../app/documents/item-address.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import { shown } from '../../app/sentence.ts';
import { weaklySealed, weakSentence } from '../../app/weak-sealing.ts';
import { isWholeToken, openWhole, requireNoBrokenToken, wholeMovedFrom } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import { applyEdits } from '../../core/span.ts';
import { entryName, findEntry, readAddress } from '../../manifest/address.ts';
import { encodeFile } from '../../manifest/file-text.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { FoundDocuments, SealedDocument } from '../../schemes/document-scheme.ts';
import type { EnvelopeGroup } from '../../schemes/scheme.ts';
import type { CliContext, ExitCode } from './context.ts';
import { documentWish, sayNotes } from './document-wish.ts';
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
import { openingKeys } from './opening-keys.ts';
import { forEachFile } from './report.ts';

export interface DecryptOptions extends OutputOptions {
  readonly paths: readonly string[];
  readonly keys: readonly string[];
  readonly entries: readonly string[];
}

/** `purser decrypt`: opens values and documents in place, all of a file or none. */
export async function decrypt(options: DecryptOptions, context: CliContext): Promise<ExitCode> {
  checkOutput(options.paths, options);
  const references = options.keys.map(readKeyArgument);
  return forEachFile(options.paths, context.terminal, async (path) => {
    const input = await readInput(path, context);
    const keysFor = await openingKeys(path, references, context);
    return decryptFile(input, keysFor, options, context);
  });
}

async function decryptFile(
  input: InputFile,
  keysFor: KeysFor,
  options: DecryptOptions,
  context: CliContext,
): Promise<ExitCode> {
  const file = editableText(input);
  if (options.entries.length === 0 && isWholeToken(file.text, context.registry)) {
    const allowMoved = await allowsMoved(wholeMovedFrom(file.text, context.registry), context);
    const movedTo = allowMoved ? { allowMoved } : { path: input.path };
    const plaintext = await openWhole(file.text, keysFor, context.registry, movedTo);
    await writeResult(input, plaintext.expose(), false, options, context);
    const weakness = context.registry.ofToken(file.text.trim())?.token?.describe(file.text.trim()).weakness;
    if (weakness !== undefined) context.terminal.say(`purser: ${input.path}: ${weakSentence(weakness)}`);
    return 0;
  }
  requireNoBrokenToken(file.text, context.registry);
  const manifest = ManifestText.read(file.text);
  const found = context.registry.findDocuments(manifest.manifest);
  const groups = chooseGroups(manifest, found, options.entries, context);
  const allowMoved = await allowsMoved(movedAmong(groups, context), context);
  const values = await planDecrypt(manifest, groups, keysFor, context.registry, { allowMoved });
  const none = { edits: [], opened: 0, notes: [] };
  const documents =
    options.entries.length > 0 ? none : await openDocuments(input, manifest, found, options, context);
  const text = applyEdits(file.text, [...values.edits, ...documents.edits]);
  await writeResult(input, encodeFile(text, file), false, options, context);
  sayNotes(input.path, documents.notes, context);
  sayWeak(input.path, manifest, groups, context);
  if (options.inPlace)
    context.terminal.say(`purser: ${input.path}: ${values.opened + documents.opened} decrypted`);
  return 0;
}

function sayWeak(
  path: string,
  manifest: ManifestText,
  groups: readonly EnvelopeGroup[],
  { registry, terminal }: CliContext,
): void {
  for (const { group, weakness } of weaklySealed(groups, registry)) {
    for (const { entry } of group.envelopes) {
      const line = manifest.lineOf(entry.span.start);
      terminal.say(`purser: ${shown(path)}:${line}: ${shown(entryName(entry))}: ${weakSentence(weakness)}`);
    }
  }
}

async function openDocuments(
  { path }: InputFile,
  manifest: ManifestText,
  found: FoundDocuments,
  options: DecryptOptions,
  context: CliContext,
) {
  const place = policyPath(path, { inPlace: false, output: undefined }, context);
  const file = { path: place, text: manifest.text, answer: await context.policies.find(place) };
  const { signal } = new AbortController();
  return decryptDocuments(file, found, manifest, context.documents, documentWish(options, context), signal);
}

function chooseGroups(
  manifest: ManifestText,
  found: FoundDocuments,
  entries: readonly string[],
  context: CliContext,
): readonly EnvelopeGroup[] {
  const { groups, malformed } = context.registry.find(manifest.manifest);
  const [broken] = malformed;
  if (entries.length === 0) {
    if (broken === undefined) return groups;
    throw manifest.placed(
      new Failure('ciphertext.malformed', { scheme: broken.scheme, reason: broken.reason }),
      broken,
    );
  }
  const chosen = entries.map((spelled) => {
    requireNoItem(spelled, found, context);
    const located = findEntry(manifest.manifest, readAddress(spelled), spelled);
    const damaged = malformed.find(({ entry }) => entry === located.entry);
    if (damaged !== undefined) {
      throw manifest.placed(
        new Failure('ciphertext.malformed', { scheme: damaged.scheme, reason: damaged.reason }),
        damaged,
      );
    }
    const group = groups.find(({ envelopes }) => envelopes.some(({ entry }) => entry === located.entry));
    if (group === undefined) throw manifest.placed(new Failure('entry.not-encrypted', {}), located);
    return group;
  });
  return [...new Set(chosen)];
}

/** A document that is sealed as a whole has no form with one of its values opened. */
function requireNoItem(spelled: string, { documents }: FoundDocuments, { registry }: CliContext): void {
  const holder = holderOf(spelled, documents);
  if (holder === undefined) return;
  const title = registry.titleOf(holder.scheme);
  throw usage(
    `${shown(spelled)} stands in a document that ${title} seals as a whole: leave out --entry, or peek at it in the editor`,
  );
}

function holderOf(spelled: string, documents: readonly SealedDocument[]): SealedDocument | undefined {
  try {
    const { document, item } = findItem(documents, readItemAddress(spelled), spelled);
    return item && document;
  } catch (error) {
    if (Failure.is(error, 'entry.not-found')) return undefined;
    throw error;
  }
}

function movedAmong(groups: readonly EnvelopeGroup[], { registry }: CliContext): string | undefined {
  return groups.map((group) => movedFrom(group, registry)).find((from) => from !== undefined);
}

/** A ciphertext that was made for another place is opened only after a person at the terminal says so. */
async function allowsMoved(moved: string | undefined, { terminal }: CliContext): Promise<boolean> {
  if (moved === undefined || !terminal.interactive) return false;
  return terminal.confirm(`A ciphertext here was made for ${shown(moved)}. Open it all the same?`);
}
