import { execFile } from 'node:child_process';
import { isAbsolute } from 'node:path';
import * as l10n from '@vscode/l10n';
import { Failure, type GpgCause } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { PgpKeys } from '../crypto/sops/key-sources.ts';
import { type KeyRecipient, type KeyStanza, recipientName } from '../crypto/sops/stanza.ts';
import { findOnPath, isProgram } from './find-program.ts';
import { type GpgStatus, readGpgStatus } from './gpg-status.ts';

/** Which gpg, and how it is run. */
export interface GpgSetting {
  /** A path or a name that the person gave; undefined: SOPS_GPG_EXEC, else gpg. */
  readonly program: string | undefined;
  /** The process's own: GNUPGHOME, GPG_TTY and SOPS_GPG_EXEC count. */
  readonly env: NodeJS.ProcessEnv;
  /** The repository: no program in it is run because of its name. */
  readonly folder: string;
  /** Ends what is running. */
  readonly signal: AbortSignal;
  /** How long it may take, in milliseconds, and with it whoever types a passphrase. */
  readonly timeout?: number;
}

const twoMinutes = 120_000;
/** A data key is 32 bytes, and wrapped less than a kilobyte a key: of an enormous message nothing is kept. */
const outputLimit = 64 * 1024;
const armored = /^-----BEGIN PGP MESSAGE-----\n[^]+\n-----END PGP MESSAGE-----$/;
/** No questions in the terminal, no network; what went wrong in words that do not depend on a language. */
const quietly = ['--batch', '--no-tty', '--status-fd', '2', '--disable-dirmngr'];

/**
 * PGP keys through GnuPG, which keeps them and asks for their passphrases itself (getsops/sops pgp/keysource.go). Made for one
 * operation: whoever cancels is not asked again.
 */
export class Gpg implements PgpKeys {
  readonly #setting: GpgSetting;
  #cancelled: Failure | undefined;

  constructor(setting: GpgSetting) {
    this.#setting = setting;
  }

  /**
   * Undefined where GnuPG has no secret key for it.
   * @throws Failure `gpg.missing`, `gpg.failed`; `ciphertext.malformed` for what is no PGP message; the signal's reason
   */
  async unwrap(stanza: KeyStanza): Promise<Plaintext | undefined> {
    if (stanza.kind !== 'pgp') return undefined;
    if (this.#cancelled !== undefined) throw this.#cancelled;
    const key = recipientName(stanza);
    const { output, status } = await this.#run(['--decrypt'], Buffer.from(stanza.enc), key);
    // Without this, a message that only looks decrypted would do: gpg prints what is merely signed, too.
    if (output !== undefined && status.decrypted) return new Plaintext(new Uint8Array(output));
    if (!status.addressed)
      throw new Failure('ciphertext.malformed', {
        scheme: 'sops',
        reason: l10n.t('it is no encrypted PGP message'),
      });
    if (status.cause === undefined) return undefined;
    const failure = failed(key, status.cause);
    if (status.cause === 'cancelled') this.#cancelled = failure;
    throw failure;
  }

  /**
   * An armored message to one key of the person's keyring.
   * @throws Failure `key.unusable` for a recipient that is no fingerprint; `gpg.missing`, `gpg.failed`; the signal's reason
   */
  async wrap(recipient: KeyRecipient, part: Plaintext): Promise<string> {
    const key = recipientName(recipient);
    // Nothing that gpg would take for an option or for a search.
    const [, digits] = /^([0-9A-F]{40}|[0-9A-F]{64})!?$/i.exec(key) ?? [];
    if (recipient.kind !== 'pgp' || digits === undefined)
      throw new Failure('key.unusable', {
        ref: key,
        reason: l10n.t('it is no PGP fingerprint of 40 or 64 hexadecimal digits'),
      });
    const long = digits.slice(-16) + (key.endsWith('!') ? '!' : '');
    const to = ['--no-default-recipient', '--yes', '--encrypt', '-a', '-r', key];
    const args = [...to, '--trusted-key', long, '--no-encrypt-to'];
    const { output, status } = await this.#run(args, part.expose(), key);
    const message = output?.toString('latin1').replaceAll('\r\n', '\n').trim();
    // Whatever the program says of itself, a file must not lose its key to it.
    if (message === undefined || !armored.test(message)) throw failed(key, status.cause ?? 'unknown');
    return message;
  }

  async #run(args: readonly string[], input: Uint8Array, key: string): Promise<Answer> {
    const { signal, env, timeout = twoMinutes } = this.#setting;
    signal.throwIfAborted();
    const program = findGpg(this.#setting);
    if (program === undefined) throw new Failure('gpg.missing', { key });
    const answer = await runGpg({ program, args: [...quietly, ...args], env, timeout, signal }, input);
    signal.throwIfAborted();
    if (typeof answer === 'string') throw failed(key, answer);
    return answer;
  }
}

/** The gpg to run: what the person says, else what SOPS_GPG_EXEC says to sops, else the one on the PATH. */
export function findGpg({
  program,
  env,
  folder,
}: Pick<GpgSetting, 'program' | 'env' | 'folder'>): string | undefined {
  const command = program || env['SOPS_GPG_EXEC'] || 'gpg';
  if (isAbsolute(command)) return isProgram(command) ? command : undefined;
  // A relative path would be looked for in the repository.
  return /[\\/]/.test(command) ? undefined : findOnPath(command.replace(/\.exe$/i, ''), env, folder);
}

function failed(key: string, cause: GpgCause): Failure<'gpg.failed'> {
  return new Failure('gpg.failed', { key, cause });
}

interface Answer {
  /** Undefined where it failed. */
  readonly output: Buffer | undefined;
  readonly status: GpgStatus;
}

interface Run extends Required<Pick<GpgSetting, 'env' | 'timeout' | 'signal'>> {
  readonly program: string;
  readonly args: readonly string[];
}

/** What gpg says on stderr stays here but for its status: it names keys, users and files. */
function runGpg(
  { program, args, env, timeout, signal }: Run,
  input: Uint8Array,
): Promise<Answer | 'too-long' | 'too-much' | 'not-started'> {
  return new Promise((resolve) => {
    const limits = { maxBuffer: outputLimit, timeout, signal, killSignal: 'SIGKILL' } as const;
    const child = execFile(
      program,
      args,
      { env, ...limits, encoding: 'buffer', windowsHide: true },
      (error, stdout, stderr) => {
        if (error?.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') resolve('too-much');
        else if (error?.killed === true) resolve('too-long');
        else if (error !== null && typeof error.code !== 'number') resolve('not-started');
        else
          resolve({
            output: error === null ? stdout : undefined,
            status: readGpgStatus(stderr.toString('latin1')),
          });
      },
    );
    // It may end before it has read all.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
