import type { FoundInFile, ScanOrder } from '../app/workspace-scan.ts';

/** What the scan's thread is made with. */
export interface ScanThreadData {
  readonly keyFolder: string;
}

/** What the scan's thread is told. Orders are numbered; the newest is the one that counts. */
export type ToScanThread =
  | { readonly tell: 'scan'; readonly id: number; readonly order: ScanOrder }
  | { readonly tell: 'stop'; readonly id: number };

/** What it tells back. */
export type FromScanThread =
  | { readonly tell: 'found'; readonly id: number; readonly files: readonly FoundInFile[] }
  | { readonly tell: 'done'; readonly id: number };
