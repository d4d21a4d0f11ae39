import type { GpgCause } from '../core/errors.ts';

/** What gpg reports on its status lines (doc/DETAILS of GnuPG), as far as it says how a run went. */
export interface GpgStatus {
  /** It was decrypted, and shown not to be altered. */
  readonly decrypted: boolean;
  /** The message is for somebody. */
  readonly addressed: boolean;
  /** Why it failed, where it was not merely for want of a secret key. */
  readonly cause: GpgCause | undefined;
}

/** The codes of libgpg-error for what a person, or what asks them, can do; the source of an error is in higher bits. */
const causes: ReadonlyMap<number, GpgCause> = new Map([
  [99, 'cancelled'],
  [198, 'cancelled'],
  [11, 'passphrase'],
  [62, 'timeout'],
  [85, 'no-pinentry'],
  [77, 'no-pinentry'],
  // ENOTTY: pinentry was not told which terminal to ask in.
  [0x8066, 'no-pinentry'],
]);

/** Reads the lines that begin with `[GNUPG:]`; all others are for people, in their language. */
export function readGpgStatus(stderr: string): GpgStatus {
  const lines = stderr.split(/\r?\n/).flatMap((line) => {
    const [mark, keyword = '', ...rest] = line.split(' ');
    return mark === '[GNUPG:]' ? [{ keyword, rest }] : [];
  });
  const has = (keyword: string) => lines.some((line) => line.keyword === keyword);
  const failed = lines.find(({ keyword, rest }) => keyword === 'ERROR' && rest[0] === 'pkdecrypt_failed');
  const refused = lines.find(({ keyword }) => keyword === 'INV_RECP');
  return {
    decrypted: has('DECRYPTION_OKAY'),
    addressed: has('ENC_TO'),
    cause:
      (failed && (causes.get(Number(failed.rest[1]) & 0xffff) ?? 'unknown')) ??
      (refused && (refused.rest[0] === '1' ? 'no-public-key' : 'unusable-public-key')) ??
      (has('NO_SECKEY') ? undefined : 'unknown'),
  };
}
