import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProgram, freePorts, startProgram } from './background-program.ts';
import type { KubeApi } from './kube-api.ts';
import { findPeer } from './peers.ts';
import { untilAnswered } from './until.ts';

/** Starts Flux' kustomize-controller against an API server that serves Flux' kinds, and gives what ends it. */
export async function startKustomizeController(api: KubeApi): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'purser-controller-'));
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  writeFileSync(kubeconfig, api.kubeconfig('admin'), { mode: 0o600 });
  // It decrypts into its temporary folder.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const [health = 0, metrics = 0] = await freePorts(2);
  const program = startProgram({
    name: 'kustomize-controller',
    file: findPeer('kustomizeController').file ?? '',
    folder,
    args: [`--health-addr=127.0.0.1:${health}`, `--metrics-addr=127.0.0.1:${metrics}`],
    env: { KUBECONFIG: kubeconfig, TMPDIR: temporary, RUNTIME_NAMESPACE: 'flux-system' },
  });
  const stop = async () => {
    await endProgram(program);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const late = () => `${program.name} is not ready: ${program.lastLines()}`;
    await untilAnswered(() => isReady(health), 60, late);
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function isReady(port: number): Promise<true | undefined> {
  const url = `http://127.0.0.1:${port}/readyz`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.ok === true ? true : undefined;
}
