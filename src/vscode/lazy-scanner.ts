import type { FoundInFile, ScanOrder, WorkspaceScanner } from '../app/workspace-scan.ts';

/** A scanner that is made when it is first needed. */
export class LazyScanner implements WorkspaceScanner {
  readonly #make: () => Promise<WorkspaceScanner>;
  #made: Promise<WorkspaceScanner> | undefined;

  constructor(make: () => Promise<WorkspaceScanner>) {
    this.#make = make;
  }

  async scan(
    order: ScanOrder,
    signal: AbortSignal,
    found: (files: readonly FoundInFile[]) => void,
  ): Promise<void> {
    this.#made ??= this.#make();
    await (await this.#made).scan(order, signal, found);
  }

  dispose(): void {
    void this.#made?.then((scanner) => scanner.dispose());
  }
}
