import { isGenericWord, isPublicKeyWord, isSecretKeyWord, roleOf, type WordRole } from './vocabulary.ts';

/**
 * What a key name says: `credential` outright; `leaning` says so with other words after it (`SECRET_DOMAIN`,
 * `password-grafana`); `access-id` is half of a pair (AWS, MinIO); `weak` only with a value that agrees.
 */
export type KeyRole =
  | 'credential'
  | 'leaning'
  | 'secret-id'
  | 'access-id'
  | 'weak'
  | 'public'
  | 'identifier'
  | 'certificate'
  | 'reference'
  | 'none';

export interface KeyEvidence {
  readonly role: KeyRole;
  /** The word that decided, lower case, for the reason shown to a person. */
  readonly word: string;
}

const NONE: KeyEvidence = { role: 'none', word: '' };

const SPECIAL: ReadonlyMap<string, KeyEvidence> = new Map<string, KeyEvidence>([
  ['id_rsa', { role: 'credential', word: 'id_rsa' }],
  ['id_dsa', { role: 'credential', word: 'id_dsa' }],
  ['id_ecdsa', { role: 'credential', word: 'id_ecdsa' }],
  ['id_ed25519', { role: 'credential', word: 'id_ed25519' }],
  ['known_hosts', { role: 'certificate', word: 'known_hosts' }],
  ['authorized_keys', { role: 'certificate', word: 'authorized_keys' }],
  ['ssh-publickey', { role: 'certificate', word: 'publickey' }],
  ['pin', { role: 'credential', word: 'pin' }],
]);

/** Reads a key name in any style: camelCase, kebab, snake, dots, words written together. Linear in its length. */
export function keyEvidence(key: string): KeyEvidence {
  const special = SPECIAL.get(key);
  if (special !== undefined) return special;
  return evidenceOf(wordsOf(key));
}

function evidenceOf(words: readonly string[]): KeyEvidence {
  let unknownAfter = false;
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i] ?? '';
    const role = roleOf(word);
    if (role === 'neutral') continue;
    if (role === undefined) {
      unknownAfter = true;
      continue;
    }
    return decide(words, i, word, role, unknownAfter);
  }
  return NONE;
}

function decide(
  words: readonly string[],
  i: number,
  word: string,
  role: WordRole,
  after: boolean,
): KeyEvidence {
  switch (role) {
    case 'credential':
      return { role: credentialRole(words, i, word, after), word };
    case 'key':
      return keyRole(words, i, after);
    case 'identifier':
      return (
        (DIGEST.test(word) ? passwordBefore(words, i) : undefined) ?? {
          role: identifierRole(words, i, word),
          word,
        }
      );
    case 'person':
      if (words.length === 1 && (word === 'admin' || word === 'root')) return NONE;
      return passwordBefore(words, i) ?? { role: 'public', word };
    case 'weak':
      return passwordBefore(words, i) ?? { role: 'weak', word };
    case 'public':
      return (after ? credentialBefore(words, i) : undefined) ?? { role: 'public', word };
    case 'certificate':
      return { role: 'certificate', word };
    case 'reference':
      return { role: 'reference', word };
    case 'neutral':
      break;
  }
  return NONE;
}

/** `password_sha256_hex` is as good as the password. */
const DIGEST = /^(?:sha\d*|md5|digest|checksum)$/;

const SWITCHES: ReadonlySet<string> = new Set(
  'enable enabled disable disabled allow use is has require required skip force no with'.split(' '),
);

function credentialRole(words: readonly string[], i: number, word: string, after: boolean): KeyRole {
  const before = words[i - 1];
  if (before === 'existing' || (word === 'secret' && before === 'pull')) return 'reference';
  if (before === 'public' || before === 'publishable') return 'identifier';
  if (after || (i > 0 && SWITCHES.has(words[0] ?? ''))) return 'leaning';
  return 'credential';
}

/**
 * `…-key` by the words before it: published, half of a pair, the name of a key elsewhere, one to keep; with the
 * name of a service before it (`OPENAI_KEY`) most often one to keep.
 */
function keyRole(words: readonly string[], i: number, after: boolean): KeyEvidence {
  const word = words[i] ?? 'key';
  let kept: string | undefined;
  for (let j = i - 1; j >= 0; j--) {
    const before = words[j] ?? '';
    if (isPublicKeyWord(before)) return { role: 'identifier', word: `${before} key` };
    if (before === 'password' || before === 'passwd' || before === 'token')
      return { role: 'reference', word };
    if (isSecretKeyWord(before) && kept === undefined) kept = before;
    if (before === 'secret') kept = 'secret';
  }
  if (kept === undefined) {
    const named = words.slice(0, i).some((before) => roleOf(before) === undefined && !isGenericWord(before));
    return { role: named && !after ? 'leaning' : 'weak', word };
  }
  if (kept === 'access') return { role: 'access-id', word: 'access key' };
  return { role: after ? 'leaning' : 'credential', word: `${kept} key` };
}

function identifierRole(words: readonly string[], i: number, word: string): KeyRole {
  if (word !== 'id') return 'identifier';
  const before = words[i - 1];
  if (before === 'secret') return 'secret-id';
  if (before === 'accesskey' || (before === 'key' && words[i - 2] === 'access')) return 'access-id';
  return 'identifier';
}

function passwordBefore(words: readonly string[], i: number): KeyEvidence | undefined {
  for (let j = 0; j < i; j++) {
    const word = words[j] ?? '';
    if (word === 'password' || word === 'passwd' || word === 'pass' || word === 'pwd')
      return { role: 'leaning', word };
  }
  return undefined;
}

/** `TOKEN_STATUS_EXAMPLE_COM`: with a name at the end, the public word is part of the name. */
function credentialBefore(words: readonly string[], i: number): KeyEvidence | undefined {
  const word = words.slice(0, i).find((before) => roleOf(before) === 'credential');
  return word === undefined ? undefined : { role: 'leaning', word };
}

/** `AWS_ACCESS_KEY_ID`, `githubAppID`, `APIKey`, `tls.key` as lower-case words. */
export function wordsOf(key: string): string[] {
  const words: string[] = [];
  let start = 0;
  const push = (end: number) => {
    if (end > start) words.push(key.slice(start, end).toLowerCase());
  };
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (!isWordCode(code)) {
      push(i);
      start = i + 1;
    } else if (isUpper(code) && i > start && startsWord(key, i)) {
      push(i);
      start = i;
    }
  }
  push(key.length);
  return words;
}

function startsWord(key: string, i: number): boolean {
  if (!isUpper(key.charCodeAt(i - 1))) return true;
  const next = key.charCodeAt(i + 1);
  return next >= 0x61 && next <= 0x7a;
}

function isUpper(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code > 127
  );
}
