import type { Audited } from '../../audit/audit.ts';
import type { LineIndex } from '../../core/span.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { SchemeId } from '../../schemes/scheme.ts';

/** How many values of a file are sealed to one key, as their ciphertexts say. */
export interface SealedTo {
  readonly scheme: SchemeId;
  /** Of documents, as people call the kind of recipient: `age`, `PGP`, `certificate`. */
  readonly kind: string | undefined;
  /** The `kid`, name, recipient or fingerprint; undefined where a ciphertext names no key. */
  readonly recipient: string | undefined;
  readonly values: number;
  /** The line of the first, from 1. */
  readonly line: number;
}

/** What of a file is sealed to whom. A document with several recipients counts for each of them. Needs no key. */
export function sealedTo(audited: Audited, lines: LineIndex, registry: SchemeRegistry): readonly SealedTo[] {
  const counted = new Counted(lines);
  for (const [index, { scheme, envelopes }] of audited.groups.entries()) {
    const recipient = audited.described.descriptions[index]?.recipient;
    const start = envelopes[0]?.entry.span.start ?? 0;
    counted.add({ scheme, kind: undefined, recipient }, envelopes.length, start);
  }
  for (const { scheme, recipients, items, mark } of audited.sealed.documents) {
    if (items.length === 0) continue;
    const all =
      recipients.length === 0
        ? [{ kind: undefined, recipient: undefined }]
        : recipients.map(({ kind, name }) => ({ kind, recipient: withoutComment(name) }));
    for (const one of all) counted.add({ scheme, ...one }, items.length, mark.start);
  }
  const text = audited.groups.length === 0 ? audited.text.trim() : '';
  const whole = text === '' ? undefined : registry.ofToken(text);
  if (whole?.token !== undefined) {
    const { recipient } = whole.token.describe(text);
    counted.add({ scheme: whole.id, kind: undefined, recipient }, 1, 0);
  }
  return counted.all();
}

type Whom = Pick<SealedTo, 'scheme' | 'kind' | 'recipient'>;

class Counted {
  readonly #lines: LineIndex;
  readonly #byName = new Map<string, SealedTo>();

  constructor(lines: LineIndex) {
    this.#lines = lines;
  }

  add(whom: Whom, values: number, start: number): void {
    const name = JSON.stringify([whom.scheme, whom.kind, whom.recipient]);
    const before = this.#byName.get(name);
    const { line } = before ?? this.#lines.positionAt(start);
    this.#byName.set(name, { ...whom, values: values + (before?.values ?? 0), line });
  }

  all(): readonly SealedTo[] {
    return [...this.#byName.values()];
  }
}

/** A recipient as it is compared: one of SSH may be followed by a comment, which is no part of it. */
export function withoutComment(recipient: string): string {
  return recipient.split(' ', 2).join(' ');
}
