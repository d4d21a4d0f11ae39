import type { FoundInFile, ScanOrder } from '../app/workspace-scan.ts';

/** What the scan's thread is made with. */
export interface ScanThreadData {
  /** Where keys are that policies name `local:`. */
  readonly keyFolder: string;
  /** What its sentences are in the person's language, by what they are in English. */
  readonly translations: Readonly<Record<string, string>>;
}

/** What the scan's thread is told. Orders are numbered; the newest is the one that counts. */
export type ToScanThread =
  | { readonly tell: 'scan'; readonly id: number; readonly order: ScanOrder }
  | { readonly tell: 'stop'; readonly id: number };

/** What it tells back. */
export type FromScanThread =
  | { readonly tell: 'found'; readonly id: number; readonly files: readonly FoundInFile[] }
  | { readonly tell: 'done'; readonly id: number };
