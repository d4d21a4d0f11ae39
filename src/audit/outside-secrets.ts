import type { Span } from '../core/span.ts';
import { type Entry, isSecret, type KubeObject, type ManifestDocument } from '../manifest/manifest.ts';
import type { TextChange } from '../manifest/text-change.ts';

/** A document's text with blanks in place of the values of Secrets, which are judged where they stand. */
export function outsideSecrets(text: string, { span, objects }: ManifestDocument): string {
  const values = objects.filter(isSecret).flatMap(({ entries }) => entries);
  if (values.length === 0) return text.slice(span.start, span.end);
  const parts: string[] = [];
  let done = span.start;
  for (const { start, end } of values.map((entry) => entry.span).sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(done, start).padEnd(end - done));
    done = end;
  }
  parts.push(text.slice(done, span.end));
  return parts.join('');
}

/** Whether a change stands inside of one value of a Secret and leaves all that is outside of them as it was. */
export function isSameOutside(old: ManifestDocument, now: ManifestDocument, change: TextChange): boolean {
  if (!isMoved(old.span, now.span, change) || old.texts.length + now.texts.length > 0) return false;
  if (old.objects.length !== now.objects.length) return false;
  let holder: Entry | undefined;
  for (const [index, object] of old.objects.entries()) {
    const other = now.objects[index];
    if (other === undefined || !hasSameEntries(object, other, change)) return false;
    if (isSecret(object))
      holder ??= object.entries.find(({ span }) => span.start < change.start && change.oldEnd <= span.end);
  }
  return holder !== undefined;
}

function hasSameEntries(old: KubeObject, now: KubeObject, change: TextChange): boolean {
  if (isSecret(old) !== isSecret(now) || old.entries.length !== now.entries.length) return false;
  return old.entries.every((entry, index) => {
    const other = now.entries[index];
    return other === entry || (other !== undefined && isMoved(entry.span, other.span, change));
  });
}

/** Whether a span is where a change elsewhere, or inside of it, has brought it. */
function isMoved(old: Span, now: Span, { oldEnd, newEnd }: TextChange): boolean {
  const by = newEnd - oldEnd;
  const start = old.start >= oldEnd ? old.start + by : old.start;
  const end = old.end >= oldEnd ? old.end + by : old.end;
  return start === now.start && end === now.end;
}
