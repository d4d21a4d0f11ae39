import type { Audited } from '../audit/audit.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';

/** Whether a file holds ciphertext of ours: of values in a Secret, or of documents. */
export function isSealed({ audited }: { readonly audited: Pick<Audited, 'groups' | 'sealed'> }): boolean {
  return audited.groups.length > 0 || audited.sealed.documents.length > 0;
}

/** Whether it does, or is itself one ciphertext. */
export function isOrHoldsCiphertext(audited: Audited, registry: SchemeRegistry): boolean {
  if (isSealed({ audited })) return true;
  return registry.ofToken(audited.text.trim()) !== undefined;
}
