import type { Span } from '../../core/span.ts';
import { hasTemplate } from './placeholders.ts';

export type PemContent = 'private' | 'protected' | 'placeholder' | 'message' | 'public';

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const LONGEST_LABEL = 64;
const SHORTEST_KEY = 40;

/**
 * The most telling PEM block (RFC 7468, OpenPGP and age armor included) of a text, newlines real or escaped:
 * a private key; one under a passphrase; one whose body is still to come; ciphertext; else public. Undefined
 * without any block.
 */
export function pemContent(text: string): PemContent | undefined {
  let found: PemContent | undefined;
  for (const { label, body } of pemBlocks(text)) {
    const content = blockContent(label, body);
    if (found === undefined || RANK[content] > RANK[found]) found = content;
    if (found === 'private') break;
  }
  return found;
}

/** A PEM block where it stands. */
export interface PemBlock extends Span {
  /** What stands after `BEGIN`; empty where even that is cut off. */
  readonly label: string;
  /** All between the two lines of dashes. */
  readonly body: string;
}

/** The blocks of a text in order; one without an end goes on to the text's. */
export function* pemBlocks(text: string): Iterable<PemBlock> {
  let start = text.indexOf(BEGIN);
  while (start >= 0) {
    const labelEnd = text.indexOf(DASHES, start + BEGIN.length);
    if (labelEnd < 0) {
      yield { label: '', body: '...', start, end: text.length };
      return;
    }
    const label = text.slice(start + BEGIN.length, labelEnd);
    if (label.length > LONGEST_LABEL) {
      start = text.indexOf(BEGIN, start + BEGIN.length);
      continue;
    }
    const bodyStart = labelEnd + DASHES.length;
    const next = text.indexOf(DASHES, bodyStart);
    const bodyEnd = next < 0 ? text.length : next;
    const end = text.startsWith(`${END}${label}${DASHES}`, bodyEnd)
      ? bodyEnd + END.length + label.length + DASHES.length
      : bodyEnd;
    yield { label, body: text.slice(bodyStart, bodyEnd), start, end };
    start = text.indexOf(BEGIN, labelEnd);
  }
}

const RANK: Readonly<Record<PemContent, number>> = {
  public: 0,
  placeholder: 1,
  message: 2,
  protected: 3,
  private: 4,
};

/** What a block is, by its label and what its body looks like. */
export function blockContent(label: string, body: string): PemContent {
  if (label === 'PGP MESSAGE' || label === 'AGE ENCRYPTED FILE') return 'message';
  const isPrivate = label.includes('PRIVATE KEY');
  if (isCut(body)) return 'placeholder';
  if (!isPrivate) return 'public';
  if (body.trim().length < SHORTEST_KEY) return 'placeholder';
  return label.includes('ENCRYPTED') || body.includes('ENCRYPTED') ? 'protected' : 'private';
}

function isCut(body: string): boolean {
  return (
    hasTemplate(body) ||
    body.includes('...') ||
    body.includes('…') ||
    body.includes('<') ||
    /x{8}/i.test(body) ||
    /\b(?:your|insert|replace|paste|redacted|content|here)\b/i.test(body)
  );
}
