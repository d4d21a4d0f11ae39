import type { FluxObject, KubernetesEvent } from '../../app/clusters/flux-object.ts';
import type { ApiClient, ApiResource } from '../api/api.ts';
import { listPages } from '../api/list.ts';
import { cut } from '../cut.ts';
import { at, number, text, time } from './json.ts';

const events: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  verbs: ['list'],
};

const shownAtMost = 50;
/** Servers keep events for an hour, in no order: all have to be seen to know the newest. */
const readAtMost = 2_000;

/** What happened to an object, newest first; at most 50. Throws `cluster.…` failures. */
export async function eventsOf(
  client: ApiClient,
  { ref, uid }: FluxObject,
  signal: AbortSignal,
): Promise<readonly KubernetesEvent[]> {
  const about = {
    'involvedObject.kind': ref.kind,
    'involvedObject.name': ref.name,
    ...(uid === '' ? {} : { 'involvedObject.uid': uid }),
  };
  // Those of what has no namespace are kept there.
  const query = {
    namespace: ref.namespace ?? 'default',
    fieldSelector: fieldSelector(about),
    most: readAtMost,
  };
  let found: KubernetesEvent[] = [];
  for await (const page of listPages(client, events, query, signal)) {
    if (page.restarted) found = [];
    found.push(...page.items.map(readEvent));
  }
  return found.sort(newestFirst).slice(0, shownAtMost);
}

/** An event of core/v1, written by a recorder of today (`series`, `eventTime`) or of before (`count`, `lastTimestamp`). Total. */
export function readEvent(event: unknown): KubernetesEvent {
  const said = [
    at(event, 'series', 'lastObservedTime'),
    at(event, 'lastTimestamp'),
    at(event, 'eventTime'),
    at(event, 'firstTimestamp'),
    at(event, 'metadata', 'creationTimestamp'),
  ];
  return {
    type: at(event, 'type') === 'Warning' ? 'Warning' : 'Normal',
    reason: cut(text(at(event, 'reason')) ?? '', 200),
    message: cut(text(at(event, 'message')) ?? ''),
    count: Math.max(1, number(at(event, 'series', 'count')) ?? number(at(event, 'count')) ?? 1),
    at: said.map(time).find((date) => date !== undefined),
  };
}

function newestFirst(a: KubernetesEvent, b: KubernetesEvent): number {
  return (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0);
}

/** As k8s.io/apimachinery pkg/fields escapes values. */
function fieldSelector(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value.replace(/[\\,=]/g, '\\$&')}`)
    .join(',');
}
