import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeServerHome, startApiServer, type User } from './api-server.ts';
import { endProgram, freePorts } from './background-program.ts';
import { find, programFile } from './control-plane-programs.ts';
import { type Etcd, startEtcd } from './etcd.ts';
import { runProgram } from './run-program.ts';

/** A kube-apiserver with its etcd on loopback, empty but for what it makes itself. No controller and no kubelet runs. */
export interface KubeApi {
  /** `https://127.0.0.1:port`. */
  readonly server: string;
  readonly caPem: string;
  /** The user's bearer token: random, this server's alone. */
  readonly token: (user: User) => string;
  /** A kubeconfig as YAML, with everything inside. */
  readonly kubeconfig: (user: User) => string;
  /** Runs kubectl as the administrator and gives its stdout. */
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  /** Applies published CRDs, by folder, and waits until they are served. */
  readonly applyCrds: (...folders: readonly string[]) => Promise<void>;
  /**
   * Ends the API server and starts it again with these flags instead of those before; it keeps port, certificates and users. Throws
   * with its last words where it is not ready after so many seconds, a minute where nothing is said.
   */
  readonly restart: (flags: readonly string[], seconds?: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface KubeApiOptions {
  /** Where it stores: an etcd of somebody else's, who stops it. One of its own otherwise. */
  readonly etcd?: Etcd;
  /** More flags of kube-apiserver. */
  readonly flags?: readonly string[];
  /** What its host is called, as `namedHost` can do it: two API servers of one cluster are on two. */
  readonly host?: string;
}

/** CRDs are read where they lie: `PURSER_CRDS`, else `../shared/crds` beside the repository. */
const crds = process.env['PURSER_CRDS'] ?? fileURLToPath(new URL('../../../shared/crds', import.meta.url));

/** What is missing of what a real API server needs; empty where it can be started. */
export const missing: readonly string[] = [
  ...(['etcd', 'kube-apiserver', 'kubectl'] as const).filter((name) => find(name) === undefined),
  ...(existsSync(crds) ? [] : ['CRDs (set PURSER_CRDS)']),
];

/** Starts one, in some ten seconds. `stop` ends it and removes what it wrote. */
export async function startKubeApi({ etcd, flags = [], host }: KubeApiOptions = {}): Promise<KubeApi> {
  const store = etcd ?? (await startEtcd());
  const [port = 0] = await freePorts(1);
  const folder = mkdtempSync(join(tmpdir(), 'purser-kube-'));
  const clean = async () => {
    rmSync(folder, { recursive: true, force: true });
    if (etcd !== undefined) return;
    await store.stop();
    store.clean();
  };
  try {
    const home = makeServerHome(folder, port, store.url, host);
    const { caPem, ...first } = await startApiServer(home, flags);
    let { program } = first;
    const server = `https://127.0.0.1:${port}`;
    const kubeconfig = (user: User) => kubeconfigOf(server, caPem, home.token(user));
    writeFileSync(join(folder, 'admin.yaml'), kubeconfig('admin'), { mode: 0o600 });
    const kubectl = (args: readonly string[], input?: string) =>
      runKubectl([`--kubeconfig=${join(folder, 'admin.yaml')}`, ...args], input);
    return {
      server,
      caPem,
      token: home.token,
      kubeconfig,
      kubectl,
      applyCrds: (...folders) => apply(kubectl, folders),
      async restart(others, seconds) {
        await endProgram(program);
        ({ program } = await startApiServer(home, others, seconds));
      },
      async stop() {
        await endProgram(program);
        await clean();
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

function kubeconfigOf(server: string, caPem: string, token: string): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: test
    cluster:
      server: ${server}
      certificate-authority-data: ${Buffer.from(caPem).toString('base64')}
users:
  - name: test
    user:
      token: ${token}
contexts:
  - name: test
    context:
      cluster: test
      user: test
current-context: test
`;
}

async function apply(kubectl: KubeApi['kubectl'], folders: readonly string[]): Promise<void> {
  const files = folders.flatMap((folder) => ['-f', join(crds, folder)]);
  await kubectl(['apply', '--server-side', ...files]);
  const names = folders.flatMap((folder) =>
    readdirSync(join(crds, folder)).map((file) => `crd/${crdName(file)}`),
  );
  await kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
}

/** `GROUP_PLURAL.yaml` holds `PLURAL.GROUP`. */
function crdName(file: string): string {
  const [group = '', plural = ''] = file.replace(/\.yaml$/, '').split('_');
  return `${plural}.${group}`;
}

async function runKubectl(args: readonly string[], input: string | undefined): Promise<string> {
  try {
    return await runProgram(programFile('kubectl'), args, input);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`kubectl ${args.slice(1).join(' ')}: ${said}`, { cause: error });
  }
}
