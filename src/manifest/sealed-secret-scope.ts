import type { SealingScope } from '../core/sealing-place.ts';
import { type OutlineNode, textAt } from './outline.ts';

/** The annotations that widen a scope (bitnami/sealed-secrets, pkg/apis/sealedsecrets/v1alpha1), the stronger one first. */
export const scopeAnnotations: ReadonlyMap<string, SealingScope> = new Map([
  ['sealedsecrets.bitnami.com/cluster-wide', 'cluster-wide'],
  ['sealedsecrets.bitnami.com/namespace-wide', 'namespace-wide'],
]);

/** What these annotations say: only the text "true" counts. */
export function scopeOf(annotations: OutlineNode | undefined): SealingScope {
  for (const [name, scope] of scopeAnnotations) if (textAt(annotations, name) === 'true') return scope;
  return 'strict';
}
