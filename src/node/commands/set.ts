import { howToSeal } from '../../app/how-to-seal.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { sealingKey } from '../../app/sealing-key.ts';
import { findOrPlace, planAdd, planSet } from '../../app/set-value.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { type Located, readAddress } from '../../manifest/address.ts';
import { encodeFile } from '../../manifest/file-text.ts';
import type { KubeObject } from '../../manifest/manifest.ts';
import { tokenOf } from '../../manifest/secret.ts';
import { readKeyArgument } from '../../policy/key-reference.ts';
import type { SchemeId } from '../../schemes/scheme.ts';
import type { CliContext, ExitCode } from './context.ts';
import { editableText, policyPath, readInput, writeResult } from './file-io.ts';
import { forEachFile } from './report.ts';

export interface SetOptions {
  readonly path: string;
  readonly entry: string;
  readonly keys: readonly string[];
  readonly accepted: readonly string[];
}

/** `purser set`: one value from stdin, sealed into the document. */
export function set(options: SetOptions, context: CliContext): Promise<ExitCode> {
  return forEachFile([options.path], context.terminal, () => setIn(options, context));
}

async function setIn(options: SetOptions, context: CliContext): Promise<ExitCode> {
  const output = { inPlace: true, output: undefined };
  const address = readAddress(options.entry);
  const input = await readInput(options.path, context);
  const file = editableText(input);
  const manifest = ManifestText.read(file.text);
  const target = findOrPlace(manifest, address, options.entry);
  const answer = await context.policies.find(policyPath(options.path, output, context));
  const site = { base: context.terminal.cwd, root: undefined };
  const wish = {
    scheme: saysNothing(answer) ? oldScheme(target, context) : undefined,
    keys: options.keys.map(readKeyArgument),
    site,
  };
  const how = await howToSeal(answer, wish, context.keys);
  const request = { ...how, scheme: context.registry.byId(how.scheme), accepted: options.accepted };
  const key = await sealingKey(request, context.keys, context.trust, context.repository);
  const plaintext = await readValue(options.entry, context);
  const plan =
    'entry' in target
      ? await planSet(manifest, target, plaintext, key)
      : await planAdd(manifest, target, address, plaintext, key);
  await writeResult(input, encodeFile(plan.text, file), true, output, context);
  const done = plan.added ? 'added' : 'set';
  const note =
    plan.verification === 'opened' ? '' : ' (not opened again to verify: the private key is not at hand)';
  context.terminal.say(`purser: ${options.path}: ${options.entry} ${done}${note}`);
  return 0;
}

function saysNothing({ rule, sopsFile }: PolicyAnswer): boolean {
  return rule === undefined && sopsFile === undefined;
}

/** The scheme the old value is sealed with: what counts where no policy says anything. */
function oldScheme(target: Located | KubeObject, { registry }: CliContext): SchemeId | undefined {
  const token = 'entry' in target ? tokenOf(target.entry) : undefined;
  return token === undefined ? undefined : registry.ofToken(token)?.id;
}

async function readValue(entry: string, { terminal }: CliContext): Promise<Plaintext> {
  if (terminal.interactive) return Plaintext.fromText(await terminal.readMasked(`Value for ${entry}: `));
  const bytes = await terminal.readStdin();
  if (bytes.at(-1) === 0x0a)
    terminal.say('purser: the value ends with a newline, which is kept: printf, unlike echo, adds none');
  return new Plaintext(bytes);
}
