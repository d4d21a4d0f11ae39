/** What of this computer, and of the editor, decides which programs run and how. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The person's folder. */
  readonly home: string;
  /** Folders whose content others wrote: no program in them is found. */
  readonly workspace: readonly string[];
}
