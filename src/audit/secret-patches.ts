import type { Span } from '../core/span.ts';
import type { Field, FieldPath } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { EmbeddedText } from './embedded-text.ts';
import type { FieldRule } from './field-rule.ts';
import type { Finding, ObjectIdentity } from './finding.ts';
import { type InnerObject, partAround } from './inner-objects.ts';
import { judgeNamed } from './judge/field.ts';
import { literalFinding } from './judge/literal.ts';
import { onePerPlace } from './one-per-place.ts';
import { type PatchedEntry, type PatchField, patchedEntries } from './patched-entries.ts';

/**
 * Values that a patch of a kustomization puts into a Secret: by JSON patch, inline or as text, or by a strategic merge
 * patch that leaves it to `target` to say that it is a Secret.
 */
export const secretPatches: FieldRule = {
  words: ['Secret'],
  concerns: (text) => text.includes('patch'),
  *findings({ fields, text }, registry) {
    for (const item of patchItems(fields)) {
      const kind = item.textAt(['target', 'kind']);
      if (kind !== undefined && !mayBeSecret(kind)) continue;
      for (const { entries, outer } of patchesOf(item, text)) {
        // Without a target only a Secret has `stringData`.
        const sure = kind === undefined ? entries.filter(({ map }) => map === 'stringData') : entries;
        yield* onePerPlace(findingsAmong(sure, outer, targetOf(item), registry));
      }
    }
  },
};

const lists: ReadonlySet<unknown> = new Set(['patches', 'patchesJson6902']);

function* patchItems(fields: readonly Field[]): Iterable<InnerObject> {
  let before = '';
  for (const [index, { path }] of fields.entries()) {
    const depth = path.findLastIndex((part, at) => lists.has(part) && typeof path[at + 1] === 'number');
    const root = depth === -1 ? '' : path.slice(0, depth + 2).join('\0');
    if (root !== '' && root !== before) yield partAround(fields, index, path.slice(0, depth + 2));
    before = root;
  }
}

/** A target's kind is a pattern: `Secret`, `^Secret$`, `Secret|ConfigMap`. */
function mayBeSecret(kind: string): boolean {
  return kind.split('|').some((one) => one.replace(/^[\^(]+|[)$]+$/g, '') === 'Secret');
}

function targetOf(item: InnerObject): ObjectIdentity {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: item.textAt(['target', 'namespace']),
    name: item.textAt(['target', 'name']),
  };
}

interface Patch {
  readonly entries: readonly PatchedEntry[];
  readonly outer: (span: Span) => Span;
}

function* patchesOf(item: InnerObject, text: string): Iterable<Patch> {
  const below: PatchField[] = [];
  for (const { field, path } of item.fields) {
    if (path[0] !== 'patch') continue;
    if (path.length > 1) below.push({ field, path: path.slice(1) });
    else if (field.style !== 'plain') yield* textPatches(new EmbeddedText(field, text));
  }
  if (below.length > 0) yield { entries: patchedEntries(below), outer: (span) => span };
}

function* textPatches(embedded: EmbeddedText): Iterable<Patch> {
  for (const fields of embedded.documents()) {
    // One that calls itself a Secret is found without its target.
    if (fields.some(({ path, text }) => isKind(path) && text === 'Secret')) continue;
    const entries = patchedEntries(fields.map((field) => ({ field, path: field.path })));
    yield { entries, outer: (span) => embedded.outerSpan(span) };
  }
}

function isKind(path: FieldPath): boolean {
  return path.length === 1 && path[0] === 'kind';
}

function* findingsAmong(
  entries: readonly PatchedEntry[],
  outer: (span: Span) => Span,
  object: ObjectIdentity,
  registry: SchemeRegistry,
): Iterable<Finding> {
  for (const { map, key, field } of entries) {
    const verdict = judgeNamed(key, field, map, registry);
    if (verdict.judgement !== 'plaintext' && verdict.judgement !== 'ambiguous') continue;
    const place = { span: outer(field.span), object, entry: `${map}.${key}`, located: undefined };
    yield literalFinding(place, 'plaintext-secret', verdict);
  }
}
