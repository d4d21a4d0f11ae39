/** A resource of an API group; the core group's name is empty, and `*` stands for any. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** Go's `schema.ParseGroupResource`: `deployments.apps`, `secrets`, `secrets.`, `*.`, `*.*`. */
export function parseGroupResource(text: string): GroupResource {
  const dot = text.indexOf('.');
  return dot === -1
    ? { resource: text, group: '' }
    : { resource: text.slice(0, dot), group: text.slice(dot + 1) };
}

export function sameGroupResource(a: GroupResource, b: GroupResource): boolean {
  return a.group === b.group && a.resource === b.resource;
}

/** As it is spelled in a configuration. */
export function printGroupResource({ group, resource }: GroupResource): string {
  if (group === '') return resource === '*' ? '*.' : resource;
  return `${resource}.${group}`;
}

export const anyResource: GroupResource = Object.freeze({ group: '*', resource: '*' });
