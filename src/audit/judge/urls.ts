import { placeholderIn } from './placeholders.ts';
import { isPublicValue } from './public.ts';
import { looksRandom, shapeOf } from './shape.ts';
import { isCapitalName } from './values.ts';

export type UrlContent = 'plaintext' | 'ambiguous' | 'placeholder';

const LONGEST_AUTHORITY = 512;
const AUTHORITY_END = new Set(['/', '?', '#', ' ', '\t', '\n', '\r', '"', "'", '`', ',']);

/** The worst userinfo (RFC 3986 §3.2.1) of all URLs in a text: a literal password, or one to be substituted. */
export function urlCredential(text: string): UrlContent | undefined {
  let found: UrlContent | undefined;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const content = userinfoContent(userinfo(text, at + 3));
    if (content === 'plaintext') return content;
    found = found === 'ambiguous' ? found : (content ?? found);
  }
  return found ?? dataSourceName(text);
}

/** What stands before the `@`. A template may hold slashes and spaces; a careless password a slash. */
function userinfo(text: string, start: number): string | undefined {
  const limit = Math.min(text.length, start + LONGEST_AUTHORITY);
  let at = -1;
  let slash = -1;
  let depth = 0;
  for (let i = start; i < limit; i++) {
    const char = text.charAt(i);
    if (char === '{' || char === '<' || char === '(') depth++;
    else if (char === '}' || char === '>' || char === ')') depth = Math.max(0, depth - 1);
    else if (char === '@') at = i;
    else if (depth === 0 && char === '/' && slash < 0 && at < 0 && badPort(text.slice(start, i))) slash = i;
    else if (AUTHORITY_END.has(char) && (depth === 0 || char === '\n') && !(slash >= 0 && char === '/'))
      break;
    if (slash >= 0 && at >= 0) break;
  }
  return at < 0 ? undefined : text.slice(start, at);
}

/** `host:port` has digits there; `user:pa` is a password that goes on after its slash. */
function badPort(authority: string): boolean {
  const colon = authority.lastIndexOf(':');
  return colon > 0 && !authority.endsWith(']') && !/^\d*$/.test(authority.slice(colon + 1));
}

function userinfoContent(info: string | undefined): UrlContent | undefined {
  if (info === undefined || info === '') return undefined;
  const colon = info.indexOf(':');
  const secret = colon < 0 ? info : info.slice(colon + 1);
  if (secret === '') return undefined;
  const shape = shapeOf(secret);
  if (colon < 0) return looksRandom(shape) ? 'plaintext' : undefined;
  if (placeholderIn(secret, shape) !== undefined) return 'placeholder';
  return isCapitalName(secret, shape) ? 'ambiguous' : 'plaintext';
}

const GO_DSN = /^[\w.-]+:([^@\s/]{1,200})@(?:tcp|udp|unix)?\(/;
/** Not an image with its digest: `nginx:1.25@sha256:0123…`. */
const BARE_DSN = /^[\w.+-]+:([^@\s:/]{1,200})@(?!sha\d+:)[\w.-]+(?::\d+|\/)/;
const ORACLE_DSN = /^jdbc:oracle:\w+:[\w.-]+\/([^@\s]{1,200})@/;

function dataSourceName(text: string): UrlContent | undefined {
  const head = text.length > LONGEST_AUTHORITY ? text.slice(0, LONGEST_AUTHORITY) : text;
  if (!head.includes('@') || !head.includes(':')) return undefined;
  const secret = (GO_DSN.exec(head) ?? BARE_DSN.exec(head) ?? ORACLE_DSN.exec(head))?.[1];
  if (secret === undefined) return undefined;
  return placeholderIn(secret, shapeOf(secret)) === undefined ? 'plaintext' : 'placeholder';
}

const KEY_IN_QUERY = /[?&#](?:key|code|sig)=([^&#\s]{6,256})/;

/** `?key=<value>` of a URL that is meant to be secret: a value with letters and digits is its key. */
export function hasKeyInQuery(text: string): boolean {
  const value = text.includes('://') ? KEY_IN_QUERY.exec(text)?.[1] : undefined;
  if (value === undefined) return false;
  const shape = shapeOf(value);
  if (shape.digit === 0 || shape.digit === shape.length || isPublicValue(value, shape)) return false;
  return placeholderIn(value, shape) === undefined;
}

/** A webhook address whose path is the secret: `…hook…/<random>`. */
export function isSecretWebhook(text: string): boolean {
  const start = text.indexOf('://');
  if (start < 0 || text.length > LONGEST_AUTHORITY || !/hook/i.test(text)) return false;
  return text
    .slice(start + 3)
    .split(/[/?&=]/)
    .some((part) => part.length >= 20 && looksRandom(shapeOf(part)));
}
