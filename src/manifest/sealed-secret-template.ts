import type { SealingPlace } from '../core/sealing-place.ts';
import { type OutlineNode, type OutlinePair, pairAt, textAt, valueAt } from './outline.ts';
import { kept, map, type Piece, value } from './pieces.ts';
import { sealedWithAnnotation } from './sealed-secret.ts';
import { scopeAnnotations } from './sealed-secret-scope.ts';

/**
 * What the API server writes into metadata and kubeseal leaves out of a template (`Seal` and `NewSealedSecret` of
 * bitnami/sealed-secrets).
 */
const dropped = new Set([
  'ownerReferences',
  'uid',
  'resourceVersion',
  'selfLink',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

/** They hold the whole object as it was applied, its values in clear. */
const lastApplied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubecfg.ksonnet.io/last-applied-configuration',
]);

/** The metadata of a SealedSecret itself: who it is, its scope, and what it was sealed with. */
export function ownMetadata(
  metadata: OutlineNode | undefined,
  place: SealingPlace,
  sealedWith: string | undefined,
): readonly Piece[] {
  const annotations = [
    ...scopePieces(place),
    ...(sealedWith === undefined ? [] : [value(sealedWithAnnotation, sealedWith)]),
  ];
  return [...identity(metadata, place), ...(annotations.length > 0 ? [map('annotations', annotations)] : [])];
}

/** The metadata of the Secret that the controller makes. */
export function templateMetadata(
  metadata: OutlineNode | undefined,
  place: SealingPlace,
  scopeGiven: boolean,
): readonly Piece[] {
  const pieces: Piece[] = [value('name', place.name), ...namespacePieces(place)];
  const pairs = metadata?.is === 'map' ? metadata.pairs : [];
  for (const pair of pairs) {
    const key = pair.key?.text ?? '';
    if (key === 'name' || key === 'namespace' || key === 'annotations' || dropped.has(key)) continue;
    pieces.push(kept(pair));
  }
  const annotations = pairAt(metadata, 'annotations');
  return [...pieces, ...templateAnnotations(annotations, place, scopeGiven)];
}

function identity(metadata: OutlineNode | undefined, place: SealingPlace): readonly Piece[] {
  const pairs = metadata?.is === 'map' ? metadata.pairs : [];
  const stated = pairs.filter(({ key }) => key?.text === 'name' || key?.text === 'namespace');
  const isStated = (textAt(metadata, 'namespace') ?? '') !== '';
  return [
    ...stated.filter(({ key }) => isStated || key?.text !== 'namespace').map(kept),
    ...(isStated ? [] : namespacePieces(place)),
  ];
}

function namespacePieces({ namespace }: SealingPlace): readonly Piece[] {
  return namespace === '' ? [] : [value('namespace', namespace)];
}

function scopePieces({ scope }: SealingPlace): readonly Piece[] {
  return [...scopeAnnotations].filter(([, meant]) => meant === scope).map(([name]) => value(name, 'true'));
}

/** As they stand, where none has to go or to come. */
function templateAnnotations(
  annotations: OutlinePair | undefined,
  place: SealingPlace,
  scopeGiven: boolean,
): readonly Piece[] {
  const pairs = annotations?.value.is === 'map' ? annotations.value.pairs : [];
  const staying = pairs.filter(({ key }) => {
    const name = key?.text ?? '';
    return (
      !lastApplied.has(name) && !(scopeGiven && scopeAnnotations.has(name)) && name !== sealedWithAnnotation
    );
  });
  const scope = scopePieces(place).filter(
    (piece) => valueAt(annotations?.value, piece.key) === undefined || scopeGiven,
  );
  const isAsBefore = staying.length === pairs.length && scope.length === 0;
  if (annotations !== undefined && isAsBefore) return pairs.length === 0 ? [] : [kept(annotations)];
  const pieces = [...staying.map(kept), ...scope];
  return pieces.length === 0 ? [] : [map('annotations', pieces, annotations)];
}
