import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What whoever is asked for a passphrase does; the passphrase, where it is none of these. */
export type Asked = 'cancels' | 'is away' | 'never answers' | { readonly types: string };

/** A GnuPG of its own: keyring, agent, and somebody who is asked for passphrases. */
export class GpgHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'purser-gpg-'));
  readonly env: NodeJS.ProcessEnv = { ...process.env, GNUPGHOME: this.folder };

  constructor() {
    const pinentry = join(this.folder, 'pinentry.sh');
    writeFileSync(pinentry, pinentryScript, { mode: 0o700 });
    writeFileSync(join(this.folder, 'gpg-agent.conf'), `pinentry-program ${pinentry}\n`);
    this.ask({ types: '' });
  }

  /** A new key that signs, with one that decrypts below it; its fingerprint. */
  addKey(name: string, passphrase = '', options: readonly string[] = []): string {
    const user = `${name} (test) <${name}@example.com>`;
    const made = ['--quick-gen-key', user, 'future-default', 'default', '1y'];
    this.#run(['--passphrase', passphrase, ...options, ...made]);
    return this.fingerprints(user)[0] ?? '';
  }

  /** Of the key and of those below it. */
  fingerprints(user: string): readonly string[] {
    return [...this.#run(['--with-colons', '--list-keys', user]).matchAll(/^fpr:+([0-9A-F]+):/gm)].map(
      ([, fingerprint = '']) => fingerprint,
    );
  }

  /** The public half, for another keyring. */
  exported(fingerprint: string): string {
    return this.#run(['--armor', '--export', fingerprint]);
  }

  imported(key: string): void {
    this.#run(['--import'], key);
  }

  message(args: readonly string[], text: string): string {
    return this.#run(['--armor', ...args], text);
  }

  /** What happens from now on to a question for a passphrase; none that was given before is remembered. */
  ask(who: Asked): void {
    writeFileSync(join(this.folder, 'asked'), typeof who === 'string' ? who : `types ${who.types}`);
    spawnSync('gpgconf', ['--homedir', this.folder, '--reload', 'gpg-agent'], { env: this.env });
  }

  remove(): void {
    spawnSync('gpgconf', ['--homedir', this.folder, '--kill', 'all'], { env: this.env });
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(args: readonly string[], input = ''): string {
    const quietly = ['--batch', '--yes', '--pinentry-mode', 'loopback', '--trust-model', 'always'];
    const done = spawnSync('gpg', [...quietly, ...args], { env: this.env, input });
    if (done.status !== 0) throw new Error(`gpg failed: ${done.stderr.toString().slice(0, 400)}`);
    return done.stdout.toString();
  }
}

/** Speaks to the agent (Assuan): 83886179 is cancelled, 83886142 nobody there. */
const pinentryScript = `#!/bin/sh
asked="$(dirname "$0")/asked"
echo OK
while read -r command rest; do
  case "$command" in
    GETPIN)
      case "$(cat "$asked")" in
        cancels) echo "ERR 83886179 Operation cancelled" ;;
        "is away") echo "ERR 83886142 Timeout" ;;
        "never answers") exec sleep 600 ;;
        *) echo "D $(sed 's/^types //' "$asked")"; echo OK ;;
      esac ;;
    BYE) echo OK; exit ;;
    *) echo OK ;;
  esac
done
`;
