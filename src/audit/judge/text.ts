import * as l10n from '@vscode/l10n';
import { utf8 } from '../../core/bytes.ts';
import { judgeBinary, RANDOM_BYTES } from './binary.ts';
import { configContent, urlVerdict } from './config.ts';
import { foreignCiphertext } from './encrypted.ts';
import { weigh } from './evidence.ts';
import { isHarmless } from './harmless.ts';
import type { KeyEvidence } from './keys.ts';
import { isMarkup } from './markup.ts';
import { type PemContent, pemContent } from './pem.ts';
import { hasTemplate, placeholderIn } from './placeholders.ts';
import { isPublicKeyText } from './public.ts';
import { HAS, type Shape, shapeOf } from './shape.ts';
import { hasKeyInQuery, isSecretWebhook } from './urls.ts';
import { certainCredential, isAccessKeyId } from './values.ts';
import { because, EMPTY, keyNameSays, OURS, type Verdict } from './verdict.ts';

/** What goes with a text while it is judged. */
export interface Context {
  readonly key: KeyEvidence;
  readonly isEncrypted: (text: string) => boolean;
  /** How many times base64 may still be taken off. */
  readonly layers: number;
}

/** How much of a long value is looked at, in UTF-16 units: credentials stand near the beginning of what holds them. */
export const LOOKED_AT = 65_536;

/** A value as text, the way the workload gets it. Total; linear in at most `LOOKED_AT` units of it. */
export function judgeText(text: string, context: Context): Verdict {
  if (context.isEncrypted(text)) return OURS;
  const trimmed = (text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text).trim();
  if (trimmed === '' || trimmed === '""' || trimmed === "''") return EMPTY;
  const shape = shapeOf(trimmed);
  const ciphertext = foreignCiphertext(trimmed, shape);
  if (ciphertext !== undefined) return because('encrypted', ciphertext);
  const pem = trimmed.includes('-----BEGIN ') ? judgePem(trimmed, shape) : undefined;
  if (pem !== undefined) return pem;
  const inner = context.layers > 0 ? innerVerdict(trimmed, shape, context) : undefined;
  if (inner !== undefined) return inner;
  return (shape.mask & HAS.newline) === 0
    ? judgeLine(trimmed, shape, context.key)
    : judgeLines(trimmed, shape, context.key);
}

const OF_PEM: Readonly<Record<PemContent, Verdict>> = {
  private: because('plaintext', () => l10n.t('a private key')),
  protected: because('ambiguous', () => l10n.t('a private key under a passphrase')),
  message: because('encrypted', () => l10n.t('an armored message')),
  placeholder: because('placeholder', () => l10n.t('a PEM block without its contents')),
  public: because('public', () => l10n.t('a certificate or public key')),
};

/** A harmless block may stand in a config that is not. */
function judgePem(text: string, shape: Shape): Verdict | undefined {
  const content = pemContent(text);
  if (content === undefined) return undefined;
  if (content !== 'placeholder' && content !== 'public') return OF_PEM[content];
  const { verdict } = configContent(text, shape);
  return verdict?.judgement === 'plaintext' ? verdict : OF_PEM[content];
}

const BASE64_TEXT = HAS.plus | HAS.slash | HAS.equals | HAS.newline | HAS.x;
const SHORTEST_BASE64 = 8;

/** What base64 inside a text decodes to, where that settles the matter. */
function innerVerdict(text: string, shape: Shape, context: Context): Verdict | undefined {
  if ((shape.mask & ~BASE64_TEXT) !== 0 || shape.length < SHORTEST_BASE64) return undefined;
  const compact = (shape.mask & HAS.newline) === 0 ? text : text.replace(/\s+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  const decoded = asText(bytes);
  if (decoded === undefined) return innerBinary(bytes, shape, context.key);
  const verdict = judgeText(decoded, { ...context, layers: context.layers - 1 });
  if (verdict.judgement === 'encrypted' || verdict.judgement === 'placeholder') return verdict;
  return decoded.length >= 64 && verdict.judgement !== 'ambiguous' ? verdict : undefined;
}

/** Base64 of bytes whose first ones are known; unknown bytes say nothing about the text. */
function innerBinary(bytes: Uint8Array, shape: Shape, key: KeyEvidence): Verdict | undefined {
  if (shape.length < 44) return undefined;
  const verdict = judgeBinary(bytes, key);
  if (verdict === RANDOM_BYTES) return (shape.mask & HAS.newline) === 0 ? undefined : verdict;
  return verdict;
}

/** The bytes as text; undefined where they are not UTF-8 or hold control characters that text does not have. */
export function asText(bytes: Buffer): string | undefined {
  const looked = Math.min(bytes.length, LOOKED_AT);
  let high = 0;
  for (let i = 0; i < looked; i++) {
    const byte = bytes[i] as number;
    high |= byte;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) return undefined;
  }
  return high < 0x80 && looked === bytes.length ? bytes.toString('latin1') : utf8(bytes);
}

