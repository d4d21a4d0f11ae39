import { Worker } from 'node:worker_threads';
import type { FoundInFile, ScanOrder, WorkspaceScanner } from '../app/workspace-scan.ts';
import type { FromScanThread, ScanThreadData, ToScanThread } from './scan-protocol.ts';

/** A scan in progress, as its starter waits for it. */
interface Pending {
  readonly found: (files: readonly FoundInFile[]) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Looks through files on a thread of its own, which is started for a scan and ends when there was none for a while. */
export class ScanThread implements WorkspaceScanner {
  readonly #program: URL;
  readonly #data: ScanThreadData;
  readonly #patience: number;
  readonly #pending = new Map<number, Pending>();
  readonly #heard: FromScanThread[] = [];
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  /**
   * @param program the thread's code
   * @param data what it is made with
   * @param patience how long the thread may be idle, in milliseconds
   */
  constructor(program: URL, data: ScanThreadData, patience = 20_000) {
    this.#program = program;
    this.#data = data;
    this.#patience = patience;
  }

  async scan(
    order: ScanOrder,
    signal: AbortSignal,
    found: (files: readonly FoundInFile[]) => void,
  ): Promise<void> {
    if (signal.aborted) return;
    clearTimeout(this.#idle);
    const id = ++this.#last;
    const worker = this.#running();
    const stop = () => worker.postMessage({ tell: 'stop', id } satisfies ToScanThread);
    signal.addEventListener('abort', stop);
    try {
      await new Promise<void>((resolve, reject) => {
        const heard = (files: readonly FoundInFile[]) => signal.aborted || found(files);
        this.#pending.set(id, { found: heard, resolve, reject });
        worker.postMessage({ tell: 'scan', id, order } satisfies ToScanThread);
      });
    } finally {
      signal.removeEventListener('abort', stop);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#idle = setTimeout(() => this.dispose(), this.#patience);
    }
  }

  /** Ends the thread; scans in progress end in silence, and a later one starts it anew. */
  dispose(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const { resolve } of this.#pending.values()) resolve();
  }

  #running(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    // The editor's own flags are nothing for it.
    const worker = new Worker(this.#program, {
      execArgv: [],
      name: 'purser scan',
      workerData: this.#data,
    });
    worker.on('message', (message: FromScanThread) => this.#hear(message));
    worker.on('error', (error) => this.#broken(worker, error));
    worker.on('exit', () => this.#broken(worker, new Error('the scan ended before it was done')));
    this.#worker = worker;
    return worker;
  }

  /** One after the other, with other work between: Node hands out everything that has come at once. */
  #hear(message: FromScanThread): void {
    this.#heard.push(message);
    if (this.#heard.length === 1) setImmediate(() => this.#passOn());
  }

  #passOn(): void {
    const message = this.#heard[0];
    if (message === undefined) return;
    const pending = this.#pending.get(message.id);
    if (message.tell === 'done') pending?.resolve();
    else pending?.found(message.files);
    this.#heard.shift();
    if (this.#heard.length > 0) setImmediate(() => this.#passOn());
  }

  #broken(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
  }
}
