import * as l10n from '@vscode/l10n';
import { Failure } from '../core/errors.ts';

/** Where a key is to be found. */
export type KeyReference =
  | { readonly kind: 'local'; readonly text: string; readonly name: string }
  | { readonly kind: 'env'; readonly text: string; readonly name: string }
  | {
      readonly kind: 'path';
      readonly text: string;
      readonly path: string;
      /** `NAME=FILE`: what a symmetric key is called. */
      readonly name: string | undefined;
      /** `path#SHA256:…`: the only public key that may stand there. */
      readonly pin: string | undefined;
    };

const keyName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;

export function isKeyName(text: string): boolean {
  return keyName.test(text);
}

/**
 * Reads a reference as policies spell it: a path with or without a pin, `env:NAME`, `local:NAME`.
 * Throws `key.bad-reference`.
 */
export function readKeyReference(text: string): KeyReference {
  if (text.startsWith('local:')) return localReference(text);
  if (text.startsWith('env:')) {
    const name = text.slice(4);
    if (!variableName.test(name))
      throw bad(text, l10n.t('an environment variable is named with letters, digits and _'));
    return { kind: 'env', text, name };
  }
  const pin = /#(SHA256:[A-Za-z0-9+/]{43}=?)$/.exec(text);
  const path = pin === null ? text : text.slice(0, pin.index);
  if (pin === null && /#SHA256:/i.test(text))
    throw bad(text, l10n.t('a pin is SHA256: and 43 or 44 characters of base64'));
  if (path === '' || path.includes('\0'))
    throw bad(text, l10n.t('a key reference is a path, env:NAME or local:NAME'));
  return { kind: 'path', text, path, name: undefined, pin: pin?.[1] };
}

/** Reads a reference as the command line spells it: also `NAME=FILE`. Throws `key.bad-reference`. */
export function readKeyArgument(text: string): KeyReference {
  const named = /^([^/\\:=]+)=(.+)$/.exec(text);
  if (named === null) return readKeyReference(text);
  const [, name = '', file = ''] = named;
  if (!isKeyName(name)) throw bad(text, nameRule());
  const reference = readKeyReference(file);
  return reference.kind === 'path'
    ? { ...reference, text, name }
    : { ...reference, text, name: reference.name };
}

function localReference(text: string): KeyReference {
  const name = text.slice('local:'.length);
  if (!isKeyName(name)) throw bad(text, nameRule());
  return { kind: 'local', text, name };
}

function nameRule(): string {
  return l10n.t(
    'a key name is 1 to 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
  );
}

function bad(ref: string, reason: string): Failure<'key.bad-reference'> {
  return new Failure('key.bad-reference', { ref, reason });
}
