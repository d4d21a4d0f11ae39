import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BackgroundProgram, endProgram, startProgram } from './background-program.ts';
import { untilAnswered } from './until.ts';

type User = { readonly uid: number; readonly gid: number };

/** How one kind of database is found, started and asked. */
interface Kind {
  readonly title: string;
  /** All that must be there: the programs of Debian's packages. */
  readonly programs: readonly string[];
  /** The account that Debian's package makes for it: these servers refuse to run as root. */
  readonly account: string;
  readonly prepare: (folder: string) => readonly [program: string, ...args: string[]];
  readonly serve: (folder: string) => readonly [program: string, ...args: string[]];
  /** Ends everything at once, with nothing brought into order. */
  readonly crash: NodeJS.Signals;
  /** What the documented scripts read to know where it is. */
  readonly env: (folder: string) => Readonly<Record<string, string>>;
  readonly client: readonly [program: string, ...args: string[]];
}

const whoami = process.getuid?.() === 0 ? 'root' : (process.env['USER'] ?? 'purser');

const kinds = {
  postgres: {
    title: 'PostgreSQL',
    programs: ['postgres', 'initdb', 'psql'],
    account: 'postgres',
    prepare: (folder) => [
      'initdb',
      '-D',
      join(folder, 'data'),
      '-U',
      'owner',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '-N',
    ],
    serve: (folder) => ['postgres', '-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses='],
    crash: 'SIGQUIT',
    env: (folder) => ({ PGHOST: folder, PGUSER: 'owner', PGDATABASE: 'postgres' }),
    client: ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1'],
  },
  mariadb: {
    title: 'MariaDB',
    programs: ['mariadbd', 'mariadb-install-db', 'mariadb'],
    account: 'mysql',
    prepare: (folder) => [
      'mariadb-install-db',
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      '--auth-root-authentication-method=socket',
      `--auth-root-socket-user=${whoami}`,
    ],
    serve: (folder) => [
      'mariadbd',
      '--no-defaults',
      `--datadir=${join(folder, 'data')}`,
      `--socket=${join(folder, 'sock')}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--skip-networking',
    ],
    crash: 'SIGKILL',
    env: (folder) => ({ HOME: folder }),
    client: ['mariadb', '--batch', '--skip-column-names', '--raw'],
  },
} satisfies Record<string, Kind>;

export type DatabaseKind = keyof typeof kinds;

/** What of it is not there; undefined where it can be started. */
export function whyNoDatabase(which: DatabaseKind): string | undefined {
  const { title, programs, account }: Kind = kinds[which];
  const absent = programs.find((program) => findProgram(program) === undefined);
  if (absent !== undefined) return `no ${title}: ${absent} is not installed`;
  const cannot = process.getuid?.() === 0 && userOf(account) === undefined;
  return cannot ? `no ${title}: it does not run as root, and there is no user ${account}` : undefined;
}

/** A database server of the tests' own, on a socket in a folder of its own. */
export class DatabaseServer {
  readonly #kind: Kind;
  readonly #folder: string;
  #program: BackgroundProgram;

  private constructor(kind: Kind, folder: string) {
    this.#kind = kind;
    this.#folder = folder;
    this.#program = this.#start();
  }

  static async start(which: DatabaseKind): Promise<DatabaseServer> {
    const kind: Kind = kinds[which];
    // Sockets have short paths.
    const folder = mkdtempSync(join(tmpdir(), 'purser-db-'));
    const user = serverUser(kind);
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const [program, ...args] = kind.prepare(folder);
    const made = spawnSync(findProgram(program) ?? program, args, {
      ...user,
      cwd: folder,
      env: environment(folder),
    });
    if (made.status !== 0) throw new Error(`${program}: ${made.stderr.toString().slice(-400)}`);
    writeFileSync(
      join(folder, '.my.cnf'),
      `[client]\nsocket=${join(folder, 'sock')}\nuser=root\n[mysql]\ndatabase=test\n`,
    );
    const server = new DatabaseServer(kind, folder);
    await server.#ready();
    return server;
  }

  /** What the documented scripts need to reach it with the clients that they call. */
  get env(): Readonly<Record<string, string>> {
    return { ...environment(this.#folder), ...this.#kind.env(this.#folder) };
  }

  /** Runs statements, and gives the rows as the client prints them. Throws with what the client says. */
  query(sql: string): string {
    const { status, stdout, stderr } = this.#ask(sql);
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  /** As a power cut: the server ends at once, and starts again on what is on its disk. */
  async crash(): Promise<void> {
    const { process: running } = this.#program;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill(this.#kind.crash);
    await ended;
    this.#program = this.#start();
    await this.#ready();
  }

  async stop(): Promise<void> {
    await endProgram(this.#program);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #start(): BackgroundProgram {
    const [program, ...args] = this.#kind.serve(this.#folder);
    const user = serverUser(this.#kind);
    return startProgram({
      name: 'server',
      file: findProgram(program) ?? program,
      args,
      folder: this.#folder,
      env: environment(this.#folder),
      ...(user === undefined ? {} : { user }),
    });
  }

  async #ready(): Promise<void> {
    const asked = async () => (this.#ask('SELECT 1;').status === 0 ? true : undefined);
    await untilAnswered(asked, 60, () => `${this.#kind.title} did not start: ${this.#program.lastLines()}`);
  }

  #ask(sql: string) {
    const [program, ...args] = this.#kind.client;
    return spawnSync(program, args, { env: this.env, input: sql, encoding: 'utf8' });
  }
}

/** These programs bring all that they read from their environment with them. */
function environment(folder: string): Readonly<Record<string, string>> {
  return { PATH: searched().join(delimiter), HOME: folder, LC_ALL: 'C.UTF-8' };
}

function serverUser({ account }: Kind): User | undefined {
  return process.getuid?.() === 0 ? userOf(account) : undefined;
}

function userOf(account: string): User | undefined {
  if (!existsSync('/etc/passwd')) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`${account}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function findProgram(name: string): string | undefined {
  return searched()
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/** The PATH, and where Debian keeps the servers. */
function searched(): readonly string[] {
  const versions = '/usr/lib/postgresql';
  const postgres = existsSync(versions) ? readdirSync(versions).map((one) => join(versions, one, 'bin')) : [];
  return [...(process.env['PATH'] ?? '').split(delimiter), ...postgres, '/usr/sbin'];
}
