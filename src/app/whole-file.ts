import * as l10n from '@vscode/l10n';
import { wholeFileIs } from '../audit/whole-file.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { KeysFor } from './decrypt.ts';
import type { Verification } from './encrypt.ts';
import type { SealingKey } from './sealing-key.ts';

/** Seals a whole file: its content becomes one token, with nothing around it. Throws `edit.unverified`. */
export async function sealWhole(
  content: Plaintext,
  key: SealingKey,
): Promise<{ readonly token: string; readonly verification: Verification }> {
  const { token: crypto } = await key.scheme.load();
  if (crypto === undefined)
    throw new Failure('policy.invalid', { reason: l10n.t('{0} does not seal whole files', key.scheme.id) });
  const token = await crypto.seal(content, key.material);
  if (key.opensWith === undefined) return { token, verification: 'read' };
  const { plaintext } = await crypto.open(token, [key.opensWith]);
  if (!plaintext.equals(content)) throw new Failure('edit.unverified', {});
  return { token, verification: 'opened' };
}

/** Whether a file is nothing but one token. */
export function isWholeToken(text: string, registry: SchemeRegistry): boolean {
  return wholeFileIs(text, registry) === 'token';
}

/**
 * Whether a file that is to be one token has yet to become one: `nothing` where there is nothing in it. Throws
 * `ciphertext.malformed` for damaged ciphertext: sealed once more, it would only be hidden.
 */
export function wholeFileToSeal(text: string, registry: SchemeRegistry): 'token' | 'nothing' | 'plaintext' {
  const state = wholeFileIs(text, registry);
  if (state !== 'damaged') return state;
  requireNoBrokenToken(text, registry);
  return 'plaintext';
}

/** Throws `ciphertext.malformed` where a whole file is meant as one token and is damaged. */
export function requireNoBrokenToken(text: string, registry: SchemeRegistry): void {
  for (const scheme of registry.all) {
    const recognition = scheme.token?.recognise(text.trim());
    if (recognition?.is !== 'malformed') continue;
    throw new Failure('ciphertext.malformed', { scheme: scheme.id, reason: recognition.reason });
  }
}

/** What the token that a file is was made for, where that is a value of a Secret: one that is sealed as a file names no place. */
export function wholeMovedFrom(text: string, registry: SchemeRegistry): string | undefined {
  return registry.ofToken(text.trim())?.token?.describe(text.trim()).boundTo;
}

/** The file that a token was found in; or the person has said to open one all the same that was made for a value. */
export type MovedTo = { readonly path: string } | { readonly allowMoved: true };

/**
 * Opens a file that is nothing but one token. Throws `entry.moved` for one that was made for a value of a Secret, unless that is
 * allowed; `entry.not-encrypted`, and what opening throws.
 */
export async function openWhole(
  text: string,
  keysFor: KeysFor,
  registry: SchemeRegistry,
  movedTo: MovedTo,
): Promise<Plaintext> {
  const scheme = registry.ofToken(text.trim());
  const crypto = (await scheme?.load())?.token;
  if (scheme === undefined || crypto === undefined) throw new Failure('entry.not-encrypted', {});
  const boundTo = wholeMovedFrom(text, registry);
  if (boundTo !== undefined && 'path' in movedTo)
    throw new Failure('entry.moved', { boundTo, standsAt: movedTo.path.replace(/^.*[/\\]/s, '') });
  return (await crypto.open(text.trim(), await keysFor(scheme.id))).plaintext;
}
