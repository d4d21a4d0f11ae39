import { describe, expect, it } from 'vitest';
import type { KkpEncryption, KkpPhase } from '../../../../src/app/kkp/kkp-encryption.ts';
import { factsOf, nextStep } from '../../../../src/app/kkp/kkp-facts.ts';
import { canAdd, canDisable, canRemove, canSwap, offersFor } from '../../../../src/app/kkp/kkp-steps.ts';
import { backupCaveat, leftovers, phaseMeaning, phaseName } from '../../../../src/app/kkp/kkp-words.ts';

const all = { rendered: true, apiServers: 2, updated: 2 };
const key = (name: string) => ({ name, from: { secret: 's', key: name } });

interface Situation {
  readonly keys?: readonly string[];
  readonly phase?: KkpPhase | undefined;
  readonly active?: string;
  readonly resources?: readonly string[];
  readonly encrypted?: readonly string[];
  readonly rollout?: KkpEncryption['rollout'];
  readonly feature?: boolean;
  readonly enabled?: boolean;
  readonly conditions?: KkpEncryption['conditions'];
}

/** A user cluster whose first key, `old`, has encrypted everything. */
function cluster(situation: Situation = {}): KkpEncryption {
  const { keys = ['old'], active = `secretbox/${keys[0]}`, resources = ['secrets'] } = situation;
  const { feature = true, enabled = true, conditions = [], encrypted = resources } = situation;
  const phase = 'phase' in situation ? situation.phase : 'Active';
  return {
    cluster: 'abc',
    hash: '',
    feature,
    spec: { enabled, resources, keys: keys.map(key) },
    status: phase && { phase, activeKey: active, resources: encrypted },
    conditions,
    rollout: 'rollout' in situation ? situation.rollout : all,
  };
}
const two = (more: Situation = {}) => cluster({ keys: ['old', 'new'], ...more });
const swapped = (more: Situation = {}) => cluster({ keys: ['new', 'old'], ...more });
const every = [
  ['a second key', (kkp: KkpEncryption) => canAdd(kkp)],
  ['a swap', (kkp: KkpEncryption) => canSwap(kkp, kkp.spec?.keys[1]?.name)],
  ['a removal', (kkp: KkpEncryption) => canRemove(kkp, kkp.spec?.keys[1]?.name)],
  ['switching off', (kkp: KkpEncryption) => canDisable(kkp)],
] as const;

describe('Active', () => {
  it('does not prove that a second key has reached every API server: no swap until each pod has the revision', () => {
    expect(canSwap(two({ rollout: { ...all, updated: 1 } }), 'new')).toContain('1 of 2 API servers');
    expect(canSwap(two(), 'new')).toBeUndefined();
  });

  it('does not prove that KKP has rendered the second key: no swap while the hash is of another spec', () => {
    expect(canSwap(two({ rollout: { ...all, rendered: false } }), 'new')).toContain('not rendered');
  });

  it('proves nothing where the rollout may not be seen, nor where no API server runs', () => {
    expect(canSwap(two({ rollout: undefined }), 'new')).toContain('right');
    expect(canSwap(two({ rollout: { rendered: true, apiServers: 0, updated: 0 } }), 'new')).toContain('runs');
  });

  it('is what KKP says right after a swap too, before it has begun: nothing until the first key is the active one', () => {
    const kkp = swapped({ active: 'secretbox/old' });
    for (const [, can] of every) expect(can(kkp)).toContain('secretbox/old is the active one');
  });
});

describe('what Active means', () => {
  it('is not that the first key has written everything, as long as KKP has not begun with a change', () => {
    expect(phaseMeaning(two())).toContain('The first key has written everything');
    for (const kkp of [swapped({ active: 'secretbox/old' }), cluster({ active: 'identity' })])
      expect(phaseMeaning(kkp)).toContain('has not begun with the last change');
    expect(phaseMeaning(cluster({ enabled: false }))).toContain('has not begun with the last change');
    expect(phaseMeaning(cluster({ enabled: false, active: 'identity' }))).toContain('decrypted');
  });
});

describe('every phase but Active', () => {
  it.each(every)('stands against %s, in words of KKP', (_, can) => {
    for (const phase of ['Pending', 'EncryptionNeeded'] as const) {
      const refusal = can(two({ phase }));
      expect(refusal).toContain(
        `no changes to encryption configuration are allowed while encryption phase is '${phase}'`,
      );
    }
    expect(can(two({ phase: 'Failed' }))).toContain('never leaves');
    expect(can(two({ phase: undefined }))).toContain('not begun');
  });

  it('has a name: EncryptionNeeded is Rotating', () => {
    const names = [undefined, 'Pending', 'EncryptionNeeded', 'Active', 'Failed'] as const;
    expect(names.map((phase) => phaseName(phase))).toEqual([
      'Off',
      'Pending',
      'Rotating',
      'Active',
      'Failed',
    ]);
  });
});

