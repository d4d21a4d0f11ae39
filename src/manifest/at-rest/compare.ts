import type { EncryptionConfiguration } from './configuration.ts';
import { coverageBy, type RulesByName, rulesByName } from './coverage.ts';
import { parseGroupResource } from './group-resource.ts';
import { keyBytes } from './key-bytes.ts';
import { type Reader, readersOf } from './readers.ts';

/** What another configuration does otherwise with a resource. Nothing is ever left out that would make data unreadable. */
export interface ResourceDifference {
  /** As configurations spell it, wildcards too. */
  readonly resource: string;
  /** What writes it, before and after: `identity` where nothing is configured. */
  readonly writer: { readonly before: string; readonly after: string };
  readonly added: readonly string[];
  /** Values that these wrote cannot be read any more. */
  readonly removed: readonly string[];
  /** Keys that kept their name and became others: what they wrote cannot be read any more. */
  readonly replaced: readonly string[];
}

/** What changes for which resource from one configuration to another; those that stay are left out. */
export function compareConfigurations(
  before: EncryptionConfiguration,
  after: EncryptionConfiguration,
): readonly ResourceDifference[] {
  const [old, now] = [rulesByName(before), rulesByName(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].map((name) => compared(name, old, now)).filter(isDifferent);
}

function compared(resource: string, before: RulesByName, after: RulesByName): ResourceDifference {
  const [old, now] = [readers(before, resource), readers(after, resource)];
  const names = (list: readonly Reader[]) => new Set(list.map(({ id }) => id));
  const [oldNames, newNames] = [names(old), names(now)];
  return {
    resource,
    writer: { before: old[0]?.id ?? 'identity', after: now[0]?.id ?? 'identity' },
    added: [...newNames].filter((id) => !oldNames.has(id)),
    removed: [...oldNames].filter((id) => !newNames.has(id)),
    replaced: [...oldNames].filter((id) => newNames.has(id) && !keepsKeys(id, old, now)),
  };
}

/** No entry at all is the same as identity. */
function readers(rules: RulesByName, resource: string): readonly Reader[] {
  const found = readersOf(coverageBy(rules, parseGroupResource(resource)).readers);
  if (found.length > 0) return found;
  const nothing = { start: 0, end: 0, name: '', prefix: '', secret: undefined, provider: 0, key: 0 };
  return [{ ...nothing, kind: 'identity', id: 'identity' }];
}

/** Whether every key of this name is still there: two keys may have one. */
function keepsKeys(id: string, old: readonly Reader[], now: readonly Reader[]): boolean {
  const of = (list: readonly Reader[]) => list.filter((reader) => reader.id === id);
  return of(old).every((reader) => of(now).some((other) => isSameKey(reader, other)));
}

/** Whether two readers read the same: two ways of writing one key in base64 are one key. */
export function isSameKey(a: Reader, b: Reader): boolean {
  if (a.prefix !== b.prefix) return false;
  if (a.secret === undefined || b.secret === undefined) return a.secret === b.secret;
  const [one, other] = [a.secret, b.secret].map((text) => keyBytes({ start: 0, end: 0, text }));
  return one === undefined || other === undefined ? a.secret.equals(b.secret) : one.equals(other);
}

function isDifferent({ writer, added, removed, replaced }: ResourceDifference): boolean {
  return writer.before !== writer.after || added.length + removed.length + replaced.length > 0;
}
