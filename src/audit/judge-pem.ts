import { hasTemplate } from './judge-placeholders.ts';

export type PemContent = 'private' | 'protected' | 'placeholder' | 'message' | 'public';

const BEGIN = '-----BEGIN ';
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
  let at = text.indexOf(BEGIN);
  while (at >= 0) {
    const labelEnd = text.indexOf(DASHES, at + BEGIN.length);
    if (labelEnd < 0) return found ?? 'placeholder';
    const label = text.slice(at + BEGIN.length, labelEnd);
    if (label.length > LONGEST_LABEL) {
      at = text.indexOf(BEGIN, at + BEGIN.length);
      continue;
    }
    const next = text.indexOf(DASHES, labelEnd + DASHES.length);
    const content = blockContent(label, text.slice(labelEnd + DASHES.length, next < 0 ? undefined : next));
    if (found === undefined || RANK[content] > RANK[found]) found = content;
    if (found === 'private') break;
    at = text.indexOf(BEGIN, labelEnd);
  }
  return found;
}

const RANK: Readonly<Record<PemContent, number>> = {
  public: 0,
  placeholder: 1,
  message: 2,
  protected: 3,
  private: 4,
};

function blockContent(label: string, body: string): PemContent {
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
