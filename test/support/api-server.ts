import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type BackgroundProgram, endProgram, startProgram } from './background-program.ts';
import { programFile } from './control-plane-programs.ts';
import { namedHost } from './named-host.ts';

/** Who asks: `admin` may do everything, `viewer` what the test allows it, `nobody` nothing. */
export type User = 'admin' | 'viewer' | 'nobody';

/** Where an API server keeps its own things, which stay the same when it is started again. */
export interface ServerHome {
  readonly folder: string;
  readonly port: number;
  /** Bearer tokens: random, this server's alone. */
  readonly token: (user: User) => string;
  /** The URL of its etcd. */
  readonly etcd: string;
  /** The command that runs it, without its flags. */
  readonly command: readonly string[];
}

/** Makes what an API server needs in an empty folder. */
export function makeServerHome(
  folder: string,
  port: number,
  etcd: string,
  host: string | undefined,
): ServerHome {
  const users = ['admin', 'viewer', 'nobody'] as const;
  const tokens = new Map(users.map((user) => [user, randomBytes(24).toString('hex')]));
  const token = (user: User) => tokens.get(user) ?? '';
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signing = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'service-account.pem'), signing, { mode: 0o600 });
  const rows = [`${token('admin')},admin,admin,system:masters`, `${token('viewer')},viewer,viewer`];
  const csv = [...rows, `${token('nobody')},nobody,nobody`].join('\n');
  writeFileSync(join(folder, 'tokens.csv'), csv, { mode: 0o600 });
  const named = host === undefined ? [] : namedHost(host);
  if (named === undefined) throw new Error('no host can be named here');
  return { folder, port, token, etcd, command: [...named, programFile('kube-apiserver')] };
}

/** Starts an API server, and waits until it answers; gives the certificate that signed its own too. */
export async function startApiServer(
  home: ServerHome,
  flags: readonly string[],
  seconds = 60,
): Promise<{ readonly program: BackgroundProgram; readonly caPem: string }> {
  const [file = '', ...before] = home.command;
  const args = [...before, ...ownFlags(home), ...flags];
  const program = startProgram({ name: 'kube-apiserver', file, args, folder: home.folder });
  try {
    return { program, caPem: await ready(home, program, seconds) };
  } catch (error) {
    await endProgram(program);
    throw error;
  }
}

function ownFlags({ folder, port, etcd }: ServerHome): string[] {
  const signing = join(folder, 'service-account.pem');
  return [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certificates')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${signing}`,
    `--service-account-signing-key-file=${signing}`,
    '--service-cluster-ip-range=10.0.0.0/24',
  ];
}

async function ready({ folder, port }: ServerHome, api: BackgroundProgram, seconds: number): Promise<string> {
  const certificate = join(folder, 'certificates', 'apiserver.crt');
  for (let attempt = 0; attempt < seconds * 5; attempt++) {
    if (api.process.exitCode !== null) throw new Error(`kube-apiserver ended: ${api.lastLines()}`);
    if (existsSync(certificate)) {
      // Behind the server's own stands the one that signed it.
      const ca =
        readFileSync(certificate, 'utf8')
          .split(/(?=-----BEGIN)/)
          .at(-1) ?? '';
      if (await answers(`https://127.0.0.1:${port}/readyz`, ca)) return ca;
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
