import { judge } from '../../audit/judge/judge.ts';
import { isSealedUnasked } from '../../audit/to-be-sealed.ts';
import { Plaintext } from '../../core/plaintext.ts';
import type { Edit, Span } from '../../core/span.ts';
import { entryName } from '../../manifest/address.ts';
import { readFields } from '../../manifest/fields.ts';
import { isSecret, type ManifestDocument } from '../../manifest/manifest.ts';
import { scan } from '../../manifest/scan.ts';
import { decodeData } from '../../manifest/secret.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import { shortestForm } from './value-search.ts';

/** A value that was sealed, and what it is called: `stringData.password`. */
export interface NamedValue {
  readonly name: string;
  readonly plaintext: Plaintext;
}

/** A word of letters alone is as likely to be a user's or a stage's name as a password, and stands everywhere. */
const commonWord = /^[a-zA-Z]{0,13}$/;
/** Larger values are not looked for, nor are larger files looked through: manifests and kubeconfigs are not. */
export const searchedBytes = 1024 * 1024;

/** What edits that sealed it have replaced: entries of Secrets, else other values. */
export function valuesIn(text: string, edits: readonly Edit[]): readonly NamedValue[] {
  const isReplaced = (span: Span) =>
    edits.some((edit) => edit.span.start < span.end && edit.span.end > span.start);
  return scan(text).documents.flatMap((document) =>
    named(text, document).filter(({ span }) => isReplaced(span)),
  );
}

function named(text: string, document: ManifestDocument): readonly (NamedValue & { readonly span: Span })[] {
  const secrets = document.objects.filter(isSecret);
  if (secrets.length === 0)
    return readFields(text, document).map((field) => ({
      name: field.name,
      plaintext: Plaintext.fromText(field.text),
      span: field.span,
    }));
  return secrets
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => {
      const bytes = entry.map === 'data' ? decodeData(entry.text) : new TextEncoder().encode(entry.text);
      if (bytes === undefined) return [];
      return [{ name: entryName(entry), plaintext: new Plaintext(bytes), span: entry.span }];
    });
}

/** The values that are worth looking for: neither short nor common, neither ciphertext nor public, each once. */
export function worthSearching(
  values: readonly NamedValue[],
  registry: SchemeRegistry,
): readonly NamedValue[] {
  const isCiphertext = (text: string) => registry.ofToken(text) !== undefined || registry.isDamaged(text);
  const kept: NamedValue[] = [];
  for (const value of values) {
    const { plaintext } = value;
    if (plaintext.byteLength < shortestForm || plaintext.byteLength > searchedBytes) continue;
    const text = plaintext.exposeText();
    if (text !== undefined && (commonWord.test(text.trim()) || !isLiteral(text, isCiphertext))) continue;
    if (!kept.some((other) => other.plaintext.equals(plaintext))) kept.push(value);
  }
  return kept;
}

/** By what it is alone: whatever it is called, a host name stands in many files. */
function isLiteral(text: string, isCiphertext: (text: string) => boolean): boolean {
  const entry = { map: 'stringData', key: 'value', text, plain: false, secretType: undefined } as const;
  return isSealedUnasked(judge(entry, isCiphertext).judgement);
}
