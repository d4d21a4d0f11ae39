import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginRotation,
  type KeptRotation,
  keptStatus,
  type RotationFile,
  withBackup,
  withFile,
  withLook,
  withProof,
} from '../../../../src/app/at-rest/kept-rotation.ts';
import { lookAtServers } from '../../../../src/app/at-rest/look-at-servers.ts';
import { readRotationFile } from '../../../../src/app/at-rest/read-rotation-file.ts';
import { type RotationStatus, refusalOf } from '../../../../src/app/at-rest/rotation.ts';
import { actionsFor } from '../../../../src/app/at-rest/rotation-actions.ts';
import { changeFor } from '../../../../src/app/at-rest/rotation-change.ts';
import { checklistOf } from '../../../../src/app/at-rest/rotation-checklist.ts';
import { newKeySecret } from '../../../../src/app/at-rest/rotation-choices.ts';
import { proofAfter, snapshotProof, staleIn } from '../../../../src/app/at-rest/rotation-proof.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { readStoredMark } from '../../../../src/crypto/at-rest/stored-mark.ts';
import type { RotationPlan } from '../../../../src/manifest/at-rest/arrangement.ts';
import { rotationEdit } from '../../../../src/manifest/at-rest/rotation-edit.ts';
import { ApiServer, toldBy } from '../../../support/api-servers.ts';

const secrets = { group: '', resource: 'secrets' };
const head =
  'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers:\n';
const provider = (id: string) => {
  const [kind = '', name] = id.split('/');
  if (name === undefined) return `  - ${kind}: {}\n`;
  return `  - ${kind}:\n      keys:\n      - name: ${name}\n        secret: ${newKeySecret().exposeText()}\n`;
};
const configured = (...ids: readonly string[]) => head + ids.map(provider).join('');
const path = (name: string) => `/registry/secrets/default/${name}`;

/** A person with a file and a cluster, who takes what the checklist offers, and undoes edits as they like. */
class World {
  readonly etcd = new Map<string, Uint8Array>();
  readonly servers: readonly ApiServer[];
  readonly plan: RotationPlan;
  readonly history: string[];
  readonly snapshots: { readonly at: number; readonly values: readonly Uint8Array[] }[] = [];
  kept: KeptRotation;
  now = 0;
  #turn = 0;

  constructor(plan: RotationPlan, text: string, count: number, isBare: boolean) {
    this.plan = plan;
    this.history = [text];
    this.servers = Array.from(
      { length: count },
      (_, at) => new ApiServer(`node-${at}`, this.etcd, isBare ? undefined : text),
    );
    this.kept = beginRotation(plan, { file: 'file:///e.yaml', cluster: 'c', clusterTitle: 'c' });
    for (const name of ['a', 'b', 'c']) this.write(name, 0);
  }

  get text(): string {
    return this.history.at(-1) ?? '';
  }

  /** As every command begins: with the file as it is. */
  file(): RotationFile {
    const { file } = readRotationFile(Buffer.from(this.text), this.plan);
    this.kept = withFile(this.kept, file);
    return file;
  }

  status(): RotationStatus | undefined {
    const file = this.file();
    return keptStatus(this.kept, file, this.now);
  }

  server(at: number): ApiServer {
    const server = this.servers[at % this.servers.length];
    if (server === undefined) throw new Error('no API server');
    return server;
  }

  write(name: string, at: number): void {
    this.server(at).write(path(name), Buffer.from(`k8s\0${name} ${this.now}`));
  }

