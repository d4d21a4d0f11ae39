import { toBase64 } from '../core/bytes.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import type { SealingPlace } from '../core/sealing-place.ts';
import type { Edit } from '../core/span.ts';
import { type OutlineMap, type OutlineNode, type OutlinePair, pairAt, valueAt } from './outline.ts';
import { kept, map, type Piece, value } from './pieces.ts';
import { editableObject, rewriteObject } from './rewritten-object.ts';
import { readSealedSecret } from './sealed-secret.ts';
import { notEditable } from './write-block-object.ts';
import { isNull } from './yaml-scalar.ts';

/** A SealedSecret that is about to become a Secret. */
export interface SecretToUnseal {
  readonly place: SealingPlace;
  readonly items: ReadonlyMap<string, string>;
  /** The edit that makes it a Secret with these values as `data`. Throws `document.not-editable`, `edit.unverified`. */
  readonly opened: (values: ReadonlyMap<string, Plaintext>) => Edit;
}

/**
 * Reads the SealedSecret that begins at this offset for unsealing. What becomes of it is what the controller and
 * `kubeseal --recovery-unseal` make (`Unseal` of bitnami/sealed-secrets), but for the reference to its owner, which has no
 * meaning outside of a cluster.
 * @throws Failure `manifest.unparsable`, `document.not-editable`, `entry.not-scalar`
 */
export function secretToUnseal(text: string, at: number): SecretToUnseal {
  const object = editableObject(text, at);
  const { place, entries, deprecated } = readSealedSecret(text, object);
  if (deprecated) throw notEditable('it is sealed as a whole, in the format before encryptedData', text, at);
  const bad = entries.find(({ style }) => style === 'none');
  if (bad !== undefined) throw new Failure('entry.not-scalar', {}, { entry: `encryptedData.${bad.key}` });
  const template = valueAt(valueAt(object, 'spec'), 'template');
  const constants = constantsOf(text, valueAt(template, 'data'));
  return {
    place,
    items: new Map(entries.map((entry) => [entry.key, entry.text])),
    opened: (values) => rewriteObject(text, object, openedPieces(object, constants, values)),
  };
}

/** What the template's own `data` says: a text that stands for itself, or undefined for null, which leaves a key out. */
interface Constant {
  readonly pair: OutlinePair;
  readonly text: string | undefined;
}

type Constants = ReadonlyMap<string, Constant>;

function constantsOf(text: string, data: OutlineNode | undefined): Constants {
  const pairs = data?.is === 'map' ? data.pairs : [];
  return new Map(
    pairs.map((pair): readonly [string, Constant] => {
      const node = pair.value;
      const key = pair.key?.text ?? '';
      if (node.is === 'absent') return [key, { pair, text: undefined }];
      if (node.is !== 'scalar') throw new Failure('entry.not-scalar', {}, { entry: `template.data.${key}` });
      if (isNull(text, { ...node, parentIndent: -1 })) return [key, { pair, text: undefined }];
      if (node.text.includes('{{')) {
        throw notEditable(
          'its template makes values that only the controller can work out',
          text,
          node.start,
        );
      }
      return [key, { pair, text: node.text }];
    }),
  );
}

function openedPieces(
  object: OutlineMap,
  constants: Constants,
  values: ReadonlyMap<string, Plaintext>,
): readonly Piece[] {
  const template = valueAt(valueAt(object, 'spec'), 'template');
  const apiVersion = pairAt(object, 'apiVersion') === undefined ? [value('apiVersion', 'v1')] : [];
  return object.pairs.flatMap((pair): readonly Piece[] => {
    const name = pair.key?.text;
    if (name === 'apiVersion') return [value('apiVersion', 'v1', pair)];
    if (name === 'kind') return [...apiVersion, value('kind', 'Secret', pair)];
    if (name === 'metadata') return [map('metadata', metadataPieces(pair.value, template), pair)];
    if (name !== 'spec') return [];
    const kinds = ['type', 'immutable'].flatMap((field) => pairAt(template, field) ?? []);
    return [...kinds.map(kept), dataPieces(pair, constants, values)];
  });
}

/** Its own name and namespace, and whatever else its template says. */
function metadataPieces(own: OutlineNode, template: OutlineNode | undefined): readonly Piece[] {
  const isIdentity = ({ key }: OutlinePair) => key?.text === 'name' || key?.text === 'namespace';
  const pairsOf = (node: OutlineNode | undefined) => (node?.is === 'map' ? node.pairs : []);
  const others = pairsOf(valueAt(template, 'metadata')).filter(
    (pair) => !isIdentity(pair) && pair.key?.text !== 'creationTimestamp' && pair.value.is !== 'absent',
  );
  return [...pairsOf(own).filter(isIdentity), ...others].map(kept);
}

function dataPieces(spec: OutlinePair, constants: Constants, values: ReadonlyMap<string, Plaintext>): Piece {
  const encryptedData = pairAt(spec.value, 'encryptedData');
  const template = pairAt(spec.value, 'template');
  const gone = [spec, template, pairAt(template?.value, 'metadata')].filter((pair) => pair !== undefined);
  const sealed = encryptedData?.value.is === 'map' ? encryptedData.value.pairs : [];
  const pairs = new Map(sealed.map((pair) => [pair.key?.text, pair]));
  const pieces: Piece[] = [];
  for (const [key, plaintext] of values) {
    const constant = constants.get(key);
    if (constant !== undefined && constant.text === undefined) continue;
    pieces.push(value(key, toBase64(plaintext.expose()), pairs.get(key)));
  }
  for (const [key, { pair, text }] of constants) {
    if (text === undefined || values.has(key)) continue;
    pieces.push(value(key, toBase64(new TextEncoder().encode(text)), pair));
  }
  return map('data', pieces, encryptedData, gone);
}
