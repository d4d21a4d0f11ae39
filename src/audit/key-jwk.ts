import * as l10n from '@vscode/l10n';
import type { FoundKey } from './found-key.ts';

const keyType = /"kty["'\\]*\s{0,8}:\s{0,8}["'\\]*(RSA|EC|OKP|oct)\b/y;
/** The private part (RFC 7518 §6): at least 32 bytes of `d`, or 16 of `k`. */
const privatePart = /[{,\s"'\\]d["'\\]*\s{0,8}:\s{0,8}["'\\]*[\w-]{42}/;
const octets = /[{,\s"'\\]k["'\\]*\s{0,8}:\s{0,8}["'\\]*[\w-]{22}/;
/** Longer than the RSA keys there are. */
const longest = 16_384;

/** Braces that are not closed yet. */
interface OpenBraces {
  readonly start: number;
  /** The `kty` that stands in them; `inner` where one stands deeper, which was looked at. */
  type?: string;
}

/** JWKs (RFC 7517) with their private half, as JSON of any spacing, and as JSON in a string. */
export function* privateJwks(text: string): Iterable<FoundKey> {
  let next = text.indexOf('"kty');
  const open: OpenBraces[] = [];
  for (let at = 0; next !== -1 && at < text.length; at++) {
    if (at === next) {
      const innermost = open.at(-1);
      if (innermost !== undefined) innermost.type ??= typeAt(text, at);
      next = text.indexOf('"kty', at + 4);
      if (next === -1) next = text.length;
    }
    const code = text.charCodeAt(at);
    if (code === 0x7b) open.push({ start: at });
    else if (code === 0x7d) {
      const { start, type } = open.pop() ?? {};
      if (start === undefined || type === undefined) continue;
      const span = { start, end: at + 1 };
      const around = open.at(-1);
      if (around !== undefined) around.type = 'inner';
      if (type !== 'inner' && isPrivate(text, span, type))
        yield { span, what: type === 'oct' ? l10n.t('a symmetric JWK') : l10n.t('a private JWK') };
      if (next === text.length && open.length === 0) return;
    }
  }
}

function typeAt(text: string, at: number): string {
  keyType.lastIndex = at;
  return keyType.exec(text)?.[1] ?? 'inner';
}

function isPrivate(text: string, { start, end }: FoundKey['span'], type: string): boolean {
  if (end - start > longest) return false;
  return (type === 'oct' ? octets : privatePart).test(text.slice(start, end));
}
