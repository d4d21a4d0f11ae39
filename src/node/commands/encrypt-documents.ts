import { requireIntact } from '../../app/documents/decrypt-documents.ts';
import { documentAround } from '../../app/documents/whole-documents.ts';
import { type NamedValue, valuesIn as sealedIn } from '../../app/history/sealed-values.ts';
import { ManifestText } from '../../app/manifest-text.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { applyEdits } from '../../core/span.ts';
import { encodeFile } from '../../manifest/file-text.ts';
import type { DocumentSchemeId, SealedDocument } from '../../schemes/document-scheme.ts';
import type { CliContext } from './context.ts';
import { documentWish, sayNotes } from './document-wish.ts';
import type { EncryptOptions } from './encrypt-options.ts';
import { editableText, type InputFile, policyPath, unverified, usage, writeResult } from './file-io.ts';
import { counted } from './report.ts';

/** What decides which values a scheme seals; nobody chooses among them. */
const sealedValues: Readonly<Record<DocumentSchemeId, string>> = {
  sops: 'SOPS encrypts the values that its rule in .sops.yaml says',
  'sealed-secrets': 'Sealed Secrets seals every value of a Secret',
};

/** Seals a file by the rules of a scheme that seals documents as a whole; what it sealed. */
export async function encryptDocuments(
  input: InputFile,
  scheme: DocumentSchemeId,
  answer: PolicyAnswer,
  options: EncryptOptions,
  context: CliContext,
): Promise<readonly NamedValue[]> {
  requireNoChoice(scheme, options);
  const content = editableText(input);
  const file = { path: policyPath(input.path, options, context), text: content.text, answer };
  const manifest = ManifestText.read(content.text);
  const found = context.registry.findDocuments(manifest.manifest);
  // Sealed once more, damaged ciphertext would only be hidden.
  requireIntact(
    found.malformed.filter(({ span }) => documentAround(found.documents, span) === undefined),
    manifest,
  );
  const work = await context.documents.of({ scheme });
  const { signal } = new AbortController();
  const plan = await work.seal(file, undefined, documentWish(options, context), signal);
  if (plan.edits.length === 0) {
    await writeResult(input, input.bytes, true, options, context);
    context.terminal.say(
      `purser: ${input.path}: nothing to encrypt (${counted(valuesIn(manifest, found.documents), 'value')} looked at)`,
    );
    return [];
  }
  await writeResult(input, encodeFile(applyEdits(content.text, plan.edits), content), true, options, context);
  sayNotes(input.path, plan.notes, context);
  context.terminal.say(`purser: ${input.path}: ${plan.values} encrypted${unverified(plan.verification)}`);
  return sealedIn(content.text, plan.edits);
}

function requireNoChoice(scheme: DocumentSchemeId, { entries, all, whole }: EncryptOptions): void {
  const option = entries.length > 0 ? '--entry' : all ? '--all' : whole ? '--whole' : undefined;
  if (option !== undefined) throw usage(`${sealedValues[scheme]}, so ${option} cannot be used with it`);
}

/** Entries of Secrets, and what is sealed; where these are the same, each counts once. */
function valuesIn(manifest: ManifestText, documents: readonly SealedDocument[]): number {
  const values = [
    ...manifest.entries().map(({ entry }) => entry.span.start),
    ...documents.flatMap(({ items }) => items.map(({ span }) => span.start)),
  ];
  return new Set(values).size;
}
