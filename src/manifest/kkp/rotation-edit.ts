import { Failure } from '../../core/errors.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import { insertSecond, moveToFront, type NewItem, removeItem } from '../at-rest/list-edits.ts';
import { splitDocuments } from '../documents.ts';
import { OutlineBuilder } from '../outline.ts';
import { tellDocument } from '../parse.ts';
import { textChange } from '../text-change.ts';
import { notEditable } from '../write-block-object.ts';
import { writeScalar } from '../write-scalar.ts';
import {
  type KkpClusterText,
  type KkpEncryptionText,
  type KkpKeyText,
  kkpClustersIn,
} from './cluster-text.ts';
import { expectedShape, shapeOf } from './encryption-shape.ts';
import type { KkpChange, KkpKeyReference } from './kkp-change.ts';

/**
 * The Clusters that a text states, of this name if one is given, as the YAML parser reads them. Throws `manifest.unparsable` where a document that may
 * hold one is no YAML.
 */
export function editableClusters(text: string, name?: string): readonly KkpClusterText[] {
  return splitDocuments(text)
    .filter(({ start, end }) => text.slice(start, end).includes('kubermatic.k8c.io/'))
    .flatMap((span) => {
      const outline = new OutlineBuilder(text, span.end);
      const [problem] = tellDocument(text, span, outline);
      if (problem !== undefined) throw new Failure('manifest.unparsable', { reason: problem.message });
      return kkpClustersIn(outline.root, text);
    })
    .filter((cluster) => cluster.kind === 'Cluster' && (name === undefined || cluster.name === name));
}

/**
 * The edit of one change to the one Cluster of this name. Comments stay with their keys. Checked: the text is read again, and must say
 * what was meant and nothing else.
 * @throws Failure `manifest.unparsable`, `document.not-editable`, `document.changed` where the change does not fit, `edit.unverified`
 */
export function kkpEdit(text: string, name: string, change: KkpChange): Edit {
  const before = encryptionOf(text, name);
  const after = applyEdits(text, editsFor(text, before, change));
  const now = encryptionOf(after, name);
  if (JSON.stringify(shapeOf(now)) !== JSON.stringify(expectedShape(shapeOf(before), change)))
    throw new Failure('edit.unverified', {});
  const { start, oldEnd, newEnd } = textChange(text, after);
  return { span: { start, end: oldEnd }, text: after.slice(start, newEnd) };
}

function encryptionOf(text: string, name: string): KkpEncryptionText {
  const [cluster, ...others] = editableClusters(text, name);
  if (cluster?.encryption === undefined) throw new Failure('document.changed', {});
  if (others.length > 0) throw notEditable('it states this Cluster twice', text, cluster.start);
  return cluster.encryption;
}

function editsFor(text: string, encryption: KkpEncryptionText, change: KkpChange): readonly Edit[] {
  const { enabled, secretbox } = encryption;
  if (change.step === 'disable') {
    if (enabled?.value !== true) throw new Failure('document.changed', {});
    return [{ span: { start: enabled.start, end: enabled.end }, text: 'false' }];
  }
  if (secretbox === undefined) throw new Failure('document.changed', {});
  const { keys } = secretbox;
  if (change.step === 'add') {
    if (keys.items.some(({ name }) => name?.text === change.key.name))
      throw new Failure('document.changed', {});
    return insertSecond(text, keys, newKey(change.key));
  }
  if (change.step === 'move-out') return keys.items.flatMap((key) => movedOut(text, key, change.keys));
  const index = keys.items.findIndex(({ name }) => name?.text === change.key);
  if (index < 1) throw new Failure('document.changed', {});
  return change.step === 'swap' ? moveToFront(text, keys, index) : removeItem(text, keys, index);
}

function newKey({ name, secret, key }: KkpKeyReference): NewItem {
  return {
    block: [`name: ${token(name)}`, 'secretRef:', `  name: ${token(secret)}`, `  key: ${token(key)}`],
    flow: `{"name": ${JSON.stringify(name)}, "secretRef": ${flowReference(secret, key)}}`,
  };
}

/** In flow style wherever it stands: the pair keeps its line, and nothing around it moves. */
function movedOut(text: string, key: KkpKeyText, keys: readonly KkpKeyReference[]): readonly Edit[] {
  if (key.value === undefined) return [];
  const reference = keys.find(({ name }) => name === key.name?.text);
  if (reference === undefined || key.secretRef !== undefined) throw new Failure('document.changed', {});
  const { keySpan, start, end } = key.value;
  const isJson = text[keySpan.start] === '"';
  const { secret, key: entry } = reference;
  const plain = `{name: ${token(secret, true)}, key: ${token(entry, true)}}`;
  return [
    { span: keySpan, text: isJson ? '"secretRef"' : 'secretRef' },
    { span: { start, end }, text: isJson ? flowReference(secret, entry) : plain },
  ];
}

function flowReference(secret: string, key: string): string {
  return `{"name": ${JSON.stringify(secret)}, "key": ${JSON.stringify(key)}}`;
}

function token(value: string, flow = false): string {
  return writeScalar(value, { style: 'none', flow, indent: 0, eol: '\n' }).token;
}
