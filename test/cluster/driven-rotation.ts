import { expect } from 'vitest';
import { auditScope } from '../../src/app/at-rest/audit-scope.ts';
import {
  beginRotation,
  type KeptRotation,
  keptStatus,
  withFile,
  withLook,
} from '../../src/app/at-rest/kept-rotation.ts';
import { lookAtServers } from '../../src/app/at-rest/look-at-servers.ts';
import { type ReadRotationFile, readRotationFile } from '../../src/app/at-rest/read-rotation-file.ts';
import { type RotationStatus, refusalOf, rotationSteps } from '../../src/app/at-rest/rotation.ts';
import { changeFor } from '../../src/app/at-rest/rotation-change.ts';
import { type Checklist, checklistOf } from '../../src/app/at-rest/rotation-checklist.ts';
import { proofAfter, snapshotProof, staleIn } from '../../src/app/at-rest/rotation-proof.ts';
import type { AuditSettings, SnapshotAudit } from '../../src/app/at-rest/snapshot-audit.ts';
import type {
  ClusterEncryption,
  ReEncrypted,
  ReEncryptionWay,
} from '../../src/app/clusters/cluster-encryption.ts';
import { Failure } from '../../src/core/errors.ts';
import { Plaintext } from '../../src/core/plaintext.ts';
import { applyEdits } from '../../src/core/span.ts';
import type { RotationPlan } from '../../src/manifest/at-rest/arrangement.ts';
import type { RotationChange } from '../../src/manifest/at-rest/rotation-edit.ts';

/** A cluster whose EncryptionConfiguration a rotation changes. */
export interface DrivenCluster {
  /** How many API servers it has. */
  readonly servers: number;
  /** The file as it is. */
  readonly bytes: Buffer;
  readonly write: (text: string) => void;
  readonly encryption: (signal: AbortSignal) => Promise<ClusterEncryption>;
  readonly reEncrypt: (way: ReEncryptionWay) => Promise<ReEncrypted>;
  readonly auditFor: (scope: Omit<AuditSettings, 'seeds'>) => Promise<SnapshotAudit>;
}

export const secrets = { group: '', resource: 'secrets' };

/** A checklist at work on such a cluster, as the editor works through it. */
export class DrivenRotation {
  readonly #cluster: DrivenCluster;
  readonly #secret: Plaintext | undefined;
  readonly #plan: RotationPlan;
  #kept: KeptRotation;

  /** @param secret of the new key, in base64 */
  constructor(cluster: DrivenCluster, plan: RotationPlan, secret?: string) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#secret = secret === undefined ? undefined : Plaintext.fromText(secret);
    const place = { file: 'file:///encryption.yaml', cluster: 'test', clusterTitle: 'test' };
    this.#kept = { ...beginRotation(plan, place), stated: cluster.servers };
  }

  /**
   * Looks at the file and the cluster, and says what is next: `swap: edit`, `re-encrypt: stale 2`. Each step but that is refused on
   * the way, and so is each change of the file but its own; the checklist that a person reads says the same, and holds no key.
   */
  async next(): Promise<string> {
    const { status, file } = await this.#look();
    const { next, wait } = status;
    const { text, line, actions } = this.#checklist(file);
    for (const step of rotationSteps)
      if (step !== next) expect(refusalOf(status, step), `${step} instead of ${next}`).toBeDefined();
    for (const change of this.#changes()) {
      const isDue = change.step === next && refusalOf(status, change.step) === undefined;
      if (!isDue) expect(() => changeFor(file.text, this.#kept, status, change)).toThrow(Failure);
      expect(actions.includes(change.step), `${change.step} is offered`).toBe(isDue);
    }
    const marked = text.split('\n')[line ?? -1] ?? '';
    const number = next === undefined ? undefined : `${rotationSteps.indexOf(next) + 1}`;
    expect(/→ *(\d)/.exec(marked)?.[1], marked).toBe(number);
    for (const key of this.#cluster.bytes.toString().match(/(?<=secret: ).+/g) ?? [])
      expect(text.includes(key), 'the checklist holds a key').toBe(false);
    if (next === undefined) return 'done';
    const detail = wait?.why === 'stale' ? ` ${wait.count}` : '';
    return `${next}: ${wait?.why}${detail}`;
  }

  /** Makes the edit that is next, and saves it. */
  async change(step: RotationChange['step']): Promise<void> {
    const { status, file } = await this.#look();
    const change = this.#changes().find((one) => one.step === step);
    if (change === undefined) throw new Error(step);
    this.#cluster.write(applyEdits(file.text, [changeFor(file.text, this.#kept, status, change)]));
  }

  /** The person says that the key is kept. */
  backUp(): void {
    this.#kept = { ...this.#kept, backedUp: true };
  }

  /** Writes everything anew from the checklist; gives how many were written. */
  async reEncrypt(way: ReEncryptionWay): Promise<number | undefined> {
    const { file } = await this.#look();
    const done = await this.#cluster.reEncrypt(way);
    expect(done).toMatchObject({ way, gone: 0, failed: [] });
    const proof = proofAfter(done, secrets, file.file.hash, Date.now(), this.#kept.proof);
    this.#kept = { ...this.#kept, proof };
    return done.written;
  }

  /** Has an etcd snapshot say what is left. */
  async audit(): Promise<void> {
    const { file } = await this.#look();
    const audit = await this.#cluster.auditFor(auditScope(file.configuration));
    const stale = staleIn(audit, file.configuration, this.#plan);
    if (stale === undefined) throw new Error('the snapshot cannot tell');
    this.#kept = { ...this.#kept, proof: snapshotProof(stale, file.file, Date.now()) };
  }

  #checklist({ file }: ReadRotationFile): Checklist {
    const told = { fileName: 'encryption.yaml', trouble: undefined, now: Date.now(), time: String };
    return checklistOf({ kept: this.#kept, file, ...told });
  }

  #changes(): readonly RotationChange[] {
    return [{ step: 'add', secret: this.#secret }, { step: 'swap' }, { step: 'remove' }];
  }

  async #look(): Promise<{ readonly status: RotationStatus; readonly file: ReadRotationFile }> {
    const file = readRotationFile(this.#cluster.bytes, this.#plan);
    const options = { stated: this.#cluster.servers, now: Date.now, signal: AbortSignal.timeout(30_000) };
    const ask = (signal: AbortSignal) => this.#cluster.encryption(signal);
    const looked = await lookAtServers(ask, file.configuration, this.#plan, options);
    this.#kept = withLook(withFile(this.#kept, file.file), looked, file.file, Date.now());
    const status = keptStatus(this.#kept, file.file, Date.now());
    if (status === undefined) throw new Error('the file is not about these keys');
    return { status, file };
  }
}
