import type { Span } from '../../core/span.ts';
import {
  isList,
  isMap,
  type MetadataMap,
  type MetadataNode,
  textOf,
} from '../../crypto/sops/metadata-node.ts';
import { type KeyStanza, keyGroupOf, kindTitle, recipientName } from '../../crypto/sops/stanza.ts';
import { recogniseSopsToken, sopsTokenBytes, sopsTokenMark } from '../../crypto/sops-token.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { type OutlineMap, type OutlineNode, pairAt, textAt, valueAt } from '../../manifest/outline.ts';
import { outlineOf } from '../../manifest/outline-document.ts';
import { type OutlineLeaf, outlineLeaves } from '../../manifest/outline-leaves.ts';
import { objectsOf } from '../../manifest/outline-objects.ts';
import type {
  DocumentRecipient,
  DocumentScheme,
  FoundDocuments,
  ItemObject,
  MalformedDocument,
  SealedItem,
} from '../document-scheme.ts';

const scheme = 'sops';

/** SOPS: one file with all of its documents is sealed as a whole, under the `sops` mapping at its end. */
export const sopsScheme: DocumentScheme = Object.freeze({
  id: scheme,
  title: 'SOPS',
  traits: { unit: 'file', opensToChange: true, verbs: { seal: 'Encrypt', open: 'Decrypt' } },
  find(manifest): FoundDocuments {
    // Its MAC is such a token, whatever the file holds.
    if (!manifest.text.includes(sopsTokenMark)) return { documents: [], malformed: [] };
    return findIn(manifest);
  },
} satisfies DocumentScheme);

function findIn({ text, documents }: Manifest): FoundDocuments {
  const roots = documents
    .flatMap(({ span }) => outlineOf(text, span) ?? [])
    .filter((root) => root.is === 'map');
  const found = roots.flatMap((root) => metadataOf(root) ?? [])[0];
  const leaves = roots.flatMap((root) => tokensIn(root));
  const span = { start: 0, end: text.length };
  if (found === undefined) {
    const reason = 'it has values encrypted with SOPS, and no sops mapping that would open them';
    const lost = leaves.filter(({ leaf }) => recogniseSopsToken(leaf.text).is === 'yes');
    return {
      documents: [],
      malformed: lost.slice(0, 1).map(({ leaf }) => ({ scheme, item: leaf.name, span: leaf.span, reason })),
    };
  }
  const { metadata, mark } = found;
  const groups = groupsIn(metadata);
  const threshold = Number(textOf(metadata, 'shamir_threshold')) || groups.length;
  const document = {
    scheme,
    span,
    heading: roots[0]?.start ?? 0,
    mark,
    objects: roots.flatMap((root) => objectsOf(root).map(({ object }) => objectFacts(object))),
    items: leaves.flatMap(({ leaf, object }) => itemOf(leaf, object)),
    recipients: groups.flat().map(recipientOf),
    notes: groups.length > 1 ? [`${threshold} of ${groups.length} key groups open it`] : [],
    lastModified: textOf(metadata, 'lastmodified') || undefined,
  } as const;
  return { documents: [document], malformed: leaves.flatMap(({ leaf }) => malformedAt(leaf)) };
}

/** The `sops` mapping of a document, where it is SOPS' own. */
function metadataOf(root: OutlineNode): { readonly metadata: MetadataMap; readonly mark: Span } | undefined {
  const pair = pairAt(root, 'sops');
  const metadata = toMetadata(pair?.value);
  if (pair?.key === undefined || !isMap(metadata)) return undefined;
  const { start, end } = pair.key;
  return metadata.has('lastmodified') ? { metadata, mark: { start, end } } : undefined;
}

/** No `sops` mapping nests deeper; hostile ones may. */
const deepest = 8;

function toMetadata(node: OutlineNode | undefined, depth = 0): MetadataNode {
  if (node?.is === 'scalar') return node.text;
  if (depth === deepest) return null;
  if (node?.is === 'list') return node.items.map((item) => toMetadata(item, depth + 1));
  if (node?.is !== 'map') return null;
  return new Map(
    node.pairs.flatMap(({ key, value }) =>
      key === undefined ? [] : [[key.text, toMetadata(value, depth + 1)]],
    ),
  );
}

function groupsIn(metadata: MetadataMap): readonly (readonly KeyStanza[])[] {
  const groups = metadata.get('key_groups');
  const several = isList(groups) ? groups.filter(isMap).map(keyGroupOf) : [];
  return several.length > 0 ? several : [keyGroupOf(metadata)];
}

function recipientOf(stanza: KeyStanza): DocumentRecipient {
  return { kind: kindTitle(stanza.kind), name: recipientName(stanza) };
}

interface Token {
  readonly leaf: OutlineLeaf;
  readonly object: ItemObject;
}

function tokensIn(root: OutlineMap): readonly Token[] {
  const objects = objectsOf(root).map(({ object }) => ({ object, facts: objectFacts(object) }));
  const whole = objectFacts(root);
  // Both are in file order.
  let at = 0;
  return outlineLeaves(root, (key) => key !== 'sops')
    .filter(({ text }) => text.startsWith(sopsTokenMark))
    .map((leaf) => {
      while ((objects[at]?.object.end ?? leaf.span.end) < leaf.span.end) at++;
      const around = objects[at];
      const isAround = around !== undefined && around.object.start <= leaf.span.start;
      return { leaf, object: isAround ? around.facts : whole };
    });
}

function objectFacts(object: OutlineMap): ItemObject {
  const metadata = valueAt(object, 'metadata');
  return {
    apiVersion: textAt(object, 'apiVersion'),
    kind: textAt(object, 'kind'),
    namespace: textAt(metadata, 'namespace'),
    name: textAt(metadata, 'name'),
  };
}

function itemOf({ name, key, keySpan, span, text }: OutlineLeaf, object: ItemObject): readonly SealedItem[] {
  if (recogniseSopsToken(text).is !== 'yes') return [];
  return [{ name, otherNames: [], key, object, keySpan, span, bytes: sopsTokenBytes(text) }];
}

function malformedAt({ text, name, span }: OutlineLeaf): readonly MalformedDocument[] {
  const recognition = recogniseSopsToken(text);
  return recognition.is === 'malformed' ? [{ scheme, item: name, span, reason: recognition.reason }] : [];
}
