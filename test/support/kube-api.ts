import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../host/cache.mjs';
import { type BackgroundProgram, endProgram, freePorts, startProgram } from './background-program.ts';
import { runProgram } from './run-program.ts';

/** Who asks: `admin` may do everything, `viewer` what the test allows it, `nobody` nothing. */
type User = 'admin' | 'viewer' | 'nobody';

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
  readonly stop: () => Promise<void>;
}

/** CRDs are read where they lie: `PURSER_CRDS`, else `../shared/crds` beside the repository. */
const crds = process.env['PURSER_CRDS'] ?? fileURLToPath(new URL('../../../shared/crds', import.meta.url));

const programs = ['etcd', 'kube-apiserver', 'kubectl'] as const;
type Program = (typeof programs)[number];

/** What is missing of what a real API server needs; empty where it can be started. */
export const missing: readonly string[] = [
  ...programs.filter((name) => find(name) === undefined),
  ...(existsSync(crds) ? [] : ['CRDs (set PURSER_CRDS)']),
];

/** Starts one, in some ten seconds. `stop` ends it and removes what it wrote. */
export async function startKubeApi(): Promise<KubeApi> {
  const folder = mkdtempSync(join(tmpdir(), 'purser-kube-'));
  const [client = 0, peer = 0, port = 0] = await freePorts(3);
  const etcd = start(folder, 'etcd', [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${client}`,
    `--advertise-client-urls=http://127.0.0.1:${client}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=default=http://127.0.0.1:${peer}`,
    '--unsafe-no-fsync',
    '--log-level=error',
  ]);
  const tokens = new Map(
    (['admin', 'viewer', 'nobody'] as const).map((user) => [user, randomBytes(24).toString('hex')]),
  );
  const token = (user: User) => tokens.get(user) ?? '';
  const api = start(folder, 'kube-apiserver', apiserverFlags(folder, client, port, token));
  const server = `https://127.0.0.1:${port}`;
  const stop = async () => {
    await endProgram(api);
    await endProgram(etcd);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const caPem = await ready(folder, server, api);
    const kubeconfig = (user: User) => kubeconfigOf(server, caPem, token(user));
    writeFileSync(join(folder, 'admin.yaml'), kubeconfig('admin'), { mode: 0o600 });
    const kubectl = (args: readonly string[], input?: string) =>
      runKubectl([`--kubeconfig=${join(folder, 'admin.yaml')}`, ...args], input);
    const applyCrds = (...folders: readonly string[]) => apply(kubectl, folders);
    return { server, caPem, token, kubeconfig, kubectl, applyCrds, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function apiserverFlags(folder: string, etcd: number, port: number, token: (user: User) => string): string[] {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signing = join(folder, 'service-account.pem');
  writeFileSync(signing, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const users = join(folder, 'tokens.csv');
  const rows = [`${token('admin')},admin,admin,system:masters`, `${token('viewer')},viewer,viewer`];
  writeFileSync(users, [...rows, `${token('nobody')},nobody,nobody`].join('\n'), { mode: 0o600 });
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${users}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${signing}`,
    `--service-account-signing-key-file=${signing}`,
    '--service-cluster-ip-range=10.0.0.0/24',
  ];
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

/** Waits until the server answers; gives the certificate that signed its own. */
async function ready(folder: string, server: string, api: BackgroundProgram): Promise<string> {
  const certificate = join(folder, 'certificates', 'apiserver.crt');
  for (let attempt = 0; attempt < 300; attempt++) {
    if (api.process.exitCode !== null) throw new Error(`kube-apiserver ended: ${api.lastLines()}`);
    if (existsSync(certificate)) {
      // Behind the server's own stands the one that signed it.
      const ca =
        readFileSync(certificate, 'utf8')
          .split(/(?=-----BEGIN)/)
          .at(-1) ?? '';
      if (await answers(`${server}/readyz`, ca)) return ca;
    }
    await wait(200);
  }
  throw new Error(`kube-apiserver is not ready: ${api.lastLines()}`);
}

function answers(url: string, ca: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(url, { ca, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
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
    return await runProgram(find('kubectl') ?? 'kubectl', args, input);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`kubectl ${args.slice(1).join(' ')}: ${said}`, { cause: error });
  }
}

function start(folder: string, name: Program, args: readonly string[]): BackgroundProgram {
  const file = find(name);
  if (file === undefined) throw new Error(`no ${name}`);
  return startProgram({ name, file, args, folder });
}

/** Where a program of the control plane is; undefined where it is not. */
export function find(program: Program): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const folders = [
    ...(assets === undefined ? [] : [assets]),
    join(cacheFolder(), 'peers', 'bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}