function judgeLine(text: string, shape: Shape, key: KeyEvidence): Verdict {
  const url = (shape.mask & HAS.at) === 0 || (shape.mask & HAS.colon) === 0 ? undefined : judgeUrl(text, key);
  if (url !== undefined) return url;
  if (text.startsWith('arn:')) return because('public', () => l10n.t('the name of a cloud resource'));
  if (holdsSettings(text, shape, key)) {
    const { verdict } = configContent(text, shape);
    const settled = verdict ?? bareConfig(text, key);
    if (settled !== undefined) return settled;
  }
  if (text.startsWith('# ') && key.role !== 'credential') return EMPTY;
  const placeholder = placeholderIn(text, shape);
  if (placeholder !== undefined) return because('placeholder', placeholder);
  const certain = certainCredential(text, shape);
  if (certain !== undefined) return because('plaintext', certain);
  if (shape.upper >= 4 && isAccessKeyId(text)) return because('ambiguous', () => l10n.t('an access key ID'));
  if (shape.length > 24 && isPublicKeyText(text)) return because('public', () => l10n.t('a public key'));
  if (key.role !== 'identifier' && (shape.mask & HAS.colon) !== 0 && isSecretWebhook(text))
    return because('plaintext', () => l10n.t('a webhook address'));
  if ((key.role === 'credential' || key.role === 'leaning') && hasKeyInQuery(text))
    return because('plaintext', () => l10n.t('a URL with a key in it'));
  if (key.role === 'none' && isHarmless(text, shape))
    return because('public', () => l10n.t('a text without a credential'));
  return weigh(text, shape, key);
}

/** Under the name of a password, `a:b@c` is a password; elsewhere it is an address. */
function judgeUrl(text: string, key: KeyEvidence): Verdict | undefined {
  return key.role === 'credential' && !text.includes('://') ? undefined : urlVerdict(text);
}

/** Whether one line is worth reading as settings: JSON, XML, `a=b;c=d`, a query. Not a password with `=` in it. */
function holdsSettings(text: string, shape: Shape, key: KeyEvidence): boolean {
  const first = text.charCodeAt(0);
  if (first === 0x7b || first === 0x5b) return (shape.mask & HAS.quote) !== 0 || text.length === 2;
  if (first === 0x3c) return isMarkup(text);
  if ((shape.mask & HAS.equals) === 0)
    return (shape.mask & (HAS.space | HAS.colon)) !== 0 && key.role !== 'credential';
  if (key.role !== 'credential') return true;
  if ((shape.mask & HAS.colon) !== 0 && text.includes('://') && /[?#]/.test(text)) return true;
  return (shape.mask & (HAS.semicolon | HAS.ampersand)) !== 0 && /\w=\w/.test(text);
}

function bareConfig(text: string, key: KeyEvidence): Verdict | undefined {
  if (/^(?:\{\s*(?:"auths"\s*:\s*\{\s*\}\s*)?\}|\[\s*\])$/.test(text)) return EMPTY;
  if (
    text.startsWith('{"') ||
    /^\{\s/.test(text) ||
    text.startsWith('[{') ||
    text.startsWith('["') ||
    (key.role !== 'credential' && isMarkup(text) && !hasTemplate(text))
  )
    return because('public', () => l10n.t('a config without a credential'));
  return undefined;
}

const configUnderName = (word: string) => l10n.t('a config under a name that says {0}', word);

/** A line of dots stands for what was left out. */
const CUT = /(?:^|\n)[ \t]{0,64}(?:\.{3}|…|\[\.{3}\])[ \t]{0,64}(?:\n|$)/;

function judgeLines(text: string, shape: Shape, key: KeyEvidence): Verdict {
  const { verdict, settings } = configContent(text, shape);
  if (verdict !== undefined) return verdict;
  const bare = bareConfig(text, key);
  if (bare !== undefined) return bare;
  if (/^(?:\s*(?:#[^\n]*|---)?(?:\n|$))*$/.test(text)) return EMPTY;
  if (hasTemplate(text)) return because('placeholder', () => l10n.t('a template'));
  if (CUT.test(text)) return because('placeholder', () => l10n.t('cut with dots'));
  if (isPublicKeyText(text)) return because('public', () => l10n.t('public keys'));
  if (key.role === 'credential' && settings === 0) return because('plaintext', keyNameSays, key.word);
  if (key.role === 'credential') return because('ambiguous', configUnderName, key.word);
  return because('public', () => l10n.t('a text without a credential'));
}
