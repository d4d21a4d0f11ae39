import type { Audited } from '../audit/audit.ts';

/** Whether a file holds ciphertext of ours: of values in a Secret, or of documents. */
export function isSealed({ audited }: { readonly audited: Pick<Audited, 'groups' | 'sealed'> }): boolean {
  return audited.groups.length > 0 || audited.sealed.documents.length > 0;
}
