import type { ListOf, TextField } from '../../manifest/at-rest/configuration.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import {
  anyResource,
  type GroupResource,
  parseGroupResource,
  sameGroupResource,
} from '../../manifest/at-rest/group-resource.ts';
import { invalid } from './field-error.ts';

const twice = 'the same resource cannot be specified multiple times';
const overlap =
  "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked";
const notRest: ReadonlySet<string> = new Set([
  'apiserveripinfo',
  'serviceipallocations',
  'servicenodeportallocations',
]);

/** Resources of one list that get in each other's way (`validateResourceOverlap`). */
export function validateOverlap(list: ListOf<TextField>, path: string): readonly SaidAt[] {
  const texts = list.items.map(({ text }) => text);
  const parsed = texts.map(parseGroupResource);
  return [
    ...(new Set(parsed.map(keyOf)).size < parsed.length ? [invalid(list, path, texts, twice)] : []),
    ...(overlaps(parsed) ? [invalid(list, path, texts, overlap)] : []),
  ];
}

/** Whether one of them covers another; a wildcard that stands twice covers itself. */
function overlaps(list: readonly GroupResource[]): boolean {
  if (list.length > 1 && list.some((one) => sameGroupResource(one, anyResource))) return true;
  const wild = new Set(list.flatMap(({ group, resource }) => (resource === '*' ? [group] : [])));
  const groups = new Set<string>();
  for (const { group } of list) {
    if (wild.has(group) && groups.has(group)) return true;
    groups.add(group);
  }
  return false;
}

function keyOf({ group, resource }: GroupResource): string {
  return `${resource}.${group}`;
}

/** Names that cannot be encrypted, or not so (`validateResourceNames`). */
export function validateNames(list: ListOf<TextField>, path: string): readonly SaidAt[] {
  return list.items.flatMap((item, index) => {
    const reason = reasonAgainst(item.text);
    return reason === undefined ? [] : [invalid(item, `${path}[${index}]`, item.text, reason)];
  });
}

function reasonAgainst(text: string): string | undefined {
  if (text.toLowerCase() !== text) return 'resource name should not contain capital letters';
  if (text === '*') {
    return "use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources";
  }
  if (notRest.has(text)) return 'resources which do not have REST API/s cannot be encrypted';
  const { group, resource } = parseGroupResource(text);
  if (group === 'events.k8s.io') {
    return "'*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file";
  }
  if (group === 'extensions') return "'extensions' group has been removed and cannot be used for encryption";
  if (group === '*' && resource !== '*') return 'encrypting the same resource across groups is not supported';
  return undefined;
}
