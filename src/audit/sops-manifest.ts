import type { Field } from '../manifest/fields.ts';

/** Whether a document is a Kubernetes manifest that SOPS encrypted: files of other kinds have names too. */
export function isSopsManifest(fields: readonly Field[]): boolean {
  const has = (key: string) => fields.some(({ path }) => path.length === 1 && path[0] === key);
  return has('apiVersion') && has('kind') && fields.some(({ path: [root] }) => root === 'sops');
}
