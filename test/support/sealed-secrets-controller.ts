import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProgram, freePorts, startProgram } from './background-program.ts';
import type { KubeApi } from './kube-api.ts';
import { findPeer } from './peers.ts';
import { untilAnswered } from './until.ts';

/** The controller of Sealed Secrets at work, with its keys in `kube-system`. */
export interface SealedSecretsController {
  /** Where it answers on the loopback. */
  readonly port: number;
  /** The certificate that it wants to be sealed to, in PEM. */
  readonly certificate: () => Promise<string>;
  /** Has it make a new key, as it does every month. */
  readonly renewKey: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts it against an API server that serves SealedSecrets, and waits until it has a key. */
export async function startSealedSecretsController(api: KubeApi): Promise<SealedSecretsController> {
  const folder = mkdtempSync(join(tmpdir(), 'purser-controller-'));
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  writeFileSync(kubeconfig, api.kubeconfig('admin'), { mode: 0o600 });
  const [port = 0, metrics = 0] = await freePorts(2);
  const program = startProgram({
    name: 'sealed-secrets-controller',
    file: findPeer('sealedSecretsController').file ?? '',
    folder,
    args: [
      `--listen-addr=127.0.0.1:${port}`,
      `--listen-metrics-addr=127.0.0.1:${metrics}`,
      // Tests ask more often than people do.
      '--rate-limit=100',
      '--rate-limit-burst=100',
    ],
    env: { KUBECONFIG: kubeconfig, POD_NAMESPACE: 'kube-system' },
  });
  const stop = async () => {
    await endProgram(program);
    rmSync(folder, { recursive: true, force: true });
  };
  const served = () => certificateAt(port);
  const late = () => `${program.name} does not answer: ${program.lastLines()}`;
  const certificate = () => untilAnswered(served, 60, late);
  const renewKey = async () => {
    const before = await certificate();
    program.process.kill('SIGUSR1');
    const isNew = (now: string | undefined) => (now === before ? undefined : now);
    await untilAnswered(async () => isNew(await served()), 60, late);
  };
  try {
    await certificate();
    return { port, certificate, renewKey, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function certificateAt(port: number): Promise<string | undefined> {
  const url = `http://127.0.0.1:${port}/v1/cert.pem`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.ok === true ? answer.text() : undefined;
}
