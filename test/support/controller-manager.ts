import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProgram, startProgram } from './background-program.ts';
import { programFile } from './control-plane-programs.ts';
import type { KubeApi } from './kube-api.ts';

/** What an API server must be started with, so that it serves storage version migrations. */
export const migrationFlags = [
  '--feature-gates=StorageVersionMigrator=true',
  '--runtime-config=storagemigration.k8s.io/v1beta1=true',
];

/** Starts Kubernetes' own controllers, but only those that migrate storage versions. Gives what ends them. */
export function startMigrator(api: KubeApi): () => Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'purser-migrator-'));
  const kubeconfig = join(folder, 'admin.yaml');
  writeFileSync(kubeconfig, api.kubeconfig('admin'), { mode: 0o600 });
  const program = startProgram({
    name: 'kube-controller-manager',
    file: programFile('kube-controller-manager'),
    args: [
      `--kubeconfig=${kubeconfig}`,
      '--controllers=garbage-collector-controller,storage-version-migrator-controller',
      '--feature-gates=StorageVersionMigrator=true',
      '--leader-elect=false',
      '--secure-port=0',
    ],
    folder,
  });
  return async () => {
    await endProgram(program);
    rmSync(folder, { recursive: true, force: true });
  };
}
