import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type {
  ConnectionConsent,
  CredentialPlugin,
  OpenedKubeconfig,
} from '../../src/app/clusters/kubeconfig.ts';
import type { Host } from '../../src/cluster/kubeconfig/host.ts';
import { Failure } from '../../src/core/errors.ts';
import { Plaintext } from '../../src/core/plaintext.ts';

/** Stands in every kubeconfig of the tests where a secret would; nothing that people see may hold it. */
export const canary = 'CANARYCANARYCANARY';

export type Files = OpenedKubeconfig['files'];

export function openedText(text: string, files?: Files): OpenedKubeconfig {
  return { title: 'ci.kubeconfig', text: Plaintext.fromText(text), files };
}

/** A kubeconfig with one cluster, user and context, all called `c`. */
export function kubeconfigText(user: object, cluster: object = { server: 'https://127.0.0.1:6443' }): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'c', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  });
}

/** A folder that is gone after the test, with these files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'purser-kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) writeIn(folder, path, text);
  return folder;
}

export function writeIn(folder: string, path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: text.startsWith('#!') ? 0o755 : 0o600 });
  return file;
}

/** A person who gives the same answer to every question; records the questions. */
export class Person implements ConnectionConsent {
  readonly plugins: CredentialPlugin[] = [];
  readonly unchecked: string[] = [];
  agrees: boolean;

  constructor(agrees: boolean) {
    this.agrees = agrees;
  }

  mayRun(plugin: CredentialPlugin): Promise<boolean> {
    this.plugins.push(plugin);
    return Promise.resolve(this.agrees);
  }

  mayGoUnchecked(server: string): Promise<boolean> {
    this.unchecked.push(server);
    return Promise.resolve(this.agrees);
  }
}

export function hostAt(home: string, more: Partial<Host> = {}): Host {
  return { home, env: { PATH: process.env['PATH'] }, workspace: [], ...more };
}

/** The failure that something ends with; anything else fails the test. */
export async function failureOf(doing: Promise<unknown> | (() => unknown)): Promise<Failure> {
  try {
    await (typeof doing === 'function' ? doing() : doing);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
