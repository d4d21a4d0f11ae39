import * as l10n from '@vscode/l10n';
import { matchesPath, type PathPattern } from './field-path.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter } from './finding.ts';
import { type InnerObject, objectsOfKind } from './inner-objects.ts';

/** The objects whose references `--no-cross-namespace-refs` is about, by kind (fluxcd/pkg, runtime/acl). */
const governed: ReadonlyMap<string, { readonly group: string; readonly references: readonly PathPattern[] }> =
  new Map([
    ['Kustomization', { group: 'kustomize.toolkit.fluxcd.io/', references: [['spec', 'sourceRef']] }],
    [
      'HelmRelease',
      {
        group: 'helm.toolkit.fluxcd.io/',
        references: [
          ['spec', 'chart', 'spec', 'sourceRef'],
          ['spec', 'chartRef'],
        ],
      },
    ],
    ['ImagePolicy', { group: 'image.toolkit.fluxcd.io/', references: [['spec', 'imageRepositoryRef']] }],
    ['ImageUpdateAutomation', { group: 'image.toolkit.fluxcd.io/', references: [['spec', 'sourceRef']] }],
    ['Alert', { group: 'notification.toolkit.fluxcd.io/', references: [['spec', 'eventSources', '*']] }],
    ['Receiver', { group: 'notification.toolkit.fluxcd.io/', references: [['spec', 'resources', '*']] }],
    ['ArtifactGenerator', { group: 'source.extensions.fluxcd.io/', references: [['spec', 'sources', '*']] }],
  ]);

/**
 * References of Flux' objects into another namespace. Where several teams share a cluster, Flux is told to refuse them;
 * elsewhere they work, so this is for the reader to know.
 */
export const fluxCrossNamespace: FieldRule = {
  words: ['.fluxcd.io/'],
  concerns: (text) => text.includes('namespace'),
  *findings({ fields }) {
    for (const object of objectsOfKind(fields, governed)) yield* crossing(object);
  },
};

function* crossing(object: InnerObject): Iterable<Finding> {
  const { identity } = object;
  const { apiVersion, kind, namespace } = identity;
  const known = governed.get(kind ?? '');
  if (known === undefined || apiVersion?.startsWith(known.group) !== true || !isName(namespace)) return;
  for (const { field, path, name } of object.fields) {
    if (path.at(-1) !== 'namespace') continue;
    const other = known.references.some((one) => matchesPath(path, [...one, 'namespace']))
      ? field.text
      : undefined;
    if (!isName(other) || other === namespace) continue;
    const place = { span: field.span, object: identity, entry: name, located: undefined };
    const matter: Matter = (where) =>
      l10n.t(
        '{0} is {1}, another namespace: clusters that run Flux with --no-cross-namespace-refs refuse it',
        where,
        other,
      );
    yield new Finding(place, 'flux/cross-namespace-reference', 'information', matter);
  }
}

/** Not what is yet to be filled in. */
function isName(text: string | undefined): text is string {
  return text !== undefined && /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);
}
