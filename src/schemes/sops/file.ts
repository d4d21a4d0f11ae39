import { Failure } from '../../core/errors.ts';
import { LineIndex } from '../../core/span.ts';
import { readSopsMetadata, type SopsMetadata } from '../../crypto/sops/metadata.ts';
import type { MetadataMap, MetadataNode } from '../../crypto/sops/metadata-node.ts';
import { readSopsJson } from '../../manifest/sops-json.ts';
import {
  membersOf,
  type SopsFormat,
  type SopsMap,
  type SopsMember,
  type SopsNode,
  type SopsText,
} from '../../manifest/sops-tree.ts';
import { readSopsYaml } from '../../manifest/sops-yaml.ts';

/** The one name that SOPS keeps for itself. */
export const sopsKey = 'sops';

/** An encrypted file. */
export interface SopsFile {
  readonly tree: SopsText;
  readonly metadata: SopsMetadata;
  /** The `sops` mapping of each document that has one. The first document's counts, the others repeat it. */
  readonly blocks: readonly SopsMap[];
}

/**
 * Reads a text as SOPS would, whether it is encrypted or not.
 * @throws Failure `sops.unreadable`
 */
export function readSopsText(text: string, format: SopsFormat): SopsText {
  const tree = format === 'json' ? readSopsJson(text) : readSopsYaml(text);
  const [found] = tree.problems;
  if (found === undefined) return tree;
  const conflict = text.search(/^<{7}(?:\s|$)/m);
  const problem = conflict < 0 ? found : { message: 'a merge was left half done here', offset: conflict };
  const { line } = new LineIndex(text).positionAt(problem.offset);
  throw new Failure('sops.unreadable', { reason: problem.message }, { line });
}

/**
 * Reads an encrypted file.
 * @throws Failure `sops.unreadable`; `entry.not-encrypted` where its first document has no `sops` mapping
 */
export function readSopsFile(text: string, format: SopsFormat): SopsFile {
  const tree = readSopsText(text, format);
  const found = tree.documents.map(({ root }) => blockOf(root)?.value);
  const blocks = found.filter((node): node is SopsMap => node?.kind === 'map');
  if (found[0]?.kind !== 'map') throw new Failure('entry.not-encrypted', {});
  const [first] = blocks;
  if (first === undefined) throw new Failure('entry.not-encrypted', {});
  return { tree, metadata: readSopsMetadata(toMetadata(first)), blocks };
}

/** The top-level `sops` member of a document. */
export function blockOf(root: SopsMap | undefined): SopsMember | undefined {
  return root === undefined ? undefined : membersOf(root).find(({ key }) => key === sopsKey);
}

function toMetadata(map: SopsMap): MetadataMap {
  return new Map(membersOf(map).map(({ key, value }) => [key, toMetadataNode(value)]));
}

function toMetadataNode(node: SopsNode): MetadataNode {
  if (node.kind === 'scalar') return node.scalar.type === 'null' ? null : node.text;
  if (node.kind === 'alias') return toMetadataNode(node.target);
  if (node.kind === 'map') return toMetadata(node);
  return node.items.filter((item) => item.kind !== 'comment').map(toMetadataNode);
}
