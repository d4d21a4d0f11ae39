import { judgeEntry } from '../audit/judge/entry.ts';
import { Failure } from '../core/errors.ts';
import { entryName, fullAddress, type Located } from '../manifest/address.ts';
import { plaintextOf } from '../manifest/secret.ts';
import type { ItemObject, SealedDocument, SealedItem } from '../schemes/document-scheme.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Description } from '../schemes/scheme.ts';
import { fullItemName, objectNameOf } from './documents/item-address.ts';
import { ManifestText } from './manifest-text.ts';
import { shown } from './sentence.ts';

/** A line of the description, and where in the file what it is about stands. */
interface Line {
  readonly at: number;
  readonly text: string;
}

/** Tells one ciphertext from another that is as long; short, and the same for the same token. */
export type DigestOf = (token: string) => string;

/**
 * What is in a file, a line for each entry and each sealed value, in the order of the file: how it is sealed and to whom, and
 * never a value. The same for the same file, whoever asks; needs no key.
 */
export function describeFile(text: string, registry: SchemeRegistry, digestOf: DigestOf): readonly string[] {
  const token = text.trim();
  const whole = registry.ofToken(token);
  if (whole?.token !== undefined)
    return [`the file: ${sealedWith(whole.id, whole.token.describe(token))}${version(token, digestOf)}`];
  if (registry.isDamaged(token)) return ['the file: damaged ciphertext'];
  const manifest = ManifestText.read(text);
  const { documents, malformed } = registry.findDocuments(manifest.manifest);
  const isOnly = objectsIn(manifest, documents).size < 2;
  const damaged = malformed.map(({ scheme, item, span, reason }): Line => {
    return { at: span.start, text: `${shown(item ?? 'the file')}: damaged ${scheme} (${reason})` };
  });
  const broken = new Set(malformed.map(({ span }) => span.start));
  const items = documents.flatMap((document) => [
    ...headingOf(document),
    ...document.items
      .filter(({ span }) => !broken.has(span.start))
      .map((item) => {
        const how = `${document.scheme}${sizeOf(item.bytes)}${version(tokenOf(item, text), digestOf)}`;
        return { at: item.span.start, text: `${shown(isOnly ? item.name : fullItemName(item))}: ${how}` };
      }),
  ]);
  const known = new Set([...broken, ...documents.flatMap((one) => one.items.map(({ span }) => span.start))]);
  const entries = new EntryLines(manifest, registry, digestOf, isOnly)
    .all()
    .filter(({ at }) => !known.has(at));
  return [...items, ...damaged, ...entries].toSorted((a, b) => a.at - b.at).map((line) => line.text);
}

/** Where there is one object, its entries need no more than their names. */
function objectsIn(manifest: ManifestText, documents: readonly SealedDocument[]): ReadonlySet<string> {
  const before = (address: string) => address.slice(0, address.indexOf('#'));
  return new Set([
    ...manifest.entries().map((located) => before(fullAddress(located))),
    ...documents.flatMap(({ items }) => items.map((item) => before(fullItemName(item)))),
  ]);
}

/** How it is sealed, and who can open it. */
function headingOf(document: SealedDocument): readonly Line[] {
  const { scheme, heading, recipients, notes, lastModified } = document;
  const modified = lastModified === undefined ? [] : [`last modified ${lastModified}`];
  const name = nameOf(document.objects);
  const about = [scheme, ...notes, ...modified].join(', ');
  return [
    { at: heading, text: `${name}: ${shown(about)}` },
    ...recipients.map((recipient) => ({
      at: heading,
      text: `${name}: sealed to ${recipient.kind} ${shown(recipient.name)}`,
    })),
  ];
}

/** The ciphertext itself, however YAML or JSON has it: quoted, escaped, wrapped, or below a block's header. */
function tokenOf({ span }: SealedItem, text: string): string {
  return text.slice(span.start, span.end).replace(/^[|>].*|[\s"'\\]/g, '');
}

function nameOf([object, ...others]: readonly ItemObject[]): string {
  return object?.kind === undefined || others.length > 0 ? 'the file' : shown(objectNameOf(object));
}

class EntryLines {
  readonly #manifest: ManifestText;
  readonly #registry: SchemeRegistry;
  readonly #digestOf: DigestOf;
  readonly #isOnly: boolean;

  constructor(manifest: ManifestText, registry: SchemeRegistry, digestOf: DigestOf, isOnly: boolean) {
    this.#manifest = manifest;
    this.#registry = registry;
    this.#digestOf = digestOf;
    this.#isOnly = isOnly;
  }

  all(): readonly Line[] {
    const { groups, malformed } = this.#registry.find(this.#manifest.manifest);
    const told = new Map(
      groups.flatMap((group) => {
        const how = sealedWith(group.scheme, this.#registry.byId(group.scheme).describe(group));
        return group.envelopes.map(
          ({ entry, token }) => [entry, `${how}${version(token.trim(), this.#digestOf)}`] as const,
        );
      }),
    );
    const damaged = new Map(
      malformed.map(({ entry, scheme, reason }) => [entry, `damaged ${scheme} (${reason})`]),
    );
    return this.#manifest.entries().map((located) => ({
      at: located.entry.span.start,
      text: `${this.#name(located)}: ${told.get(located.entry) ?? damaged.get(located.entry) ?? this.#inClear(located)}`,
    }));
  }

  #name(located: Located): string {
    return shown(this.#isOnly ? entryName(located.entry) : fullAddress(located));
  }

  #inClear(located: Located): string {
    const { judgement } = judgeEntry(located, this.#registry);
    if (judgement === 'empty' || judgement === 'encrypted' || judgement === 'placeholder') return judgement;
    return `plaintext${sizeOf(bytesOf(located))}`;
  }
}

/** `jwe RSA-OAEP-256 kid 7f3a… 912 B` */
function sealedWith(scheme: string, description: Description): string {
  const { algorithm, recipient, recipients, createdAt, bytes } = description;
  const parts = [scheme];
  if (algorithm.toLowerCase() !== scheme) parts.push(shown(algorithm));
  if (recipient !== undefined)
    parts.push(`${scheme === 'jwe' ? 'kid' : 'key'} ${shortened(shown(recipient))}`);
  if (recipients !== undefined) parts.push(`${recipients} recipients`);
  if (createdAt !== undefined) parts.push(createdAt.toISOString().replace(/\.\d+Z$/, 'Z'));
  return parts.join(' ') + sizeOf(bytes);
}

/** A value that is set anew may be as long as before, to the same key; `sha256:1a2b3c4d` then tells the two apart. */
function version(token: string, digestOf: DigestOf): string {
  return ` sha256:${digestOf(token)}`;
}

/** Names that people give are short; digests are told apart by how they begin. */
function shortened(recipient: string): string {
  return recipient.length > 24 ? `${recipient.slice(0, 4)}…` : recipient;
}

function sizeOf(bytes: number | undefined): string {
  return bytes === undefined ? '' : ` ${bytes} B`;
}

/** Undefined for what is no scalar, or no base64 where it should be. */
function bytesOf({ entry }: Located): number | undefined {
  try {
    return plaintextOf(entry).byteLength;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
