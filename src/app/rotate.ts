import { IgnoreComments } from '../audit/ignore-comment.ts';
import { malformedCiphertext } from '../audit/malformed-ciphertext.ts';
import { Failure } from '../core/errors.ts';
import type { SealedDocument } from '../schemes/document-scheme.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { DocumentFile, DocumentWish } from './documents/document-work.ts';
import { documentAround, outermost } from './documents/whole-documents.ts';
import { ManifestText } from './manifest-text.ts';
import { type SealedPiece, ValueRotation } from './rotate-values.ts';
import type { RotationPlan, RotationPorts } from './rotation-plan.ts';
import { isWholeToken, requireNoBrokenToken } from './whole-file.ts';

/**
 * Seals again what is not sealed to the keys that policy names first today: values with whatever key at hand opens them,
 * documents by the rules of their schemes. Nothing else changes.
 */
export class Rotation {
  readonly #ports: RotationPorts;

  constructor(ports: RotationPorts) {
    this.#ports = ports;
  }

  /**
   * The plan for one file. Undefined: there is nothing sealed in it.
   * @throws Failure `key.untrusted` and what else keeps from sealing to today's key; `edit.unverified`
   */
  async plan(file: DocumentFile, wish: DocumentWish, signal: AbortSignal): Promise<RotationPlan | undefined> {
    const { registry } = this.#ports;
    const manifest = ManifestText.read(file.text);
    const documents = outermost(registry.findDocuments(manifest.manifest).documents);
    const pieces = this.#piecesIn(manifest, documents);
    const damaged = this.#damagedIn(manifest, documents);
    if (documents.length === 0 && pieces.length === 0 && damaged.length === 0) return undefined;
    const values = new ValueRotation(this.#ports, file, wish);
    const ofValues = pieces.length === 0 ? nothing : await values.plan(manifest, pieces, signal);
    const plans = [ofValues, { ...nothing, left: damaged }];
    for (const document of documents) plans.push(await this.#renew(file, document, manifest, wish, signal));
    return joined(plans);
  }

  /** What stands in a sealed document is for its own scheme to change. */
  #piecesIn({ manifest }: ManifestText, documents: readonly SealedDocument[]): readonly SealedPiece[] {
    const { registry } = this.#ports;
    if (isWholeToken(manifest.text, registry)) return [{ token: manifest.text.trim(), group: undefined }];
    return registry
      .find(manifest)
      .groups.flatMap((group) =>
        group.envelopes
          .filter(({ entry }) => documentAround(documents, entry.span) === undefined)
          .map(({ token }) => ({ token, group })),
      );
  }

  /** Values that are damaged stay as they are: the key of one that is restored later must not be thrown away unnoticed, unless a comment says so. */
  #damagedIn(manifest: ManifestText, documents: readonly SealedDocument[]): readonly Failure[] {
    const { registry } = this.#ports;
    const comments = new IgnoreComments(manifest.text);
    const ofValues = registry
      .find(manifest.manifest)
      .malformed.filter(({ entry }) => documentAround(documents, entry.span) === undefined)
      .filter((located) => !comments.silenceFinding(malformedCiphertext(located)))
      .map((located) => {
        const { scheme, reason } = located;
        return manifest.placed(new Failure('ciphertext.malformed', { scheme, reason }), located);
      });
    return [...damagedFile(manifest.text, registry), ...ofValues];
  }

  /** That one document stays as it is, is no reason to leave the others. */
  async #renew(
    file: DocumentFile,
    document: SealedDocument,
    manifest: ManifestText,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<RotationPlan> {
    try {
      this.#requireSameScheme(file, document);
      const work = await this.#ports.documents.of(document);
      const edit = await work.renew(file, document, wish, signal);
      if (edit === undefined) return { ...nothing, current: 1 };
      return { ...nothing, ...edit, renewed: 1 };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ...nothing, left: [error.at({ line: manifest.lineOf(document.heading) })] };
    }
  }

  #requireSameScheme({ answer: { rule } }: DocumentFile, { scheme }: SealedDocument): void {
    if (rule === undefined || rule.scheme === scheme) return;
    const title = (id: typeof rule.scheme) => this.#ports.registry.titleOf(id);
    throw new Failure('rotate.other-scheme', { sealed: title(scheme), wanted: title(rule.scheme) });
  }
}

function damagedFile(text: string, registry: SchemeRegistry): readonly Failure[] {
  try {
    requireNoBrokenToken(text, registry);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [error];
  }
}

const nothing: RotationPlan = Object.freeze({
  edits: [],
  renewed: 0,
  current: 0,
  left: [],
  verification: 'opened',
  notes: [],
});

function joined(plans: readonly RotationPlan[]): RotationPlan {
  const total = (count: (plan: RotationPlan) => number) => plans.reduce((sum, plan) => sum + count(plan), 0);
  return {
    edits: plans.flatMap(({ edits }) => edits),
    renewed: total(({ renewed }) => renewed),
    current: total(({ current }) => current),
    left: plans.flatMap(({ left }) => left),
    verification: plans.every(({ verification }) => verification === 'opened') ? 'opened' : 'read',
    notes: plans.flatMap(({ notes }) => notes),
  };
}
