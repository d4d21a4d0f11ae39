import type { Field } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { judgeNamed } from './judge/field.ts';
import type { Verdict } from './judge/judge.ts';
import { type KeyEvidence, type KeyRole, keyEvidence, wordsOf } from './judge/keys.ts';
import { eachPair } from './judge/pairs.ts';
import { isPublicValue } from './judge/public.ts';
import { HAS, looksRandom, type Shape, shapeOf } from './judge/shape.ts';
import { aPasswordHash, certainCredential, isUuid } from './judge/values.ts';

/** A value among others most of which are no secrets: an application's settings. */
export interface Setting {
  readonly key: string;
  readonly value: Pick<Field, 'text' | 'style'>;
  /** `reference`: what stands around it says that it names something elsewhere. */
  readonly place: 'map' | 'list' | 'reference';
}

/** How much a value must look like a secret to be one under a name; with a `password`, hardly at all. */
type Demand = 'password' | 'secret' | 'token' | 'key' | 'random' | 'certain';

const SHORTEST = 3;
const SHORTEST_CERTAIN = 16;

/** Keys are the business of another rule, which looks at what they are made of. */
const keyMaterial = /PRIVATE KEY|LS0tLS1CRUdJTi|AGE-SECRET-KEY-/;

/**
 * What the judge says of a setting that is a secret in clear; undefined where there is any doubt. Stricter than the judge, which is
 * made for Secrets, where every value is suspected: here the name has to say so, or the value all by itself.
 */
export function settingInClear(setting: Setting, registry: SchemeRegistry): Verdict | undefined {
  const demand = demandOf(setting);
  const { text } = setting.value;
  if (text.length < (demand === 'certain' ? SHORTEST_CERTAIN : SHORTEST)) return undefined;
  const trimmed = text.trim();
  const shape = shapeOf(trimmed);
  const certain = isCertain(trimmed, shape);
  const block = (shape.mask & HAS.newline) !== 0;
  // Of a hundred settings one or two get past this.
  if (!certain && !block && !meets(demand, trimmed, shape, setting.key)) return undefined;
  if (keyMaterial.test(text)) return undefined;
  if (!certain && block) return inBlock(trimmed, registry);
  const verdict = judgeNamed(setting.key, setting.value, 'stringData', registry);
  return verdict.judgement === 'plaintext' ? verdict : undefined;
}

const passwords =
  /^(?:pass|passcode|passphrase|passwd|pw|pwd|passwort|senha|contrasena|htpasswd)$|passw(?:or)?ds?$|pass$|pwd$/;

/** Words of a name that make it that of a digest, or of a Secret elsewhere, whatever comes after them. */
const overruling: ReadonlySet<string> = new Set(
  'checksum digest hash sha sha1 sha256 md5 existing'.split(' '),
);

/** Whether a value under this name could be told, which takes a longer one where the name says nothing. */
export function mayBeInClear(key: string, length: number): boolean {
  if (length >= SHORTEST_CERTAIN) return true;
  return demandOfName(keyEvidence(key), key) !== 'certain';
}

function demandOf(setting: Setting): Demand {
  const evidence = keyEvidence(setting.key);
  const named = demandOfName(evidence, setting.key);
  if (named === 'certain' || setting.place === 'map') return named;
  return setting.place === 'list' && evidence.role === 'credential' ? 'random' : 'certain';
}

const tellingRoles: ReadonlySet<KeyRole> = new Set(['credential', 'leaning', 'secret-id', 'weak']);

function demandOfName({ role, word }: KeyEvidence, key: string): Demand {
  if (!tellingRoles.has(role) || wordsOf(key).some((one) => overruling.has(one))) return 'certain';
  if (role === 'weak')
    return word === 'key' || word === 'license' || word === 'licence' ? 'random' : 'certain';
  if (role !== 'credential') return 'random';
  if (passwords.test(word)) return 'password';
  if (word.endsWith('secret')) return 'secret';
  if (word.endsWith('token')) return 'token';
  return word.endsWith('key') || key.startsWith('id_') ? 'key' : 'random';
}

