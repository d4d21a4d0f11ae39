import * as l10n from '@vscode/l10n';
import { fromBase64, fromBase64Url } from '../core/bytes.ts';
import type { Finding } from './finding.ts';
import type { FoundKey } from './found-key.ts';
import { IgnoreComments } from './ignore-comment.ts';
import { findKeyMaterial } from './key-material.ts';
import { keyFinding } from './private-key-in-repo.ts';

/** What stands in clear in a file that is a key by its name, and no manifest. Total; linear. */
export function auditKeyFile(text: string, fileName: string): readonly Finding[] {
  const found = [...findKeyMaterial(text), ...puttyKeys(text)];
  const keys = found.length > 0 ? found : symmetricKey(text, fileName);
  const ignored = new IgnoreComments(text);
  return keys
    .filter(({ span }) => !ignored.silence(span.start, 'private-key-in-repo'))
    .map(({ span, what }) => keyFinding({ span, object: undefined, entry: undefined }, what));
}

const puttyFile =
  /PuTTY-User-Key-File-\d: \S{1,64}\s{1,8}Encryption: none\s[^]{0,6000}?Private-Lines: \d{1,3}\s{1,16}[A-Za-z0-9+/]{32}/g;

function* puttyKeys(text: string): Iterable<FoundKey> {
  for (const { index, 0: found } of text.matchAll(puttyFile))
    yield { span: { start: index, end: index + found.length }, what: l10n.t('a PuTTY private key') };
}

/** Names of files that hold nothing but 32 bytes: Purser's own keys, and what others call a key. */
const symmetric = /\.(?:fernet|secretbox|key)$/i;
const published = /pub/i;

function symmetricKey(text: string, fileName: string): readonly FoundKey[] {
  const line = text.trim();
  if (!symmetric.test(fileName) || published.test(fileName) || !is32Bytes(line)) return [];
  const start = text.indexOf(line);
  return [{ span: { start, end: start + line.length }, what: l10n.t('a key of 32 bytes') }];
}

/** The spellings that key files have: 64 hex digits, standard and URL-safe base64. */
function is32Bytes(line: string): boolean {
  if (/^[0-9a-f]{64}$/i.test(line)) return true;
  if (line.length !== 43 && line.length !== 44) return false;
  return (fromBase64(line) ?? fromBase64Url(line))?.byteLength === 32;
}
