/** One sample of a page of metrics. */
export interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };
const labelsAtMost = 32;

/**
 * Reads one line of Prometheus' text format: `name{label="value",…} number [time]`. Undefined for comments, numbers that are none
 * (`NaN`, `+Inf`) and anything else. Linear.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function readSample(line: string): Sample | undefined {
  const name = /^[A-Za-z_:][\w:]*/.exec(line)?.[0];
  if (name === undefined) return undefined;
  const labels = new Map<string, string>();
  let at = name.length;
  if (line[at] === '{') {
    const end = readLabels(line, at + 1, labels);
    if (end === undefined) return undefined;
    at = end;
  }
  const [number = ''] = line.slice(at).trim().split(/[ \t]/, 1);
  const value = number === '' ? Number.NaN : Number(number);
  return Number.isFinite(value) ? { name, labels, value } : undefined;
}

/** Fills `labels`; gives the offset behind the closing brace. */
function readLabels(line: string, start: number, labels: Map<string, string>): number | undefined {
  let at = start;
  while (labels.size <= labelsAtMost) {
    while (line[at] === ' ' || line[at] === ',') at++;
    if (line[at] === '}') return at + 1;
    const equals = line.indexOf('=', at);
    if (equals === -1 || line[equals + 1] !== '"') return undefined;
    const value = readQuoted(line, equals + 2);
    if (value === undefined) return undefined;
    labels.set(line.slice(at, equals).trim(), value.text);
    at = value.end;
  }
  return undefined;
}

function readQuoted(
  line: string,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  for (let at = start; at < line.length; at++) {
    const character = line[at];
    if (character === '"') return { text, end: at + 1 };
    if (character !== '\\') text += character;
    else {
      at++;
      text += escapes[line[at] ?? ''] ?? `\\${line[at] ?? ''}`;
    }
  }
  return undefined;
}
