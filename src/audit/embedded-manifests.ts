import * as l10n from '@vscode/l10n';
import { entryName, type Located, locatedEntries } from '../manifest/address.ts';
import type { ManifestAsText, ManifestDocument } from '../manifest/manifest.ts';
import { scan } from '../manifest/scan.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { EmbeddedText } from './embedded-text.ts';
import { Finding, type Level, type Matter } from './finding.ts';
import { judgeEntry } from './judge/entry.ts';
import { onePerPlace } from './one-per-place.ts';

/**
 * Secrets in manifests that stand as text inside another one: a patch of a kustomization, a ConfigMap of manifests,
 * what `kubectl apply` keeps in an annotation.
 */
export function* embeddedManifests(
  text: string,
  document: ManifestDocument,
  registry: SchemeRegistry,
): Iterable<Finding> {
  for (const inner of document.texts) yield* onePerPlace(findingsIn(inner, text, registry));
}

const notEncryptedAsText: Matter = (place) =>
  l10n.t('{0} is not encrypted, as text inside another object', place);

function* findingsIn(inner: ManifestAsText, text: string, registry: SchemeRegistry): Iterable<Finding> {
  const embedded = new EmbeddedText(inner, text);
  for (const located of locatedEntries(scan(inner.text))) {
    const level = levelOf(located, registry);
    if (level === undefined) continue;
    const span = embedded.outerSpan(located.entry.span);
    const place = { span, object: located.object, entry: entryName(located.entry), located: undefined };
    yield new Finding(place, 'plaintext-secret', level, notEncryptedAsText);
  }
}

function levelOf(located: Located, registry: SchemeRegistry): Level | undefined {
  const { judgement } = judgeEntry(located, registry);
  if (judgement === 'plaintext') return 'error';
  return judgement === 'ambiguous' ? 'warning' : undefined;
}
