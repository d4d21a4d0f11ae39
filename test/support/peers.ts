import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { cacheFolder } from '../host/cache.mjs';

/** A reference tool: where it stands, and how to ask whether what stands there will do. */
interface Peer {
  readonly name: string;
  readonly file: string;
  /** The name to look for on the PATH where the cache has none. */
  readonly command: string;
  readonly probe: readonly string[];
  /** Where it comes from; `npm run peers` where nothing is said. */
  readonly from?: string;
}

const windows = process.platform === 'win32';
const folder = join(cacheFolder(), 'peers');

function executable(name: string): string {
  return windows ? `${name}.exe` : name;
}

function pythonWith(module: string): Peer {
  const file = windows ? join('python', 'Scripts', 'python.exe') : join('python', 'bin', 'python3');
  return {
    name: `Python ${module}`,
    file: join(folder, file),
    command: windows ? 'python.exe' : 'python3',
    probe: ['-c', `import ${module}`],
  };
}

const peers = {
  joseUtil: {
    name: 'jose-util',
    file: join(folder, 'bin', executable('jose-util')),
    command: executable('jose-util'),
    probe: ['generate-key', '-h'],
  },
  goJose: {
    name: 'go-jose',
    file: join(folder, 'bin', executable('go-jose')),
    command: executable('go-jose'),
    probe: ['--version'],
  },
  age: {
    name: 'age',
    file: join(folder, 'bin', executable('age')),
    command: executable('age'),
    probe: ['-version'],
  },
  ageKeygen: {
    name: 'age-keygen',
    file: join(folder, 'bin', executable('age-keygen')),
    command: executable('age-keygen'),
    probe: ['-version'],
  },
  kubeseal: {
    name: 'kubeseal',
    file: join(folder, 'bin', executable('kubeseal')),
    command: executable('kubeseal'),
    probe: ['--version'],
  },
  sops: {
    name: 'sops',
    file: join(folder, 'bin', executable('sops')),
    command: executable('sops'),
    probe: ['--version', '--disable-version-check'],
  },
  sealedSecretsController: {
    name: 'sealed-secrets-controller',
    file: join(folder, 'bin', executable('sealed-secrets-controller')),
    command: executable('sealed-secrets-controller'),
    probe: ['--version'],
  },
  kustomizeController: {
    name: 'kustomize-controller',
    file: join(folder, 'bin', executable('kustomize-controller')),
    command: executable('kustomize-controller'),
    probe: ['--help'],
  },
  gpg: {
    name: 'GnuPG',
    file: join(folder, 'bin', executable('gpg')),
    command: executable('gpg'),
    probe: ['--version'],
    from: 'gnupg of the system',
  },
  cryptography: pythonWith('cryptography'),
  pynacl: pythonWith('nacl'),
  jwcrypto: pythonWith('jwcrypto'),
} satisfies Record<string, Peer>;

const byName: Readonly<Record<keyof typeof peers, Peer>> = peers;

export type PeerName = keyof typeof peers;

/** A tool that was found: runs it with input on stdin and gives its stdout. Nothing secret belongs in the arguments. */
export type Run = (args: readonly string[], input: string | Uint8Array) => Buffer;

/**
 * A `describe` whose body gets the tool, from the cache that `npm run peers` fills or from the PATH. Where there is
 * none it is skipped, and its name says what is missing.
 */
export function describePeer(name: string, which: PeerName, body: (run: Run) => void): void {
  const { title: peer, from, file } = findPeer(which);
  const title = file === undefined ? `${name} (no ${peer}: ${from})` : name;
  describe.skipIf(file === undefined)(title, () => body((args, input) => runPeer(file ?? '', args, input)));
}

interface FoundPeer {
  readonly title: string;
  /** Where it is to be had. */
  readonly from: string;
  /** Its program; undefined where there is none that will do. */
  readonly file: string | undefined;
}

/** Looks for a reference tool. */
export function findPeer(which: PeerName): FoundPeer {
  const peer = byName[which];
  return { title: peer.name, from: peer.from ?? 'npm run peers', file: find(peer) };
}

/** A new private folder for what a tool will only take as a file (0600); `remove` deletes it. */
export function privateFolder(): {
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
} {
  // Made with the first file: the body of a skipped `describe` runs too, and nothing would remove it.
  let folder: string | undefined;
  return {
    write(name, text) {
      folder ??= mkdtempSync(join(tmpdir(), 'purser-peer-'));
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
      return path;
    },
    remove() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function find(peer: Peer): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((entry) => join(entry, peer.command));
  return [peer.file, ...onPath].filter((file) => existsSync(file)).find((file) => answers(file, peer.probe));
}

function answers(file: string, probe: readonly string[]): boolean {
  return spawnSync(file, probe, { stdio: 'ignore' }).status === 0;
}

function runPeer(program: string, args: readonly string[], input: string | Uint8Array): Buffer {
  const done = spawnSync(program, args, { input, maxBuffer: 64 * 1024 * 1024 });
  if (done.status !== 0) throw new Error(`peer failed: ${done.stderr.toString().slice(0, 400)}`);
  return done.stdout;
}