describe('a key', () => {
  it('is added as the second, and only where there is no second', () => {
    expect(canAdd(cluster())).toBeUndefined();
    expect(canAdd(two())).toContain('a second key already, new');
  });

  it('is not moved where there is none, where it is first, or where its name is not its own', () => {
    expect(canSwap(cluster(), undefined)).toContain('no second key');
    expect(canSwap(two(), 'old')).toContain('no second key');
    expect(canSwap(cluster({ keys: ['old', 'new', 'new'] }), 'new')).toContain('Two keys');
  });

  it('is removed only where it is not the active one', () => {
    expect(canRemove(swapped(), 'old')).toBeUndefined();
    expect(canRemove(cluster({ keys: ['new', 'old'], active: 'secretbox/old' }), 'old')).toBeDefined();
    expect(canRemove(swapped(), 'new')).toContain('no second key');
  });

  it('is not removed while resources of the list are not encrypted with the new one', () => {
    const kkp = swapped({ resources: ['secrets', 'configmaps'], encrypted: ['secrets'] });
    expect(canRemove(kkp, 'old')).toContain('Not every resource');
  });

  it('is not removed while an API server runs another revision, which may write with it', () => {
    expect(canRemove(swapped({ rollout: { ...all, updated: 1 } }), 'old')).toContain('1 of 2');
    expect(canRemove(swapped({ rollout: undefined }), 'old')).toBeUndefined();
  });
});

describe('a cluster that is not encrypted', () => {
  it('has nothing to rotate: switched off, or without the feature gate', () => {
    for (const [, can] of every) {
      expect(can(cluster({ enabled: false, phase: undefined }))).toContain('switched off');
      expect(can(cluster({ feature: false }))).toContain('encryptionAtRest');
    }
  });

  it('still has the Secret with its old keys, which KKP does not delete', () => {
    const initialised = { type: 'EncryptionInitialized', status: 'False', message: '', since: undefined };
    const off = cluster({ enabled: false, phase: undefined, conditions: [initialised] });
    expect(leftovers(off)).toContain('apiserver-encryption-configuration');
    expect(leftovers(cluster({ enabled: false, phase: undefined }))).toBeUndefined();
    expect(leftovers(cluster())).toBeUndefined();
  });
});

describe('etcd backups', () => {
  it('of the first five minutes are warned of beside Active, with the time where it is known', () => {
    const since = new Date('2026-11-01T10:00:00Z');
    const conditions = [{ type: 'EncryptionInitialized', status: 'True', message: '', since }];
    expect(backupCaveat(cluster({ conditions }))).toContain('until 2026-11-01T10:05:00Z');
    expect(backupCaveat(cluster())).toContain('first five minutes');
    expect(backupCaveat(cluster({ phase: 'Pending' }))).toBeUndefined();
  });
});

describe('what is offered and what is told', () => {
  const offered = (kkp: KkpEncryption) =>
    offersFor(kkp)
      .filter(({ refusal }) => refusal === undefined)
      .map(({ step }) => ('key' in step ? `${step.step} ${step.key}` : step.step));

  it('goes with the rotation', () => {
    expect(offered(cluster())).toEqual(['add', 'disable']);
    expect(offered(two({ rollout: { ...all, updated: 0 } }))).toEqual(['disable']);
    expect(offered(two())).toEqual(['swap new', 'remove new', 'disable']);
    expect(offered(swapped({ active: 'secretbox/old' }))).toEqual([]);
    expect(offered(swapped({ phase: 'Pending', active: 'secretbox/old' }))).toEqual([]);
    expect(offered(swapped())).toEqual(['swap old', 'remove old', 'disable']);
  });

  it('says why for each step that is not, and shows swap and removal even without a second key', () => {
    const refused = offersFor(cluster()).filter(({ refusal }) => refusal !== undefined);
    expect(refused.map(({ step }) => step.step)).toEqual(['swap', 'remove']);
    for (const { refusal } of offersFor(cluster({ phase: 'Failed' }))) expect(refusal).toMatch(/\.$/);
  });

  it('ends with what to do next', () => {
    expect(nextStep(cluster())).toContain('add a second key');
    expect(nextStep(two({ rollout: { ...all, updated: 1 } }))).toContain('1 of 2');
    expect(nextStep(two())).toContain('Move new to the front');
    expect(nextStep(two({ phase: 'Pending' }))).toContain('Wait');
    expect(nextStep(cluster({ phase: 'Failed' }))).toContain('by hand');
    expect(nextStep(cluster({ enabled: false, phase: undefined }))).toContain('Nothing');
    expect(nextStep(cluster({ enabled: false, active: 'identity' }))).toContain('decrypted');
    expect(nextStep(cluster({ phase: undefined }))).toContain('begun');
  });

  it('names the phase, the keys and how far they are, and what stands out', () => {
    const facts = factsOf(two({ rollout: { ...all, updated: 1 } }));
    const labels = facts.map(({ label }) => label);
    expect(labels).toEqual([
      'Phase',
      'Active Key',
      'Keys',
      'Encrypted Resources',
      'API Servers',
      'etcd Backups',
      'Next',
    ]);
    expect(facts.find(({ label }) => label === 'API Servers')).toMatchObject({ severity: 'warning' });
    expect(factsOf(cluster({ phase: 'Failed' }))[0]).toMatchObject({ severity: 'error' });
    expect(factsOf(cluster({ enabled: false, phase: undefined })).map(({ label }) => label)).toEqual([
      'Phase',
      'Keys',
      'API Servers',
      'Next',
    ]);
  });
});
