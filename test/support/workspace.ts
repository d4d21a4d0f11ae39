import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of its own for one test, with what a file-based test needs to write, read and compare. */
export class Workspace {
  readonly root: string;

  constructor(root = mkdtempSync(join(tmpdir(), 'purser-test-'))) {
    this.root = realpathSync(root);
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  write(path: string, content: string | Uint8Array, mode?: number): string {
    const full = this.path(path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
    if (mode !== undefined) chmodSync(full, mode);
    return full;
  }

  folder(path: string): string {
    mkdirSync(this.path(path), { recursive: true });
    return this.path(path);
  }

  text(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  bytes(path: string): Uint8Array {
    return new Uint8Array(readFileSync(this.path(path)));
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  mode(path: string): number {
    return lstatSync(this.path(path)).mode & 0o777;
  }

  /** Every file below the root with its mode and content, for showing that nothing changed. */
  snapshot(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    collect(this.root, found);
    return found;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function collect(folder: string, found: Map<string, string>): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // A name that is no UTF-8 is not found again by its text.
    const mode = ((lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o7777).toString(8);
    if (entry.isDirectory()) collect(path, found);
    else if (entry.isSymbolicLink()) found.set(path, `link to ${readlinkSync(path)}`);
    else if (entry.isFile()) found.set(path, `${mode} ${contentOf(path)}`);
    else found.set(path, mode);
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path).toString('latin1');
  } catch {
    return 'unreadable';
  }
}

/** A key pair as files hold it. RSA with 2048 bits, because larger ones take seconds to make. */
export interface PemPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

export function rsaPair(bits = 2048): PemPair {
  return asPem(generateKeyPairSync('rsa', { modulusLength: bits }));
}

export function ecPair(): PemPair {
  return asPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
}

function asPem({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): PemPair {
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** A symmetric key of 32 bytes as a key file holds it. */
export function symmetricKey(): string {
  return `${randomBytes(32).toString('base64url')}=\n`;
}

/** One Secret with these `stringData` values, double-quoted. */
export function secretYaml(name: string, values: Readonly<Record<string, string>>, namespace = 'db'): string {
  const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nstringData:\n${lines.join('')}`;
}
