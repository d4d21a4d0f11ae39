import type { Span } from '../core/span.ts';
import type { Field, FieldPath } from '../manifest/fields.ts';
import { EmbeddedText } from './embedded-text.ts';
import { matchesPath, type PathPattern, startsWithPath } from './field-path.ts';
import type { FieldDocument } from './field-rule.ts';
import type { ObjectIdentity } from './finding.ts';
import { objectsOfKind } from './inner-objects.ts';

/** One scalar among the values of a chart: `path` is from the values' root, `name` and `span` are those in the file. */
export type HelmValue = Pick<Field, 'path' | 'text' | 'style' | 'span' | 'name'>;

/** The values given to one chart in one place, in order. */
export interface HelmValues {
  readonly object: ObjectIdentity | undefined;
  readonly values: readonly HelmValue[];
}

const valuesName = /^(?!.*schema)(?:(?:.*[-._])?values(?:[-._].*)?\.ya?ml|values(?:[-._].*)?\.json)$/i;

/** Whether a file is one of values by its base name: `values.yaml`, `values-prod.yaml`, `grafana.values.yaml`. */
export function isValuesName(fileName: string): boolean {
  return valuesName.test(fileName);
}

/** Where an object holds values: as a map, as text, and as a list of a name and a value each. */
interface ValuesPlaces {
  readonly maps?: readonly PathPattern[];
  readonly texts?: readonly PathPattern[];
}

const path = (text: string): PathPattern => text.split('.');
const argoSources = ['spec.source', 'spec.sources.*'];
const argo = (prefix: string): ValuesPlaces => ({
  maps: argoSources.flatMap((source) => [
    path(`${prefix}${source}.helm.valuesObject`),
    path(`${prefix}${source}.helm.parameters`),
  ]),
  texts: argoSources.map((source) => path(`${prefix}${source}.helm.values`)),
});

/** By kind: Flux, k3s and RKE2, Argo CD. */
const ofKind: ReadonlyMap<string, ValuesPlaces> = new Map<string, ValuesPlaces>([
  ['HelmRelease', { maps: [path('spec.values')] }],
  ['HelmChart', { maps: [path('spec.set')], texts: [path('spec.valuesContent')] }],
  ['HelmChartConfig', { texts: [path('spec.valuesContent')] }],
  ['Application', argo('')],
  ['ApplicationSet', argo('spec.template.')],
]);

/** By file, where there is no kind: kustomize, helmfile, Fleet. */
const ofFile: readonly { readonly name: RegExp; readonly maps: readonly PathPattern[] }[] = [
  { name: /^kustomization(?:\.ya?ml)?$/i, maps: [path('helmCharts.*.valuesInline')] },
  { name: /^helmfile\b.*\.ya?ml$/i, maps: [path('releases.*.values.*'), path('releases.*.set')] },
  { name: /^fleet\.ya?ml$/i, maps: [path('helm.values'), path('targetCustomizations.*.helm.values')] },
];

/** Whether a document may hold values: quick. */
export function mayHoldValues(text: string, fileName: string): boolean {
  if (isAboutValues(fileName) || text.includes('HelmRelease') || text.includes('HelmChart')) return true;
  return text.includes('argoproj.io/') && text.includes('helm');
}

/** Whether a file may hold values by its base name, with no object around them. */
export function isAboutValues(fileName: string): boolean {
  return isValuesName(fileName) || ofFile.some(({ name }) => name.test(fileName));
}

/** The values of all charts in a document. */
export function* helmValues(document: FieldDocument): Iterable<HelmValues> {
  const { fields, object, file } = document;
  const isObject = object.kind !== undefined && object.apiVersion !== undefined;
  if (!isObject && isValuesName(file.name)) yield { object: undefined, values: fields };
  for (const { name, maps } of ofFile) {
    if (name.test(file.name)) yield { object: undefined, values: valuesBelow(maps, fields, 0) };
  }
  for (const { fields: inner, identity } of objectsOfKind(fields, ofKind)) {
    const { maps = [], texts = [] } = ofKind.get(identity.kind ?? '') ?? {};
    const [first] = inner;
    const root = first === undefined ? 0 : first.field.path.length - first.path.length;
    const own = inner.map(({ field }) => field);
    yield { object: identity, values: valuesBelow(maps, own, root) };
    for (const { field, path: from } of inner) {
      if (texts.some((one) => matchesPath(from, one))) yield* valuesInText(field, document, identity);
    }
  }
}

/** @param root how deep the object stands that has the maps */
function valuesBelow(
  maps: readonly PathPattern[],
  fields: readonly Field[],
  root: number,
): readonly HelmValue[] {
  return fields.flatMap((field) => {
    const map = maps.find((one) => startsWithPath(field.path.slice(root), one));
    return map === undefined ? [] : [new PlacedValue(field, root + map.length, field.span, '')];
  });
}

function* valuesInText(field: Field, { text }: FieldDocument, object: ObjectIdentity): Iterable<HelmValues> {
  const embedded = new EmbeddedText(field, text);
  for (const inner of embedded.documents()) {
    const values = inner.map(
      (value) => new PlacedValue(value, 0, embedded.outerSpan(value.span), `${field.name}.`),
    );
    yield { object, values };
  }
}

/** A field as the chart sees it that gets its value. */
class PlacedValue implements HelmValue {
  readonly path: FieldPath;
  readonly span: Span;
  readonly #field: Field;
  readonly #prefix: string;

  constructor(field: Field, depth: number, span: Span, prefix: string) {
    this.path = field.path.slice(depth);
    this.span = span;
    this.#field = field;
    this.#prefix = prefix;
  }

  get text(): string {
    return this.#field.text;
  }

  get style(): Field['style'] {
    return this.#field.style;
  }

  get name(): string {
    return this.#prefix + this.#field.name;
  }
}
