import type { LogOutputChannel } from 'vscode';
import type { JoinedVaults } from '../app/joined-vaults.ts';
import type { KeyRing } from '../app/key-ring.ts';
import type { Files, Trust } from '../app/ports.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';

/** Files that commands write besides the document: policies, public keys and backups. */
export interface WritableFiles extends Files {
  /** Writes a file that must not be there yet. Throws `file.exists`. */
  create(path: string, content: Uint8Array, mode?: number): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** The person's own folder, outside any workspace. */
  home(): string;
}

/** What the editor's commands work with. */
export interface Services {
  readonly registry: SchemeRegistry;
  readonly manifests: Manifests;
  readonly policies: Policies;
  readonly keys: KeyRing;
  readonly vaults: JoinedVaults;
  readonly trust: Trust;
  readonly files: WritableFiles;
  readonly log: LogOutputChannel;
}
