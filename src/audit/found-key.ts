import type { Span } from '../core/span.ts';

/** A private or symmetric key that anyone who reads the text can use. */
export interface FoundKey {
  readonly span: Span;
  /** What it is, for a person: `an RSA private key`. */
  readonly what: string;
}
