import { utf8 } from '../core/bytes.ts';
import type { Located } from '../manifest/address.ts';
import type { Entry, KubeObject } from '../manifest/manifest.ts';
import { decodeData } from '../manifest/secret.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { Finding, placeOf } from './finding.ts';
import type { Verdict } from './judge/judge.ts';
import { encodedToken, newline, notBase64, type Pitfall, rawToken, twice } from './pitfall.ts';

/** A value that is not what it looks like, or is none, however secret it is. `pitfall` is what `pitfallOf` says. */
export function valuePitfall(located: Located, pitfall: Pitfall): Finding {
  return new Finding(placeOf(located), 'value-pitfall', 'warning', pitfall.alone);
}

/** Longer values are files: nobody types them, and they end as they like. In UTF-16 units. */
const longest = 65_536;

/**
 * What is wrong with a value: made by hand it went wrong in one of a few well-known ways.
 * Values that are still to be substituted are not looked at. Total and linear.
 */
export function pitfallOf(
  { entry, object }: Located,
  verdict: Verdict | undefined,
  registry: SchemeRegistry,
): Pitfall | undefined {
  const judgement = verdict?.judgement ?? 'empty';
  if (judgement === 'empty' || judgement === 'placeholder' || entry.text.length > longest) return undefined;
  if (entry.map === 'data') {
    const bytes = decodeData(entry.text);
    if (judgement === 'encrypted') return sealedInData(entry, bytes, registry);
    if (bytes === undefined) return isTemplated(entry.text) ? undefined : notBase64;
    return isHelmRelease(object) ? undefined : ofText(entry, utf8(bytes) ?? '');
  }
  if (judgement === 'encrypted') return sealedInStringData(entry, registry);
  return hasStrayNewline(entry.key, entry.text) ? newline : undefined;
}

function ofText({ key }: Entry, text: string): Pitfall | undefined {
  if (!/base64|b64/i.test(key) && isBase64OfText(text)) return twice;
  return hasStrayNewline(key, text) ? newline : undefined;
}

/** Of ciphertext that is not recognised where it stands: whatever opens it in the cluster will not recognise it either. */
function sealedInData(
  { text }: Entry,
  bytes: Uint8Array | undefined,
  registry: SchemeRegistry,
): Pitfall | undefined {
  if (registry.ofToken(text) !== undefined) return rawToken;
  const decoded = bytes && utf8(bytes);
  return decoded !== undefined && isBase64OfText(decoded) ? twice : undefined;
}

function sealedInStringData({ text }: Entry, registry: SchemeRegistry): Pitfall | undefined {
  if (registry.ofToken(text) !== undefined) return undefined;
  const bytes = decodeData(text.trim());
  const decoded = bytes && utf8(bytes);
  return decoded !== undefined && registry.ofToken(decoded) !== undefined ? encodedToken : undefined;
}

function isTemplated(text: string): boolean {
  return /\{\{|\{%|<%|\$[({]/.test(text);
}

function isHelmRelease({ type }: KubeObject): boolean {
  return type === 'helm.sh/release.v1';
}

const shortestWord = 12;

/** Whether a text is base64 of printable ASCII: a word that could be base64 by chance hardly ever decodes to that. */
function isBase64OfText(text: string): boolean {
  const word = text.trim();
  if (word.length < (word.endsWith('=') ? 8 : shortestWord)) return false;
  const bytes = decodeData(word);
  if (bytes === undefined) return false;
  for (const byte of bytes) if ((byte < 0x20 && byte !== 0x0a && byte !== 0x0d) || byte > 0x7e) return false;
  return true;
}

/**
 * Whether a value is one word and a newline, which `echo` and `|` add. A file of one line ends with one rightly: a
 * known host or public key (it has spaces), settings (`a=b`), an htpasswd line (`user:hash`), what is called like a file.
 */
function hasStrayNewline(key: string, text: string): boolean {
  if (!text.endsWith('\n') || key.includes('.')) return false;
  const word = text.slice(0, text.endsWith('\r\n') ? -2 : -1);
  if (word === '' || /[\s<>{}[\]#]/.test(word)) return false;
  return word.includes('://') || !/:|=[^=]/.test(word);
}

/**
 * Entries of `data` whose key stands in `stringData` too; undefined where the Secret has not both, or a template makes
 * one or the other of them.
 */
export function overwritten(object: KubeObject, text: string): ReadonlySet<Entry> | undefined {
  const { data, stringData } = object.maps;
  if (data === undefined || stringData === undefined || data.empty || stringData.empty) return undefined;
  const [first, second] = data.span.start < stringData.span.start ? [data, stringData] : [stringData, data];
  if (isTemplated(text.slice(first.span.end, second.keySpan.start))) return undefined;
  const keys = new Set<string>();
  for (const { map, key } of object.entries) if (map === 'stringData') keys.add(key);
  return new Set(object.entries.filter(({ map, key }) => map === 'data' && keys.has(key)));
}
