import type { SetTarget } from '../../app/documents/document-work.ts';
import { howToSeal } from '../../app/how-to-seal.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { sealingKey } from '../../app/sealing-key.ts';
import { findSetPlace, type SetPlace } from '../../app/set-place.ts';
import { planAdd, planSet } from '../../app/set-value.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { applyEdits } from '../../core/span.ts';
import type { Located } from '../../manifest/address.ts';
import { encodeFile, type FileText } from '../../manifest/file-text.ts';
import type { KubeObject } from '../../manifest/manifest.ts';
import { tokenOf } from '../../manifest/secret.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { ValueSchemeId } from '../../schemes/scheme.ts';
import type { CliContext, ExitCode } from './context.ts';
import { documentWish, sayNotes } from './document-wish.ts';
import {
  editableText,
  type InputFile,
  type OutputOptions,
  policyPath,
  readInput,
  unverified,
  writeResult,
} from './file-io.ts';
import { forEachFile } from './report.ts';
import { type SealedFile, sayPast } from './say-past.ts';

export interface SetOptions {
  readonly path: string;
  readonly entry: string;
  readonly keys: readonly string[];
  readonly accepted: readonly string[];
}

const inPlace: OutputOptions = { inPlace: true, output: undefined };

/** What a command works on. */
interface SetFile {
  readonly input: InputFile;
  readonly content: FileText;
  readonly manifest: ManifestText;
  readonly answer: PolicyAnswer;
}

/** `purser set`: one value from stdin, sealed into the document. */
export function set(options: SetOptions, context: CliContext): Promise<ExitCode> {
  return forEachFile([options.path], context.terminal, () => setIn(options, context));
}

async function setIn(options: SetOptions, context: CliContext): Promise<ExitCode> {
  const input = await readInput(options.path, context);
  const content = editableText(input);
  const manifest = ManifestText.read(content.text);
  const { documents } = context.registry.findDocuments(manifest.manifest);
  const place = findSetPlace(manifest, documents, options.entry);
  const answer = await context.policies.find(policyPath(options.path, inPlace, context));
  const file = { input, content, manifest, answer };
  return place.unit === 'document'
    ? setInDocument(file, place.target, options, context)
    : setInSecret(file, place, options, context);
}

/** A document that is sealed as a whole keeps to its own scheme and keys. */
async function setInDocument(
  { input, content, manifest, answer }: SetFile,
  target: SetTarget,
  options: SetOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { documents, terminal } = context;
  const work = await documents.of(target.document);
  const file = { path: policyPath(options.path, inPlace, context), text: content.text, answer };
  const plaintext = await readValue(options.entry, context);
  const plan = await work
    .set(file, target, plaintext, documentWish(options, context))
    .catch((error: unknown) => {
      const at = target.item?.span.start ?? target.document.heading;
      throw error instanceof Failure ? error.at({ line: manifest.lineOf(at) }) : error;
    });
  await writeResult(input, encodeFile(applyEdits(content.text, plan.edits), content), true, inPlace, context);
  sayNotes(options.path, plan.notes, context);
  const done = target.item === undefined ? 'added' : 'set';
  terminal.say(`purser: ${options.path}: ${options.entry} ${done}${unverified(plan.verification)}`);
  await sayPast([sealedIn(answer, options, plaintext, context)], context);
  return 0;
}

async function setInSecret(
  { input, content, manifest, answer }: SetFile,
  { target, address }: Extract<SetPlace, { readonly unit: 'value' }>,
  options: SetOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { registry, terminal } = context;
  const site = { base: terminal.cwd, root: undefined };
  const wish = {
    scheme: saysNothing(answer) ? oldScheme(target, context) : undefined,
    keys: options.keys.map(readKeyArgument),
    site,
  };
  const how = await howToSeal(answer, wish, context.keys);
  if (how.unit === 'document')
    throw new Failure('document.not-sealed', { scheme: registry.titleOf(how.scheme) });
  const request = { ...how, scheme: registry.byId(how.scheme), accepted: options.accepted };
  const key = await sealingKey(request, context.keys, context.trust, context.repository);
  const plaintext = await readValue(options.entry, context);
  const plan =
    'entry' in target
      ? await planSet(manifest, target, plaintext, key)
      : await planAdd(manifest, target, address, plaintext, key);
  await writeResult(input, encodeFile(plan.text, content), true, inPlace, context);
  const done = plan.added ? 'added' : 'set';
  terminal.say(`purser: ${options.path}: ${options.entry} ${done}${unverified(plan.verification)}`);
  await sayPast([sealedIn(answer, options, plaintext, context)], context);
  return 0;
}

function saysNothing({ rule, sopsFile }: PolicyAnswer): boolean {
  return rule === undefined && sopsFile === undefined;
}

/** The scheme the old value is sealed with: what counts where no policy says anything. */
function oldScheme(target: Located | KubeObject, { registry }: CliContext): ValueSchemeId | undefined {
  const token = 'entry' in target ? tokenOf(target.entry) : undefined;
  return token === undefined ? undefined : registry.ofToken(token)?.id;
}

function sealedIn(
  { root }: PolicyAnswer,
  { path: named, entry: name }: SetOptions,
  plaintext: Plaintext,
  context: CliContext,
): SealedFile {
  return { named, path: policyPath(named, inPlace, context), root, values: [{ name, plaintext }] };
}

async function readValue(entry: string, { terminal }: CliContext): Promise<Plaintext> {
  const bytes = terminal.interactive
    ? new TextEncoder().encode(await terminal.readMasked(`Value for ${entry}: `))
    : await terminal.readStdin();
  if (bytes.length === 0)
    terminal.say('purser: the value is empty: where it was to come from a program, see whether that failed');
  if (bytes.at(-1) === 0x0a)
    terminal.say('purser: the value ends with a newline, which is kept: printf, unlike echo, adds none');
  return new Plaintext(bytes);
}
