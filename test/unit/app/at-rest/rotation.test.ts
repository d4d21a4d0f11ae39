import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClusterView,
  type Rotation,
  type RotationStatus,
  type RotationStep,
  refusalOf,
  rotationStatus,
  rotationSteps,
} from '../../../../src/app/at-rest/rotation.ts';
import { changeFor } from '../../../../src/app/at-rest/rotation-change.ts';
import { stepInWords, waitInWords } from '../../../../src/app/at-rest/rotation-sentences.ts';
import { Plaintext } from '../../../../src/core/plaintext.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import { readConfiguration } from '../../../../src/manifest/at-rest/read-configuration.ts';

const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
const keys = (...names: readonly string[]) => {
  const items = names.map((name, at) => `{name: ${name}, secret: ${key(at)}}`).join(', ');
  return `kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources: [{resources: [secrets], providers: [{secretbox: {keys: [${items}]}}]}]\n`;
};
const rotation: Rotation = { from: 'secretbox/old', to: 'secretbox/new', readable: [], backedUp: false };
const unknown: ClusterView = {
  loaded: undefined,
  apiServers: undefined,
  writers: undefined,
  stale: undefined,
};
const all = (hash: string, more: Partial<ClusterView> = {}): ClusterView => ({
  ...unknown,
  loaded: [hash, hash, hash],
  apiServers: 3,
  ...more,
});

function statusOf(text: string, cluster: ClusterView, more: Partial<Rotation> = {}): RotationStatus {
  const { configuration } = readConfiguration(text);
  const status = configuration && rotationStatus(configuration, 'this', { ...rotation, ...more }, cluster);
  if (status === undefined) throw new Error('the rotation is not about this text');
  return status;
}

