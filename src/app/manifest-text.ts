import { Failure } from '../core/errors.ts';
import { applyEdits, type Edit, LineIndex } from '../core/span.ts';
import { entryName, fullAddress, type Located, locatedEntries } from '../manifest/address.ts';
import type { Entry, EntryMapName, Manifest, ManifestDocument, Refusal } from '../manifest/manifest.ts';
import { parseDocument } from '../manifest/parse.ts';
import { scan } from '../manifest/scan.ts';

/** An entry that an edit adds to the object that begins at this offset. */
export interface AddedEntry {
  readonly after: number;
  readonly map: EntryMapName;
  readonly key: string;
}

/** A manifest after an edit that was checked. */
export interface EditedManifest {
  readonly text: string;
  readonly manifest: Manifest;
  /** Where each entry of the old text stands now. */
  readonly after: ReadonlyMap<Entry, Located>;
  readonly added: Located | undefined;
}

/** A manifest opened for editing: what the line reader found, held against the parser before and after. */
export class ManifestText {
  readonly manifest: Manifest;
  readonly lines: LineIndex;

  /** Parsing costs a hundred times the scan: once a document is enough. */
  readonly #parsed = new Map<ManifestDocument, ManifestDocument>();

  constructor(manifest: Manifest) {
    this.manifest = manifest;
    this.lines = new LineIndex(manifest.text);
  }

  static read(text: string): ManifestText {
    return new ManifestText(scan(text));
  }

  get text(): string {
    return this.manifest.text;
  }

  entries(): readonly Located[] {
    return locatedEntries(this.manifest);
  }

  lineOf(offset: number): number {
    return this.lines.positionAt(offset).line;
  }

  /** The failure that says where it happened. */
  placed(failure: Failure, { entry }: Located): Failure {
    return failure.at({ line: this.lineOf(entry.span.start), entry: entryName(entry) });
  }

  /** Throws unless this entry can be given another value: not refused, and in a document both readers agree on. */
  requireEditable(located: Located): void {
    const { refusal } = located.entry;
    if (refusal !== undefined) throw this.placed(this.#refused(refusal), located);
    const document = this.#documentOf(located);
    const problem = this.#parse(document).problems[0];
    if (problem === undefined || this.#isSingleLine(located)) return;
    throw this.placed(new Failure('manifest.unparsable', { reason: problem.message }), located);
  }

  #refused(refusal: Refusal): Failure {
    if (refusal.why === 'not-scalar') return new Failure('entry.not-scalar', {});
    if (refusal.why === 'tagged') return new Failure('entry.tagged', { tag: refusal.tag });
    const line = this.lineOf(refusal.at);
    return refusal.why === 'alias'
      ? new Failure('entry.alias', { line })
      : new Failure('entry.duplicate', { line });
  }

  #isSingleLine({ entry }: Located): boolean {
    return (
      entry.style !== 'literal' &&
      entry.style !== 'folded' &&
      !/[\r\n]/.test(this.text.slice(entry.span.start, entry.span.end))
    );
  }

  #parse(document: ManifestDocument): ManifestDocument {
    const known = this.#parsed.get(document);
    if (known !== undefined) return known;
    const parsed = parseDocument(this.text, document.span);
    this.#parsed.set(document, parsed);
    return parsed;
  }

  #documentOf({ object }: Located): ManifestDocument {
    const document = this.manifest.documents.find((candidate) => candidate.objects.includes(object));
    if (document === undefined) throw new TypeError('an entry of another manifest');
    return document;
  }

  /**
   * The text with these edits made, if it then reads as it should: every entry but the changed ones as before, and
   * documents that parsed still do, to the same entries. Else `edit.unverified`: nothing is to be written. What the
   * changed ones now hold is the caller's to check.
   */
  withEdits(edits: readonly Edit[], changed: ReadonlySet<Entry>, added?: AddedEntry): EditedManifest {
    const text = applyEdits(this.text, edits);
    const manifest = scan(text);
    const before = this.entries();
    const now = [...locatedEntries(manifest)];
    const addedAt = added === undefined ? -1 : now.findIndex((located) => isAdded(located, added));
    const [newcomer] = addedAt === -1 ? [] : now.splice(addedAt, 1);
    const same =
      before.length === now.length &&
      before.every((old, index) => isSame(old, now[index], changed.has(old.entry)));
    if (!same || (added !== undefined && newcomer === undefined) || !this.#stillParses(manifest)) {
      throw new Failure('edit.unverified', {});
    }
    const after = new Map(before.map(({ entry }, index) => [entry, now[index] as Located]));
    return { text, manifest, after, added: newcomer };
  }

  #stillParses(after: Manifest): boolean {
    if (after.documents.length !== this.manifest.documents.length) return false;
    return after.documents.every((document, index) => {
      const old = this.manifest.documents[index];
      if (old === undefined || document.objects.length === 0) return true;
      if (sameSource(this.text, old, after.text, document)) return true;
      if (this.#parse(old).problems.length > 0) return true;
      return (
        JSON.stringify(parseDocument(after.text, document.span).objects) === JSON.stringify(document.objects)
      );
    });
  }
}

function isSame(old: Located, now: Located | undefined, changed: boolean): boolean {
  return (
    now !== undefined &&
    fullAddress(old) === fullAddress(now) &&
    (changed || old.entry.text === now.entry.text)
  );
}

function isAdded({ object, entry }: Located, added: AddedEntry): boolean {
  return object.span.start >= added.after && entry.map === added.map && entry.key === added.key;
}

function sameSource(a: string, left: ManifestDocument, b: string, right: ManifestDocument): boolean {
  return a.slice(left.span.start, left.span.end) === b.slice(right.span.start, right.span.end);
}
