import type { Span } from '../../core/span.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import { goJson, goQuote } from '../../manifest/at-rest/go-text.ts';

/** `Required value` of a field, as Kubernetes' field.Error prints itself (apimachinery, util/validation/field). */
export function required(at: Span, path: string, detail: string): SaidAt {
  return said(at, `${path}: Required value: ${detail}`);
}

/** `Invalid value`; texts are quoted as Go does, lists and objects are JSON. */
export function invalid(at: Span, path: string, value: unknown, detail: string): SaidAt {
  return said(
    at,
    `${path}: Invalid value: ${typeof value === 'string' ? goQuote(value) : goJson(value)}: ${detail}`,
  );
}

function said({ start, end }: Span, message: string): SaidAt {
  return { start, end, message };
}
