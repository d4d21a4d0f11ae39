import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endProgram, freePorts, startProgram } from './background-program.ts';
import { programFile } from './control-plane-programs.ts';
import { runProgram } from './run-program.ts';

/** A real etcd on loopback, spoken to through its HTTP gateway. */
export interface Etcd {
  /** `http://127.0.0.1:port`, for an API server. */
  readonly url: string;
  /** Gives the revision. */
  readonly put: (key: string, value: Uint8Array | string) => Promise<number>;
  /** The bytes that are stored; undefined where nothing is. */
  readonly get: (key: string) => Promise<Buffer | undefined>;
  readonly remove: (key: string) => Promise<number>;
  readonly compact: (revision: number) => Promise<void>;
  /** What `etcdctl snapshot save` writes: the pages, and their SHA-256 behind them. */
  readonly snapshot: () => Promise<Buffer>;
  /** Runs etcdctl against it, which must be there. */
  readonly etcdctl: (args: readonly string[]) => Promise<string>;
  /** The member's own file; whole once the server is stopped. */
  readonly file: string;
  /** Ends the server. Its file stays until `remove`. */
  readonly stop: () => Promise<void>;
  readonly clean: () => void;
}

/** Starts one, in a second or two. */
export async function startEtcd(): Promise<Etcd> {
  const folder = mkdtempSync(join(tmpdir(), 'purser-etcd-'));
  const [client, peer] = await freePorts(2);
  const url = `http://127.0.0.1:${client}`;
  const server = startProgram({
    name: 'etcd',
    file: programFile('etcd'),
    folder,
    args: [
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      '--unsafe-no-fsync',
      '--log-level=error',
    ],
  });
  const stop = () => endProgram(server);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  try {
    await untilHealthy(`${url}/health`);
  } catch (error) {
    await stop();
    clean();
    throw error;
  }
  return { url, ...gateway(url), file: join(folder, 'etcd', 'member', 'snap', 'db'), stop, clean };
}

function gateway(url: string): Pick<Etcd, 'put' | 'get' | 'remove' | 'compact' | 'snapshot' | 'etcdctl'> {
  const ask = async (path: string, body: object) => {
    const answer = await fetch(`${url}/v3/${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`etcd ${path}: ${await answer.text()}`);
    return answer.text();
  };
  const change = async (path: string, body: object) => {
    const { header } = JSON.parse(await ask(path, body)) as { header: { revision: string } };
    return Number(header.revision);
  };
  return {
    put: (key, value) => change('kv/put', { key: base64(key), value: base64(value) }),
    async get(key) {
      const { kvs } = JSON.parse(await ask('kv/range', { key: base64(key) })) as {
        kvs?: { value: string }[];
      };
      return kvs?.[0] && Buffer.from(kvs[0].value, 'base64');
    },
    remove: (key) => change('kv/deleterange', { key: base64(key) }),
    async compact(revision) {
      await ask('kv/compaction', { revision: String(revision), physical: true });
    },
    snapshot: async () => joined(await ask('maintenance/snapshot', {})),
    etcdctl: (args) => runProgram(programFile('etcdctl'), [`--endpoints=${url}`, ...args]),
  };
}

function joined(lines: string): Buffer {
  const parts = lines.trim().split('\n');
  const blobs = parts.map((line) => (JSON.parse(line) as { result: { blob: string } }).result.blob);
  return Buffer.concat(blobs.map((blob) => Buffer.from(blob, 'base64')));
}

async function untilHealthy(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await wait(200);
  }
  throw new Error('etcd is not ready');
}

function base64(value: Uint8Array | string): string {
  return Buffer.from(value).toString('base64');
}
