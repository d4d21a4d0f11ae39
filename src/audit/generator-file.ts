import type { Span } from '../core/span.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { judgeNamed } from './judge/field.ts';
import type { Verdict } from './judge/judge.ts';

/** A value that a generated Secret takes from a file, and that is a secret or may be one. */
export interface GeneratedValue {
  readonly key: string;
  /** In the file's text; undefined where the value is the whole file. */
  readonly span: Span | undefined;
  readonly certain: boolean;
}

/** What an env file's lines hold, read as kustomize does (api/kv). Total. */
export function envFileValues(text: string, registry: SchemeRegistry): readonly GeneratedValue[] {
  const sops = text.includes('sops_mac=ENC[');
  if (!sops && judged('', text, registry).judgement === 'encrypted') return [];
  const values: GeneratedValue[] = [];
  for (const line of text.matchAll(/[^\r\n]+/g))
    values.push(...valueInLine(line[0], line.index, sops, registry));
  return values;
}

/** kustomize takes a shell's `export` for a part of the name and refuses it; the value is in the clear all the same. */
const assignment = /^(\ufeff?\s*(?:export\s+)?([A-Za-z_.-][\w.-]{0,252})\s*=\s*)([^]*)$/;

function valueInLine(
  line: string,
  start: number,
  sops: boolean,
  registry: SchemeRegistry,
): readonly GeneratedValue[] {
  const [, before = '', key = '', value = ''] = assignment.exec(line.trimEnd()) ?? [];
  if (value === '' || (sops && key.startsWith('sops_'))) return [];
  const span = { start: start + before.length, end: start + before.length + value.length };
  return valueOf(key, span, judged(key, value.replace(/^(["'])([^]*)\1$/, '$2'), registry));
}

/** A file that becomes one value under a key. Total; what is too long to be a Secret is judged by its beginning. */
export function fileValue(
  key: string,
  bytes: Uint8Array,
  registry: SchemeRegistry,
): readonly GeneratedValue[] {
  const base64 = Buffer.from(
    bytes.buffer,
    bytes.byteOffset,
    Math.min(bytes.byteLength, largestSecret),
  ).toString('base64');
  return valueOf(key, undefined, judgeNamed(key, { text: base64, style: 'double' }, 'data', registry));
}

/** The API server takes no Secret above 1 MiB (kubernetes/api, core/v1, MaxSecretSize). */
const largestSecret = 1024 * 1024;

function judged(key: string, text: string, registry: SchemeRegistry): Verdict {
  return judgeNamed(key, { text, style: 'double' }, 'stringData', registry);
}

function valueOf(key: string, span: Span | undefined, { judgement }: Verdict): readonly GeneratedValue[] {
  if (judgement !== 'plaintext' && judgement !== 'ambiguous') return [];
  return [{ key, span, certain: judgement === 'plaintext' }];
}
