import { type KeysFor, movedFrom, planDecrypt } from '../../app/decrypt.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import { shown } from '../../app/sentence.ts';
import { isWholeToken, openWhole, requireNoBrokenToken } from '../../app/whole-file.ts';
import { Failure } from '../../core/errors.ts';
import { findEntry, readAddress } from '../../manifest/address.ts';
import { encodeFile } from '../../manifest/file-text.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { EnvelopeGroup } from '../../schemes/scheme.ts';
import type { CliContext, ExitCode } from './context.ts';
import {
  checkOutput,
  editableText,
  type InputFile,
  type OutputOptions,
  readInput,
  writeResult,
} from './file-io.ts';
import { openingKeys } from './opening-keys.ts';
import { forEachFile } from './report.ts';

export interface DecryptOptions extends OutputOptions {
  readonly paths: readonly string[];
  readonly keys: readonly string[];
  readonly entries: readonly string[];
}

/** `purser decrypt`: opens values in place, all of a file or none. */
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
    const plaintext = await openWhole(file.text, keysFor, context.registry);
    await writeResult(input, plaintext.expose(), false, options, context);
    return 0;
  }
  requireNoBrokenToken(file.text, context.registry);
  const manifest = ManifestText.read(file.text);
  const groups = chooseGroups(manifest, options.entries, context);
  const allowMoved = await allowsMoved(groups, context);
  const plan = await planDecrypt(manifest, groups, keysFor, context.registry, { allowMoved });
  await writeResult(input, encodeFile(plan.text, file), false, options, context);
  if (options.inPlace) context.terminal.say(`purser: ${input.path}: ${plan.opened} decrypted`);
  return 0;
}

function chooseGroups(
  manifest: ManifestText,
  entries: readonly string[],
  { registry }: CliContext,
): readonly EnvelopeGroup[] {
  const { groups, malformed } = registry.find(manifest.manifest);
  const [broken] = malformed;
  if (entries.length === 0) {
    if (broken === undefined) return groups;
    throw manifest.placed(
      new Failure('ciphertext.malformed', { scheme: broken.scheme, reason: broken.reason }),
      broken,
    );
  }
  const chosen = entries.map((spelled) => {
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

/** A ciphertext that was made for another place is opened only after a person at the terminal says so. */
async function allowsMoved(
  groups: readonly EnvelopeGroup[],
  { registry, terminal }: CliContext,
): Promise<boolean> {
  const moved = groups.map((group) => movedFrom(group, registry)).find((from) => from !== undefined);
  if (moved === undefined || !terminal.interactive) return false;
  return terminal.confirm(`A ciphertext here was made for ${shown(moved)}. Open it all the same?`);
}