function meets(demand: Demand, text: string, shape: Shape, key: string): boolean {
  if (demand === 'certain') return false;
  if (demand === 'random') return isRandom(text, shape);
  if (isReference(text) || namesItself(text, key)) return false;
  if (demand === 'password') return isPassword(text, shape);
  if (/\s|^\d+$/.test(text)) return false;
  if (looksRandom(shape) && shape.upper > 0 && shape.lower > 0) return true;
  if (isPublicValue(text, shape)) return false;
  if (looksRandom(shape)) return true;
  if (demand === 'secret') return !isObjectName(text) || (!/[-./]/.test(text) && isOwnSecret(key));
  return !/[-./]/.test(text) || !isObjectName(text) ? keyEvidence(text).role === 'none' : false;
}

/** Digests and UUIDs are random too, and hardly ever secrets where no name says so. */
function isRandom(text: string, shape: Shape): boolean {
  return (
    shape.length >= 20 &&
    looksRandom(shape) &&
    !isUuid(text) &&
    !/^[0-9a-f]+$/i.test(text) &&
    !isPublicValue(text, shape)
  );
}

/** Prose about a password, or the name of a Secret that has one. */
function isPassword(text: string, shape: Shape): boolean {
  if (/\s\S+\s\S+\s/.test(text) || (shape.digit === shape.length && shape.length < 4)) return false;
  return !(
    isObjectName(text) &&
    /[-.](?:secret|secrets|credentials|creds|auth|password|passwords|token|key)$/.test(text)
  );
}

/** Forms of saying "see there" that substitute in one tool or another. */
const elsewhere =
  /^(?:\$__\w+\{|os\.environ[/.]|env[(.]|\$\w+$|file:|@\/|!\w+ |vault:|k8s:|secret:|<path:|arn:)|^\$[A-Za-z_][\w.:-]*$/;

function isReference(text: string): boolean {
  return elsewhere.test(text);
}

/** `apiKey: api-key` says under which name to look. */
function namesItself(text: string, key: string): boolean {
  const plain = (name: string) => wordsOf(name).join('');
  return /^[\w.-]+$/.test(text) && text.toLowerCase() !== 'password' && plain(text) === plain(key);
}

/** A name as Kubernetes takes them (RFC 1123), with its namespace or without. */
function isObjectName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?$/.test(text);
}

const owners: ReadonlySet<string> = new Set(
  'client app application jwt cookie session shared webhook hmac signing api consumer csrf encryption oauth oidc master'.split(
    ' ',
  ),
);

/** `clientSecret` is one; `tlsSecret` and `secret` may as well be the name of one. */
function isOwnSecret(key: string): boolean {
  return wordsOf(key).some((word) => owners.has(word) || owners.has(word.replace(/secret$/, '')));
}

const passwordInUrl = /:\/\/([^/\s:@]*):([^/\s@]+)@/;

/** What is a credential under any name: tokens of known forms, password hashes, URLs with a password. */
function isCertain(text: string, shape: Shape): boolean {
  if (shape.length < SHORTEST_CERTAIN) return false;
  const url = text.includes('://') ? passwordInUrl.exec(text) : null;
  if (url !== null && !/^(?:user(?:name)?|foo|login)$/i.test(url[1] ?? '')) return true;
  const certain = certainCredential(text, shape);
  if (certain === aPasswordHash) return true;
  if (certain === undefined) return false;
  return text.split(/[^\w.-]+/).some((part) => part.length >= 16 && looksRandom(shapeOf(part)));
}

/** What in the code of scripts and programs stands for a value. */
const code = /^[$%@*&!]|[()`[\]{}<>]|^[\w-]+(?:\.[\w-]+)+$|^(?:null|nil|none|true|false)$/i;

/** An environment written out as text: charts that take it so put it through a template. */
const variable =
  /name:[ \t]{1,8}["']?([\w.-]{1,128})["']?[ \t]*\r?\n[ \t]*value:[ \t]{1,8}["']?([^\s"'][^\r\n"']*)/g;

/** The settings of a file that stands in a value, each as strictly as any other. */
function inBlock(text: string, registry: SchemeRegistry): Verdict | undefined {
  let found: Verdict | undefined;
  const look = (key: string, value: string) => {
    if (!code.test(value) && !value.includes('\n'))
      found = settingInClear({ key, value: { text: value, style: 'plain' }, place: 'map' }, registry);
    return found !== undefined;
  };
  eachPair(
    text,
    (key) => keyEvidence(key).role === 'credential',
    ({ key, value }) => look(key, value),
  );
  for (const [, key = '', value = ''] of text.matchAll(variable)) {
    if (found !== undefined || look(key, value)) break;
  }
  return found;
}