describe('a rotation', () => {
  const seven: readonly (readonly [string, string, ClusterView, Partial<Rotation>, RotationStep, string])[] =
    [
      ['begins with the new key as the second', keys('old'), unknown, {}, 'add', 'edit'],
      [
        'waits until the metrics were read',
        keys('old', 'new'),
        unknown,
        {},
        'roll-out-added',
        'loaded-unknown',
      ],
      [
        'waits for every API server',
        keys('old', 'new'),
        { ...all('this'), loaded: ['this', 'other'] },
        {},
        'roll-out-added',
        'other-configuration',
      ],
      [
        'waits for those that were not seen',
        keys('old', 'new'),
        { ...all('this'), loaded: ['this'] },
        {},
        'roll-out-added',
        'servers-behind',
      ],
      [
        'does not guess how many there are',
        keys('old', 'new'),
        { ...all('this'), apiServers: undefined },
        {},
        'roll-out-added',
        'servers-unknown',
      ],
      ['wants a copy of the new key', keys('old', 'new'), all('this'), {}, 'verify', 'not-backed-up'],
      [
        'sees what does not belong here',
        keys('old', 'new'),
        all('this', { writers: ['secretbox/third'] }),
        {},
        'verify',
        'other-writer',
      ],
      [
        'goes on to the swap',
        keys('old', 'new'),
        all('this', { writers: ['secretbox/old'] }),
        { backedUp: true },
        'swap',
        'edit',
      ],
      [
        'rolls the swap out',
        keys('new', 'old'),
        all('before'),
        { readable: ['before'] },
        'roll-out-swapped',
        'other-configuration',
      ],
      [
        'sees an API server that lacks the new key',
        keys('new', 'old'),
        all('older'),
        { readable: ['before'] },
        'roll-out-swapped',
        'server-without-key',
      ],
      [
        'waits while the old key still writes',
        keys('new', 'old'),
        all('this', { writers: ['secretbox/old'], stale: 0 }),
        {},
        're-encrypt',
        'other-writer',
      ],
      ['does not take unknown for none', keys('new', 'old'), all('this'), {}, 're-encrypt', 'stale-unknown'],
      ['waits for the last object', keys('new', 'old'), all('this', { stale: 1 }), {}, 're-encrypt', 'stale'],
      [
        'removes the old key in the end',
        keys('new', 'old'),
        all('this', { stale: 0, writers: ['secretbox/new'] }),
        {},
        'remove',
        'edit',
      ],
    ];

  it.each(seven)('%s', (_name, text, cluster, more, next, why) => {
    const status = statusOf(text, cluster, more);
    expect([status.next, status.wait?.why]).toEqual([next, why]);
    expect([...status.done]).toEqual(rotationSteps.slice(0, rotationSteps.indexOf(next)));
  });

  it('changes the file for the next step alone, and only into what kube-apiserver takes', () => {
    const old = statusOf(keys('old'), unknown);
    const add = (secret: string) =>
      changeFor(keys('old'), rotation, old, { step: 'add', secret: Plaintext.fromText(secret) });
    const edit = add(key(9));
    expect(statusOf(applyEdits(keys('old'), [edit]), unknown).next).toBe('roll-out-added');
    expect(() => add(Buffer.alloc(8).toString('base64'))).toThrow('document.not-editable');
    expect(() => add('not base64')).toThrow('document.not-editable');
    const early = statusOf(keys('new', 'old'), all('this', { stale: 1 }));
    expect(() => changeFor(keys('new', 'old'), rotation, early, { step: 'remove' })).toThrow(
      'rotation.refused',
    );
    const due = statusOf(keys('new', 'old'), all('this', { stale: 0 }));
    const removed = applyEdits(keys('new', 'old'), [
      changeFor(keys('new', 'old'), rotation, due, { step: 'remove' }),
    ]);
    expect(removed).toBe(keys('new'));
  });

  it('is at its end where the old key is gone', () => {
    const status = statusOf(keys('new'), unknown);
    expect([status.next, status.done.size]).toEqual([undefined, 7]);
  });

  it('is not about a configuration that neither key writes', () => {
    const { configuration } = readConfiguration(keys('third', 'old'));
    expect(configuration && rotationStatus(configuration, 'this', rotation, unknown)).toBeUndefined();
  });

  it('offers one step and refuses the others', () => {
    const status = statusOf(keys('new', 'old'), all('this', { stale: 4 }));
    expect(rotationSteps.map((step) => refusalOf(status, step))).toEqual([
      'done',
      'done',
      'done',
      'done',
      'done',
      undefined,
      'too-early',
    ]);
    const lacking = statusOf(keys('new', 'old'), all('older'));
    expect(refusalOf(lacking, 'roll-out-swapped')).toEqual({ why: 'server-without-key' });
  });

  it('never offers to remove a key that something may still need, nor to swap before all can read', () => {
    const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const cluster = fc.record({
      loaded: maybe(fc.array(fc.constantFrom('this', 'before', 'older'), { maxLength: 3 })),
      apiServers: maybe(fc.nat({ max: 3 })),
      writers: maybe(
        fc.array(fc.constantFrom('secretbox/old', 'secretbox/new', 'identity'), { maxLength: 2 }),
      ),
      stale: maybe(fc.nat({ max: 2 })),
    });
    const text = fc.constantFrom(keys('old'), keys('old', 'new'), keys('new', 'old'), keys('new'));
    fc.assert(
      fc.property(text, cluster, fc.boolean(), (file, view, backedUp) => {
        const { next } = statusOf(file, view, { backedUp, readable: ['before'] });
        if (next !== 'remove' && next !== 'swap') return;
        expect(view.loaded?.every((hash) => hash === 'this')).toBe(true);
        expect(view.loaded?.length).toBeGreaterThanOrEqual(Math.max(1, view.apiServers ?? Infinity));
        if (next === 'swap') expect(backedUp).toBe(true);
        if (next === 'remove')
          expect([view.stale, view.writers?.includes('secretbox/old') ?? false]).toEqual([0, false]);
      }),
      { numRuns: 500 },
    );
  });

  it('says each step and what it waits for in a sentence of its own', () => {
    const steps = rotationSteps.map((step) => stepInWords(step, rotation));
    expect(new Set(steps).size).toBe(7);
    const waits = seven.map(([, text, cluster, more]) => statusOf(text, cluster, more).wait);
    const sentences = waits.map((wait) => wait && waitInWords(wait, rotation));
    expect(new Set(sentences).size).toBe(new Set(waits.map((wait) => JSON.stringify(wait))).size);
    expect(sentences).toContain(
      '1 object is not stored with secretbox/new yet: without secretbox/old nothing could read what is left.',
    );
  });
});