  async ask(): Promise<void> {
    const { configuration } = readRotationFile(Buffer.from(this.text), this.plan);
    const told = async () => toldBy(this.server(this.#turn++), this.servers);
    const options = { stated: undefined, now: () => this.now, signal: new AbortController().signal };
    const look = await lookAtServers(told, configuration, this.plan, options);
    const file = this.file();
    this.kept = withLook(this.kept, look, file, this.now);
  }

  /** Asks once, and meets one API server: what a load balancer that does not change gives. */
  async askOne(at: number): Promise<void> {
    const { configuration } = readRotationFile(Buffer.from(this.text), this.plan);
    const told = async () => toldBy(this.server(at), this.servers);
    const options = { stated: undefined, now: () => this.now, signal: new AbortController().signal };
    const file = this.file();
    this.kept = withLook(
      this.kept,
      await lookAtServers(told, configuration, this.plan, options),
      file,
      this.now,
    );
  }

  /** Puts the file on a node: not where the checklist says that this may harm, or that nobody has looked. */
  async rollOut(at: number, how: 'restart' | 'reload'): Promise<void> {
    if (this.status()?.wait?.why === 'loaded-unknown') await this.ask();
    const status = this.status();
    if (status === undefined) return;
    const next = status.next ?? 'remove';
    if (status.next !== undefined && typeof refusalOf(status, next) === 'object') return;
    this.server(at)[how](this.text);
  }

  async act(): Promise<void> {
    await this.ask();
    const status = this.status();
    const [action] = status === undefined ? [] : actionsFor(status);
    if (status === undefined || action === undefined) return;
    if (action === 'backed-up') this.kept = withBackup(this.kept);
    if (action === 'move-back')
      this.edit(rotationEdit(this.text, { from: this.plan.to, to: this.plan.from }, { step: 'swap' }));
    if (action === 'add') {
      const secret = this.plan.to === 'identity' ? undefined : newKeySecret();
      this.edit(changeFor(this.text, this.plan, status, { step: 'add', secret }));
    }
    if (action === 'swap' || action === 'remove')
      this.edit(changeFor(this.text, this.plan, status, { step: action }));
  }

  edit(edit: ReturnType<typeof rotationEdit>): void {
    this.history.push(applyEdits(this.text, [edit]));
  }

  undo(): void {
    if (this.history.length > 1) this.history.pop();
  }

  /** Through any API servers; the last ones may fail. */
  async reEncrypt(at: number, failures: number): Promise<void> {
    await this.ask();
    const status = this.status();
    if (status === undefined || !actionsFor(status).includes('re-encrypt')) return;
    const names = [...this.etcd.keys()];
    const done = names.slice(0, names.length - failures);
    for (const [index, key] of done.entries()) this.server(at + index).write(key, this.server(at).read(key));
    const failed = names.slice(done.length).map((name) => ({ name, reason: 'conflict' }));
    const result = { way: 'replace' as const, written: done.length, gone: 0, failed };
    const { hash } = this.file();
    this.kept = withProof(this.kept, proofAfter(result, secrets, hash, this.now, this.kept.proof));
  }

  takeSnapshot(): void {
    this.snapshots.push({ at: this.now, values: [...this.etcd.values()] });
  }

  /** The newest one, if it is younger than the roll-out, which a person is asked. */
  async audit(): Promise<void> {
    await this.ask();
    const status = this.status();
    const snapshot = this.snapshots.at(-1);
    const since = this.kept.rolledOutAt;
    if (status === undefined || !actionsFor(status).includes('audit') || since === undefined) return;
    if (snapshot === undefined || snapshot.at < since) return;
    const counts = snapshot.values.map((value) => {
      const { provider: by, keyName } = readStoredMark(value);
      return { resource: secrets, provider: by, keyName, current: 1, superseded: 0, deleted: 0, untold: 0 };
    });
    const { configuration } = readRotationFile(Buffer.from(this.text), this.plan);
    const stale = staleIn({ counts, unreadable: 0 }, configuration, this.plan);
    if (stale === undefined) return;
    const file = this.file();
    this.kept = withProof(this.kept, snapshotProof(stale, file, this.now));
  }

  /** What no API server may ever fail to do. */
  readEverything(): void {
    for (const server of this.servers) for (const key of this.etcd.keys()) server.read(key);
  }
}

const plans = [
  {
    plan: { from: 'secretbox/old', to: 'secretbox/new' },
    text: () => configured('secretbox/old'),
    isBare: false,
  },
  {
    plan: { from: 'aescbc/old', to: 'secretbox/new' },
    text: () => configured('aescbc/old', 'identity'),
    isBare: false,
  },
  { plan: { from: 'identity', to: 'secretbox/new' }, text: () => configured('identity'), isBare: false },
  { plan: { from: 'identity', to: 'aescbc/new' }, text: () => configured('identity'), isBare: true },
  { plan: { from: 'aescbc/old', to: 'identity' }, text: () => configured('aescbc/old'), isBare: false },
  {
    plan: { from: 'identity', to: 'secretbox/new' },
    text: () => configured('secretbox/new', 'identity'),
    isBare: true,
  },
] as const;

const world = fc
  .constantFrom(...plans)
  .chain(({ plan, text, isBare }) =>
    fc.integer({ min: 1, max: 3 }).map((count) => () => new World(plan, text(), count, isBare)),
  );
type Move = (world: World) => Promise<void> | void;
const at = fc.nat({ max: 2 });
const moves: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Move>((w) => w.act()) },
  {
    weight: 5,
    arbitrary: fc.tuple(at, fc.constantFrom('restart', 'reload')).map(
      ([n, how]): Move =>
        (w) =>
          w.rollOut(n, how),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(at, fc.constantFrom('a', 'b', 'd')).map(
      ([n, name]): Move =>
        (w) =>
          w.write(name, n),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(at, fc.constantFrom(0, 0, 1)).map(
      ([n, failures]): Move =>
        (w) =>
          w.reEncrypt(n, failures),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Move>((w) => w.takeSnapshot()) },
  { weight: 1, arbitrary: fc.constant<Move>((w) => w.audit()) },
  { weight: 1, arbitrary: fc.constant<Move>((w) => w.undo()) },
  {
    weight: 1,
    arbitrary: at.map(
      (n): Move =>
        (w) =>
          w.askOne(n),
    ),
  },
  {
    weight: 1,
    arbitrary: at.map(
      (n): Move =>
        (w) =>
          w.server(n).restart(),
    ),
  },
);

describe('a rotation that takes what its checklist offers', () => {
  it('never leaves a value that some API server cannot read', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.array(moves, { minLength: 5, maxLength: 60 }), async (make, taken) => {
        const w = make();
        for (const move of taken) {
          w.now += 1000;
          await move(w);
          w.readEverything();
        }
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('counts anew what is left where an API server was seen to write by another file meanwhile', async () => {
    const w = new World(
      { from: 'secretbox/old', to: 'secretbox/new' },
      configured('secretbox/old'),
      2,
      false,
    );
    const step = async () => {
      w.now += 1000;
      await w.act();
      for (const n of [0, 1]) await w.rollOut(n, 'restart');
      await w.ask();
    };
    for (let round = 0; round < 4 && w.status()?.next !== 're-encrypt'; round++) await step();
    await w.reEncrypt(0, 0);
    expect(w.status()?.next).toBe('remove');
    const swapped = w.text;
    w.server(1).restart(w.history.at(-2));
    await w.ask();
    expect(w.status()?.next).toBe('roll-out-swapped');
    w.server(1).restart(swapped);
    await w.ask();
    expect(w.status()).toMatchObject({ next: 're-encrypt', wait: { why: 'stale-unknown' } });
  });

  it.each(plans)(
    'comes to its end: $plan.from to $plan.to, none before: $isBare',
    async ({ plan, text, isBare }) => {
      const w = new World(plan, text(), 3, isBare);
      const steps: string[] = [];
      for (let round = 0; round < 40 && w.status()?.next !== undefined; round++) {
        w.now += 60_000;
        await w.ask();
        const next = w.status()?.next ?? '';
        if (steps.at(-1) !== next) steps.push(next);
        if (next.startsWith('roll-out')) for (const n of [0, 1, 2]) await w.rollOut(n, 'restart');
        await w.act();
        await w.reEncrypt(round, 0);
        w.readEverything();
      }
      expect(w.status()?.next).toBeUndefined();
      for (const n of [0, 1, 2]) await w.rollOut(n, 'restart');
      w.readEverything();
      const marks = [...w.etcd.values()].map((value) => readStoredMark(value));
      const written = new Set(
        marks.map(({ provider: by, keyName }) => (keyName === undefined ? by : `${by}/${keyName}`)),
      );
      expect([...written]).toEqual([plan.to]);
      expect(steps.at(-1)).toBe('remove');
      const facts = {
        kept: w.kept,
        fileName: 'e.yaml',
        file: w.file(),
        trouble: undefined,
        now: w.now,
        time: String,
      };
      expect(checklistOf(facts).text).toContain('All steps are done');
    },
  );
});
