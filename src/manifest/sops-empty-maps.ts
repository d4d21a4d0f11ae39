import type { Mark } from './yaml-marks.ts';

/** `{`, comments on lines of their own, and a `}` in the first column. No more lines than anybody writes, so that this stays linear. */
const commentedEmptyMap = /(?<=[:-] )\{\r?\n(?: +#[^\n]*\n){1,64}\}(?=[\r\n]|$)/g;

/** A text to be parsed in place of another, as long as that one, and the comments that are left out of it. */
export interface MaskedText {
  readonly text: string;
  readonly comments: readonly Mark[];
}

/**
 * Puts blanks for the comments in empty mappings that SOPS has written: it has the `}` further left than YAML allows (go-yaml
 * v3.0.4, emitterc.go, `yaml_emitter_emit_flow_mapping_key`). Nothing that is valid has a `}` there but an outermost mapping, which
 * reads the same.
 */
export function maskEmptyMaps(text: string): MaskedText {
  const comments: Mark[] = [];
  const masked = text.replace(commentedEmptyMap, (map, start: number) => {
    for (const { 0: source, index } of map.matchAll(/#[^\r\n]*/g))
      comments.push({ type: 'comment', offset: start + index, source });
    return `{${' '.repeat(map.length - 2)}}`;
  });
  return { text: masked, comments };
}
