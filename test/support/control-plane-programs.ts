import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from '../host/cache.mjs';

/** A program of Kubernetes' control plane, or one that asks it. */
export type ControlPlaneProgram =
  | 'etcd'
  | 'etcdctl'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kubectl';

/** Where it is: in the folder that KUBEBUILDER_ASSETS names, the cache or on the PATH. Undefined where it is not. */
export function find(program: ControlPlaneProgram): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const folders = [
    ...(assets === undefined ? [] : [assets]),
    join(cacheFolder(), 'peers', 'bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.map((folder) => join(folder, program)).find((file) => existsSync(file));
}

/** The same; throws where it is not. */
export function programFile(program: ControlPlaneProgram): string {
  const file = find(program);
  if (file === undefined) throw new Error(`no ${program}`);
  return file;
}
