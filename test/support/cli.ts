import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect } from 'vitest';
import { Workspace } from './workspace.ts';

const source = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** What one run of the command line gave back. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly bytes: Uint8Array;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** A run over several files may fail for one and write another. */
  readonly mayWrite?: boolean;
}

/**
 * A git repository with a key folder beside it, and the command line to run there. Every run is watched: one that
 * fails must leave every file as it was and print no secret; none may leave a temporary file.
 */
export class Sandbox extends Workspace {
  readonly program: string;
  readonly #home: Workspace;
  readonly #secrets = new Set<string>();

  constructor(program: string) {
    super();
    this.program = program;
    this.#home = new Workspace();
    mkdirSync(this.path('.git'));
  }

  /** A value or key that no failing run may print, in any spelling a tool might choose. */
  secret(value: string): string {
    const bytes = Buffer.from(value);
    for (const spelling of [value.trim(), bytes.toString('base64'), bytes.toString('base64url')])
      this.#secrets.add(spelling);
    return value;
  }

  /** The environment that the command line runs in: nothing of the machine's own keys. */
  get env(): NodeJS.ProcessEnv {
    const home = this.#home.root;
    return {
      PATH: process.env['PATH'],
      SystemRoot: process.env['SystemRoot'],
      HOME: home,
      USERPROFILE: home,
      APPDATA: join(home, 'config'),
      XDG_CONFIG_HOME: join(home, 'config'),
    };
  }

  /** Puts a key into the person's own key folder: `dev.fernet`. */
  localKey(file: string, content: string): string {
    const folder =
      process.platform === 'darwin' ? 'Library/Application Support/purser/keys' : 'config/purser/keys';
    return this.#home.write(join(folder, file), content, 0o600);
  }

  link(target: string, path: string): void {
    symlinkSync(target, this.path(path));
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    const before = this.snapshot();
    const ran = await this.#spawn(args, options);
    const after = this.snapshot();
    const leftovers = [...after.keys()].filter((path) => /\.purser-|\.tmp$/.test(path));
    expect(leftovers, 'temporary files').toEqual([]);
    expect(ran.stderr, 'a crash').not.toMatch(/^\s+at /m);
    if (ran.code !== 0) {
      if (options.mayWrite !== true) expect(after, 'files after a failure').toEqual(before);
      for (const secret of this.#secrets)
        expect(`${ran.stdout}${ran.stderr}`.includes(secret), 'a secret was printed').toBe(false);
    }
    return ran;
  }

  async #spawn(args: readonly string[], { input, env, cwd }: RunOptions): Promise<Ran> {
    const child = spawn(process.execPath, [this.program, ...args], {
      cwd: cwd ?? this.root,
      env: { ...this.env, ...env },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A command that fails early does not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const bytes = Buffer.concat(out);
    return { code, bytes, stdout: bytes.toString('utf8'), stderr: Buffer.concat(err).toString('utf8') };
  }

  override remove(): void {
    super.remove();
    this.#home.remove();
  }
}

/** Builds the command line once for a test file, as it ships; `sandbox()` gives each test a repository of its own. */
export function useCli(): { readonly sandbox: () => Sandbox } {
  const made: Workspace[] = [];
  let program = process.env['PURSER_CLI'];
  beforeAll(async () => {
    if (program !== undefined) return;
    const folder = new Workspace();
    made.push(folder);
    await buildCli(folder.root);
    program = join(folder.root, 'cli.js');
  });
  afterAll(() => {
    for (const workspace of made) workspace.remove();
  });
  return {
    sandbox() {
      const sandbox = new Sandbox(program ?? '');
      made.push(sandbox);
      return sandbox;
    },
  };
}

/** The same bundle as esbuild.mjs makes, elsewhere: other tests may be building `dist` at this moment. */
async function buildCli(outdir: string): Promise<void> {
  await build({
    entryPoints: [source],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    define: { PURSER_VERSION: JSON.stringify(version) },
    chunkNames: 'chunks/[name]-[hash]',
    banner: {
      js: "import { createRequire as __purserRequire } from 'node:module';const require = __purserRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  new Workspace(outdir).write('package.json', '{"type":"module"}');
}
