import type { Span } from '../core/span.ts';
import type { Field } from '../manifest/fields.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { EmbeddedText } from './embedded-text.ts';
import type { FieldRule } from './field-rule.ts';
import type { Finding, ObjectIdentity } from './finding.ts';
import { judgeLiteral, literalFinding } from './judge/literal.ts';
import { type KubeconfigValue, kubeconfigValues } from './kubeconfig-values.ts';
import { onePerPlace } from './one-per-place.ts';

/** Credentials in kubeconfigs, whether they are the file, stand inside another object, or as text or base64 in a scalar. */
export const kubeconfig: FieldRule = {
  words: ['users', 'YXBpVmVyc2lvb', 'eyJhcGlWZXJzaW9u'],
  isAbout: (fileName) => /kubeconfig|^config$/i.test(fileName),
  concerns: (text) => mayHold(text) || encodedStart.test(text),
  *findings({ fields, text }, registry) {
    yield* findingsAmong(fields, (span) => span, registry);
    for (const field of fields) {
      const embedded = embeddedIn(field, text);
      if (embedded === undefined) continue;
      for (const inner of embedded.documents()) {
        yield* onePerPlace(findingsAmong(inner, (span) => embedded.outerSpan(span), registry));
      }
    }
  },
};

/** Quick to ask: all words of it stand in hardly anything else. */
function mayHold(text: string): boolean {
  if (!text.includes('users')) return false;
  return text.includes('contexts') || text.includes('clusters') || text.includes('client-key-data');
}

function* findingsAmong(
  fields: readonly Field[],
  outer: (span: Span) => Span,
  registry: SchemeRegistry,
): Iterable<Finding> {
  for (const value of kubeconfigValues(fields)) {
    const verdict = isOmitted(value) ? undefined : judgeLiteral(value, registry);
    if (verdict === undefined) continue;
    const place = { span: outer(value.field.span), object: itself, entry: value.name, located: undefined };
    yield literalFinding(place, 'plaintext-kubeconfig', verdict);
  }
}

const itself: ObjectIdentity = Object.freeze({
  apiVersion: 'v1',
  kind: 'Config',
  namespace: undefined,
  name: undefined,
});

/** What `kubectl config view` prints in place of a credential. */
function isOmitted({ value }: KubeconfigValue): boolean {
  return value.text === 'DATA+OMITTED' || value.text === 'REDACTED';
}

/** How base64 of `apiVersion: ` and, in JSON, of `{"apiVersion` begins, with which kubectl and everything else begins. */
const encodedStart = /YXBpVmVyc2lvb|eyJhcGlWZXJzaW9u/;
const encoded = /^[A-Za-z0-9+/\s]{64,}={0,2}\s*$/;

function embeddedIn(field: Field, text: string): EmbeddedText | undefined {
  const { start, end } = field.span;
  const raw = text.slice(start, end);
  if (field.style !== 'plain' && mayHold(raw)) return new EmbeddedText(field, text);
  if (!encodedStart.test(raw)) return undefined;
  const value = field.text;
  if (!encoded.test(value)) return undefined;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  if (!mayHold(decoded)) return undefined;
  // No line of what was decoded stands in the file.
  return new EmbeddedText({ span: field.span, style: 'plain', text: decoded }, text);
}
