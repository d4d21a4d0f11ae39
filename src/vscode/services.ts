import type { LogOutputChannel } from 'vscode';
import type { LookThrough } from '../app/at-rest/audited-snapshot.ts';
import type { FetchText } from '../app/documents/certificate-from-url.ts';
import type { DocumentWorks } from '../app/documents/document-work.ts';
import type { SealingPlaces } from '../app/documents/sealing-places.ts';
import type { JoinedVaults } from '../app/joined-vaults.ts';
import type { KeyRing } from '../app/key-ring.ts';
import type { PolicyFinder } from '../app/policy-finder.ts';
import type { Files, History, RecipientTrust, Repository, Trust, UnknownKey } from '../app/ports.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { Rotations } from './at-rest/rotations.ts';
import type { SnapshotReports } from './at-rest/snapshot-reports.ts';
import type { FindKeyFiles } from './ciphertext-lines.ts';
import type { Clipboard } from './clipboard.ts';
import type { AddingClusters } from './clusters/adding-clusters.ts';
import type { ClusterActions } from './clusters/cluster-actions.ts';
import type { Clusters } from './clusters/clusters.ts';
import type { ClustersView } from './clusters/clusters-view.ts';
import type { Consents } from './clusters/consents.ts';
import type { Findings } from './findings.ts';
import type { FindingsView } from './findings-view.ts';
import type { KeysView } from './keys/keys-view.ts';
import type { Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';
import type { StagedSecrets } from './staged-secrets.ts';
import type { WorkspaceScan } from './workspace-scan.ts';

/** Files that commands write besides the document: policies, public keys and backups. */
export interface WritableFiles extends Files {
  /** Writes a file that must not be there yet. Throws `file.exists`. */
  create(path: string, content: Uint8Array, mode?: number): Promise<void>;
  /** Writes ciphertext over a file as it was read. Throws `document.changed`, `file.unwritable`. */
  replaceSealed(path: string, content: Uint8Array, before: Uint8Array | undefined): Promise<void>;
  /** Takes back a file that was just written. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** The person's own folder, outside any workspace. */
  home(): string;
}

/** The hook that git runs before a commit, in the repository around a folder. */
export interface CommitHooks {
  /** Which file it is, whether that is a part of the repository, and whether it runs another hook. */
  install(
    folder: string,
  ): Promise<{ readonly file: string; readonly shared: boolean; readonly chained: boolean }>;
  /** The file it was in; undefined where there was none. */
  remove(folder: string): Promise<string | undefined>;
}

/** Trust on first use that keeps its answers. */
export interface KeptTrust extends Trust, RecipientTrust {
  /** Whether a question is open that the person has not answered. */
  readonly isAsking: boolean;
  /** The person has just accepted this key, in a question of another kind. */
  remember(key: Omit<UnknownKey, 'description'>): Promise<void>;
}

/** What finds secrets anywhere in the workspace, and what this is found with. */
export interface Watching {
  readonly log: LogOutputChannel;
  readonly files: WritableFiles;
  readonly finder: PolicyFinder;
  readonly policies: Policies;
  readonly repository: Repository;
  readonly history: History;
  readonly findings: Findings;
  readonly view: FindingsView;
  readonly scan: WorkspaceScan;
  readonly hooks: CommitHooks;
  readonly staged: StagedSecrets;
}

/** Reads etcd snapshots, and shows what is in them. */
export interface Snapshots {
  readonly lookThrough: LookThrough;
  readonly reports: SnapshotReports;
}

/** What the editor's commands work with. */
export interface Services extends Watching {
  readonly registry: SchemeRegistry;
  readonly documents: DocumentWorks;
  readonly places: SealingPlaces;
  readonly manifests: Manifests;
  readonly keys: KeyRing;
  readonly vaults: JoinedVaults;
  readonly keysElsewhere: FindKeyFiles;
  readonly trust: KeptTrust;
  readonly clipboard: Clipboard;
  readonly adding: AddingClusters;
  readonly keysView: KeysView;
  readonly clusters: Clusters;
  readonly clustersView: ClustersView;
  readonly clusterActions: ClusterActions;
  readonly consents: Consents;
  readonly fetchText: FetchText;
  readonly snapshots: Snapshots;
  readonly rotations: Rotations;
}
