import type { Span } from '../../core/span.ts';
import type { SaidAt } from './decode-context.ts';
import { goQuote } from './go-text.ts';
import type { GoValue } from './go-value.ts';

/** What a document says that it is, or why kube-apiserver goes no further. */
export type TypeMeta = { readonly legacy: boolean } | SaidAt;

const group = 'apiserver.config.k8s.io/v1';
/** Kinds of the same group, which are configurations of something else. */
const others: ReadonlySet<string> = new Set([
  'AdmissionConfiguration',
  'AuthenticationConfiguration',
  'AuthorizationConfiguration',
  'EgressSelectorConfiguration',
  'TracingConfiguration',
]);
const anyStruct =
  'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/**
 * Finds out what a document is (kubernetes/apimachinery, runtime/serializer/json). Where kube-apiserver quotes the whole file,
 * keys included, this says `[the file]`.
 */
export function readTypeMeta(root: GoValue): TypeMeta {
  if (root.is === 'null') return said(root, "Object 'Kind' is missing in '[the file]'");
  if (root.is !== 'object') return unreadable(root, `${root.is} into ${anyStruct}`);
  // Here, and here alone, Go does not care for capitals.
  const field = (name: string) =>
    root.members.findLast(({ key }) => key.toLowerCase() === name.toLowerCase());
  const [kind, apiVersion] = [field('kind')?.value, field('apiVersion')?.value];
  for (const [name, value] of [
    ['apiVersion', apiVersion],
    ['kind', kind],
  ] as const) {
    if (value !== undefined && value.is !== 'string' && value.is !== 'null')
      return unreadable(value, `${value.is} into Go struct field .${name} of type string`);
  }
  return judge(kind ?? root, textOf(kind), apiVersion ?? root, textOf(apiVersion).replace(/^\/(?!.*\/)/, ''));
}

function judge(kindAt: Span, kind: string, versionAt: Span, apiVersion: string): TypeMeta {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return said(versionAt, `unexpected GroupVersion string: ${apiVersion}`);
  if (kind === '') return said(kindAt, "Object 'Kind' is missing in '[the file]'");
  if ((parts.at(-1) ?? '') === '') return said(versionAt, "Object 'apiVersion' is missing in '[the file]'");
  if (kind === 'EncryptionConfiguration' && apiVersion === group) return { legacy: false };
  if (kind === 'EncryptionConfig' && apiVersion === 'v1') return { legacy: true };
  if (others.has(kind) && apiVersion === group)
    return said(kindAt, `got unexpected config type: ${apiVersion}, Kind=${kind}`);
  const registered = `no kind ${goQuote(kind)} is registered for version ${goQuote(apiVersion)}`;
  return said(kindAt, `${registered} in scheme "pkg/runtime/scheme.go:111"`);
}

function textOf(value: GoValue | undefined): string {
  return value?.is === 'string' ? value.text : '';
}

function unreadable(at: Span, what: string): SaidAt {
  return said(at, `couldn't get version/kind; json parse error: json: cannot unmarshal ${what}`);
}

function said({ start, end }: Span, message: string): SaidAt {
  return { start, end, message };
}
