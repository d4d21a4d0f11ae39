import { devNull, homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { OpenedKubeconfig } from '../app/clusters/kubeconfig.ts';
import type { OwnKubeconfig } from '../app/clusters/own-kubeconfig.ts';
import type { Files } from '../app/ports.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';

/** Finds the person's own kubeconfig as kubectl does (client-go tools/clientcmd, ClientConfigLoadingRules). */
export class NodeOwnKubeconfig implements OwnKubeconfig {
  readonly #files: Pick<Files, 'read' | 'exists'>;
  readonly #env: () => NodeJS.ProcessEnv;
  readonly #home: () => string;

  /** @param env asked each time, because the environment may change */
  constructor(files: Pick<Files, 'read' | 'exists'>, env: () => NodeJS.ProcessEnv, home = homedir) {
    this.#files = files;
    this.#env = env;
    this.#home = home;
  }

  paths(): readonly string[] {
    const stated = (this.#env()['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
    if (stated.length === 0) return [join(this.#home(), '.kube', 'config')];
    // How one says that there shall be none.
    return [...new Set(stated.map((path) => resolve(path)))].filter((path) => path !== devNull);
  }

  async exists(): Promise<boolean> {
    const there = await Promise.all(this.paths().map((path) => this.#files.exists(path)));
    return there.includes(true);
  }

  async read(): Promise<OpenedKubeconfig | undefined> {
    const read = await Promise.all(this.paths().map((path) => this.#readIfThere(path)));
    const [first, ...more] = read.filter((one) => one !== undefined);
    return first === undefined || more.length === 0 ? first : { ...first, more };
  }

  async #readIfThere(path: string): Promise<OpenedKubeconfig | undefined> {
    if (!(await this.#files.exists(path))) return undefined;
    try {
      const text = new Plaintext(await this.#files.read(path));
      return { title: this.#titleOf(path), text, files: { folder: dirname(path), anywhere: true } };
    } catch (error) {
      throw this.#unreadable(path, error);
    }
  }

  #unreadable(path: string, error: unknown): unknown {
    const reason = reasonOf(error);
    if (reason === undefined) return error;
    return new Failure('kubeconfig.unreadable', { file: this.#titleOf(path), reason });
  }

  #titleOf(path: string): string {
    const home = join(this.#home(), '/');
    return path.startsWith(home) ? `~/${path.slice(home.length)}` : path;
  }
}

function reasonOf(error: unknown): string | undefined {
  if (Failure.is(error, 'file.unreadable')) return error.details.reason;
  return Failure.is(error, 'file.too-large') ? l10n.t('it is far too large') : undefined;
}
