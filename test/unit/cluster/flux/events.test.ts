import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { eventsOf, readEvent } from '../../../../src/cluster/flux/events.ts';
import { runs } from '../../../support/arbitraries.ts';
import { json } from '../../../support/lying-answers.ts';
import { FluxApi, read } from './flux-api.ts';

let api: FluxApi | undefined;
afterEach(() => api?.server.stop());

describe('events', () => {
  it('are those of one object, newest first, at most 50', async () => {
    api = await FluxApi.start();
    const items = Array.from({ length: 60 }, (_, index) => ({
      type: index === 59 ? 'Warning' : 'Normal',
      reason: 'Progressing',
      message: `number ${index}`,
      lastTimestamp: new Date(Date.UTC(2026, 4, 1, 10, (index * 7) % 60)).toISOString(),
    }));
    api.server.on('/api/v1/namespaces/apps/events', json({ kind: 'EventList', metadata: {}, items }));
    const events = await eventsOf(api.client, read('Kustomization'), new AbortController().signal);
    expect(events).toHaveLength(50);
    const times = events.map(({ at }) => at?.getTime() ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times[0]).toBe(Date.UTC(2026, 4, 1, 10, 59));
    expect(api.server.asked[0]?.query.get('fieldSelector')).toBe(
      'involvedObject.kind=Kustomization,involvedObject.name=podinfo,involvedObject.uid=u-1',
    );
  });

  it('cannot be made to be about another object by its name', async () => {
    api = await FluxApi.start();
    api.server.on('/api/v1/namespaces/apps/events', json({ kind: 'EventList', metadata: {}, items: null }));
    const object = read('Kustomization', { metadata: { name: 'a,involvedObject.kind=Secret', uid: '' } });
    expect(await eventsOf(api.client, object, new AbortController().signal)).toEqual([]);
    expect(api.server.asked[0]?.query.get('fieldSelector')).toBe(
      String.raw`involvedObject.kind=Kustomization,involvedObject.name=a\,involvedObject.kind\=Secret`,
    );
  });
});

describe('an event', () => {
  const [early, late] = ['2026-05-01T10:00:00Z', '2026-05-01T10:30:00.123456Z'];

  it('is read as it was written by recorders of then and now', () => {
    expect(readEvent({ type: 'Warning', reason: 'A', message: 'b', count: 3, lastTimestamp: late })).toEqual({
      type: 'Warning',
      reason: 'A',
      message: 'b',
      count: 3,
      at: new Date('2026-05-01T10:30:00.123Z'),
    });
    const series = { count: 12, lastObservedTime: late };
    expect(readEvent({ eventTime: early, lastTimestamp: null, series })).toMatchObject({
      type: 'Normal',
      count: 12,
      at: new Date('2026-05-01T10:30:00.123Z'),
    });
    expect(readEvent({ eventTime: early }).at).toEqual(new Date(early));
    expect(readEvent({ count: 0, metadata: { creationTimestamp: early } })).toMatchObject({
      count: 1,
      at: new Date(early),
    });
  });

  it('may be anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readEvent(value).count).toBeGreaterThan(0);
      }),
      runs(200),
    );
  });
});
