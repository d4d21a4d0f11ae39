import { fromBase64, toBase64 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { Recognition } from './recognition.ts';

/** The types of a value that SOPS encrypts. `bytes` is only ever read. */
export type SopsValueType = 'str' | 'int' | 'float' | 'bool' | 'bytes' | 'time' | 'comment';

/** `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`, taken apart (getsops/sops aes/cipher.go). */
export interface SopsToken {
  readonly data: Uint8Array;
  /** 32 bytes as SOPS writes it; any length is read. */
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly type: SopsValueType;
}

/** What every value that SOPS encrypted begins with. */
export const sopsTokenMark = 'ENC[AES256_GCM,';

const opening = `${sopsTokenMark}data:`;
const types: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'bytes', 'time', 'comment']);
const tagBytes = 16;

/** `malformed` gives a reason that quotes nothing. */
export function recogniseSopsToken(text: string): Recognition {
  if (!text.startsWith(sopsTokenMark)) return { is: 'no' };
  const read = takeApart(text);
  return typeof read === 'string' ? { is: 'malformed', reason: read } : { is: 'yes' };
}

/** How many bytes a token encrypts, which the format does not hide. */
export function sopsTokenBytes(token: string): number {
  const data = token.slice(opening.length, token.indexOf(',', opening.length));
  return Math.floor((data.replace(/=+$/, '').length * 3) / 4);
}

/** @throws Failure `ciphertext.malformed` */
export function readSopsToken(text: string): SopsToken {
  const read = takeApart(text);
  if (typeof read === 'string') throw new Failure('ciphertext.malformed', { scheme: 'sops', reason: read });
  return read;
}

export function writeSopsToken({ data, iv, tag, type }: SopsToken): string {
  return `${opening}${toBase64(data)},iv:${toBase64(iv)},tag:${toBase64(tag)},type:${type}]`;
}

/** The parts, or what is wrong. Looks for each part once, so that no text takes long. */
function takeApart(text: string): SopsToken | string {
  const trimmed = text.trimEnd();
  const iv = trimmed.indexOf(',iv:');
  const tag = trimmed.indexOf(',tag:', iv);
  const type = trimmed.indexOf(',type:', tag);
  if (!trimmed.startsWith(opening) || iv < opening.length || tag < iv || type < tag || !trimmed.endsWith(']'))
    return 'it is not ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]';
  const [dataBytes, ivBytes, tagValue] = [
    fromBase64(trimmed.slice(opening.length, iv)),
    fromBase64(trimmed.slice(iv + ',iv:'.length, tag)),
    fromBase64(trimmed.slice(tag + ',tag:'.length, type)),
  ];
  const typeName = trimmed.slice(type + ',type:'.length, -1);
  if (dataBytes === undefined || ivBytes === undefined || tagValue === undefined)
    return 'a part of it is not base64';
  if (dataBytes.length === 0 || ivBytes.length === 0 || tagValue.length !== tagBytes)
    return 'a part of it is cut short';
  if (!isType(typeName)) return 'it is of a type that SOPS does not know';
  return { data: dataBytes, iv: ivBytes, tag: tagValue, type: typeName };
}

function isType(text: string): text is SopsValueType {
  return types.has(text);
}
