import type { Plaintext } from '../core/plaintext.ts';
import type { KeyMaterial } from '../schemes/keys.ts';
import type { SchemeId } from '../schemes/scheme.ts';

/** Files by absolute path, and the path arithmetic of the platform. */
export interface Files {
  /** Throws `file.unreadable`, and `file.too-large` beyond the size limit before reading. */
  read(path: string): Promise<Uint8Array>;
  exists(path: string): Promise<boolean>;
  /** Symlinks resolved. Throws `file.unreadable`. */
  realPath(path: string): Promise<string>;
  parent(path: string): string;
  join(folder: string, path: string): string;
  /** Relative and `/`-separated; begins with `..` where `path` is not below `folder`. */
  relative(folder: string, path: string): string;
  /** Whether `path` is the folder or stands below it; by name alone, symlinks not resolved. */
  contains(folder: string, path: string): boolean;
}

/** The person's own keys: the key folder, and in the editor SecretStorage too. */
export interface LocalKeys {
  /** Every local key that files of this scheme may be opened with, in no order. */
  list(scheme: SchemeId): Promise<readonly KeyMaterial[]>;
  /** The key of this name. Throws `key.ambiguous` where two different keys of one kind share it. */
  find(scheme: SchemeId, name: string): Promise<KeyMaterial | undefined>;
}

export interface Environment {
  /** The variable's value; undefined where it is unset, or where the person does not consent to its use. */
  read(name: string): Promise<string | undefined>;
}

/**
 * Asks the person for something that is written nowhere: the passphrase of a key, the password of a value, or one to seal
 * with, which is kept in memory, and that once more. Undefined: it was not given, or nobody is there to ask.
 * @param ref the key, or what the password is for
 */
export type AskSecret = (
  what: 'passphrase' | 'password' | 'sealing password' | 'password again',
  ref: string,
) => Promise<string | undefined>;

/** What version control knows of files. */
export interface Repository {
  /** Whether git tracks a file, or would with the next `git add`. False where there is no repository. */
  holds(path: string, root: string): Promise<boolean>;
}

/** How much of the past was looked through: `clone`: all that this clone has, which is not all; `time`: what time allowed. */
export type SearchedPast = 'all' | 'clone' | 'time';

/** Where values stand in plaintext in the commits of a repository. */
export interface PastUse {
  /** For each value that was asked about, whether it does. */
  readonly found: readonly boolean[];
  /** How many commits wrote a file that holds one of them. */
  readonly commits: number;
  /** The oldest of those, abbreviated; empty where there is none. */
  readonly first: string;
  readonly searched: SearchedPast;
}

/** What version control has kept. */
export interface History {
  /**
   * Looks for values in plaintext. Undefined where there is no repository around the file. Throws `git.failed`; an
   * `AbortError` where the signal says so.
   */
  find(path: string, values: readonly Plaintext[], signal: AbortSignal): Promise<PastUse | undefined>;
}

/** A public key about to be sealed to, with nothing yet that speaks for it. */
export interface UnknownKey {
  /** The folder that the acceptance holds for. */
  readonly root: string;
  readonly ref: string;
  readonly description: string;
  readonly fingerprint: string;
}

/** Trust on first use. */
export interface Trust {
  /** Whether the person accepts this key, now or before. */
  accepts(key: UnknownKey): Promise<boolean>;
}

/** Recipients about to be sealed to, with nothing yet that speaks for them. */
export interface UnknownRecipients {
  /** The folder that the acceptance holds for. */
  readonly root: string;
  /** Where they are named, relative to the root: `.sops.yaml`. */
  readonly file: string;
  /** Each is its own fingerprint. */
  readonly recipients: readonly { readonly kind: string; readonly name: string }[];
}

/** Trust on first use for recipients: one question for all of them. */
export interface RecipientTrust {
  /** Whether the person accepts all of these, now or before. */
  acceptsRecipients(unknown: UnknownRecipients): Promise<boolean>;
}

/** A key as it is kept: told apart by name and kind. */
export interface KeptKey {
  readonly name: string;
  /** `pem`, `jwk`, `fernet`, `secretbox`, `age`: the extension of its file in the key folder. */
  readonly extension: string;
}

/** A place that keeps the person's keys. */
export interface KeyVault extends LocalKeys {
  /** What a person calls this place. */
  readonly title: string;
  kept(): Promise<readonly KeptKey[]>;
  read(key: KeptKey): Promise<KeyMaterial>;
  /** Throws `key.exists` where there is a key of that name and kind. */
  save(key: KeptKey, secret: Plaintext): Promise<void>;
  remove(key: KeptKey): Promise<void>;
}
