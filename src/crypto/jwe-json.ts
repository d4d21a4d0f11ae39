import { repeatsName } from './json-names.ts';
import {
  decodeHeader,
  joinHeaders,
  type Members,
  membersOf,
  parseJson,
  readHeader,
  withoutLineBreaks,
  withoutWhiteSpace,
} from './jwe-header.ts';
import { check, type JweToken, malformed, type Reading } from './jwe-shape.ts';

/** Reads the flattened or the general JSON form (RFC 7516 §7.2), white space anywhere. */
export function readJson(text: string): Reading {
  const dense = withoutWhiteSpace(text);
  // Lines may be broken inside of strings, where JSON allows no line break.
  const onOneLine = withoutLineBreaks(text);
  const members = membersOf(parseJson(onOneLine));
  if (members === undefined) {
    const meant =
      dense.includes('"protected":"') &&
      (dense.startsWith('{"protected":"eyJ') || dense.includes('"ciphertext":"'));
    return meant && !dense.includes('"payload":') ? malformed('its JSON is broken') : { is: 'no' };
  }
  if (!isMeantAsJwe(members)) return { is: 'no' };
  if (repeatsName(onOneLine)) return malformed('its JSON names one thing twice');
  const recipients = members.get('recipients');
  if (recipients === undefined) return readFlattened(members, 'flattened', dense.length);
  if (members.has('header') || members.has('encrypted_key') || !Array.isArray(recipients)) {
    return malformed('it mixes the flattened and the general JSON form');
  }
  return readGeneral(members, recipients, dense.length);
}

/** The first recipient is read in full; of the others, which nothing opens here, the shape has to do. */
function readGeneral(members: Members, recipients: readonly unknown[], bytes: number): Reading {
  const [recipient, ...others] = recipients.map(membersOf);
  if (recipient === undefined || others.some((other) => other === undefined || !isRecipient(other)))
    return malformed('its recipients are not all objects with a key and a header');
  const own = [...recipient].filter(([name]) => name === 'header' || name === 'encrypted_key');
  const reading = readFlattened(new Map([...members, ...own]), 'general', bytes);
  if (reading.is !== 'yes') return reading;
  return { is: 'yes', token: { ...reading.token, recipients: recipients.length } };
}

function isRecipient(recipient: Members): boolean {
  const [key, header] = [recipient.get('encrypted_key') ?? '', recipient.get('header') ?? {}];
  return typeof key === 'string' && membersOf(header) !== undefined;
}

function isMeantAsJwe(members: Members): boolean {
  if (members.has('payload')) return false;
  const headers = ['protected', 'encrypted_key', 'unprotected', 'header', 'recipients'];
  if (members.has('ciphertext')) return headers.some((name) => members.has(name));
  const encoded = members.get('protected');
  return typeof encoded === 'string' && encoded.startsWith('eyJ');
}

function readFlattened(members: Members, form: JweToken['form'], bytes: number): Reading {
  const strings: Record<string, string> = {};
  for (const name of ['protected', 'encrypted_key', 'iv', 'ciphertext', 'tag', 'aad']) {
    const value = members.get(name);
    if (value !== undefined && typeof value !== 'string') return malformed(`its "${name}" is not a string`);
    if (value !== undefined && value !== '') strings[name] = withoutWhiteSpace(value);
  }
  const objects: Record<string, Record<string, unknown>> = {};
  for (const name of ['unprotected', 'header']) {
    const value = members.get(name);
    if (value === undefined) continue;
    if (membersOf(value) === undefined) return malformed(`its "${name}" is not an object`);
    objects[name] = value as Record<string, unknown>;
  }
  const encoded = strings['protected'];
  const protectedHeader = encoded === undefined ? undefined : decodeHeader(encoded);
  if (encoded !== undefined && protectedHeader === undefined)
    return malformed('its header cannot be read, or names one thing twice');
  const joined = joinHeaders([
    protectedHeader,
    membersOf(objects['unprotected']),
    membersOf(objects['header']),
  ]);
  if (joined === undefined) return malformed('its headers say one thing twice');
  if (joined.has('zip') && !protectedHeader?.has('zip')) return malformed('its "zip" is not protected');
  const header = readHeader(joined, protectedHeader);
  if (header === undefined) return malformed('its header names no "alg" or no "enc"');
  const { iv = '', ciphertext = '', tag = '' } = strings;
  return check(form, header, { ...strings, ...objects, iv, ciphertext, tag }, bytes);
}
