import type { Span } from '../core/span.ts';
import { type Field, readFields } from '../manifest/fields.ts';
import { isSecret, type Manifest, type ManifestDocument } from '../manifest/manifest.ts';
import type { TextChange } from '../manifest/text-change.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { encryptionConfigurations } from './at-rest/configuration-rule.ts';
import type { AuditedFile } from './audited-file.ts';
import { carriedOver } from './carry-over.ts';
import { embeddedManifests } from './embedded-manifests.ts';
import { encryptionKeys } from './encryption-keys.ts';
import type { FieldDocument, FieldRule } from './field-rule.ts';
import type { Finding, ObjectIdentity } from './finding.ts';
import { fluxCommentRule } from './flux-comment-rule.ts';
import { fluxCrossNamespace } from './flux-cross-namespace.ts';
import { fluxEncryptedMetadata } from './flux-encrypted-metadata.ts';
import { kkpEncryption } from './kkp/kkp-encryption.ts';
import { kubeconfig } from './kubeconfig.ts';
import { miscasedMaps } from './miscased-maps.ts';
import { mostSpecific } from './most-specific.ts';
import { isSameOutside, outsideSecrets } from './outside-secrets.ts';
import { plaintextInValues } from './plaintext-in-values.ts';
import { privateKeyInRepo } from './private-key-in-repo.ts';
import { secretGenerator } from './secret-generator.ts';
import { secretPatches } from './secret-patches.ts';
import { templates } from './templates.ts';
import { sealedSecretsWhereOther } from './wrong-scheme.ts';

/** The most specific first: of findings about one value the first counts. */
const rules: readonly FieldRule[] = [
  miscasedMaps,
  sealedSecretsWhereOther,
  secretPatches,
  templates,
  secretGenerator,
  kubeconfig,
  encryptionConfigurations,
  encryptionKeys,
  privateKeyInRepo,
  plaintextInValues,
  fluxEncryptedMetadata,
  fluxCommentRule,
  fluxCrossNamespace,
  kkpEncryption,
];

/** Whether a rule is about a file by its base name. */
export function isAboutFile(fileName: string): boolean {
  return rules.some(({ isAbout }) => isAbout?.(fileName));
}

/** What these rules found in one document. */
export interface FieldFindings {
  readonly document: ManifestDocument;
  readonly findings: readonly Finding[];
}

/** What these rules found in an earlier version of a text, and where that text was another. */
interface FoundEarlier {
  readonly documents: readonly FieldFindings[];
  readonly change: TextChange;
}

const none: readonly Finding[] = [];
const nothing: FoundEarlier = { documents: [], change: { start: 0, oldEnd: 0, newEnd: 0 } };

/** The findings of all field rules, document by document; what did not change is taken over. */
export function fieldFindings(
  manifest: Manifest,
  file: AuditedFile,
  registry: SchemeRegistry,
  before: FoundEarlier | undefined,
): readonly FieldFindings[] {
  const { documents: old, change } = before ?? nothing;
  const earlier = carriedOver(
    old,
    manifest.documents,
    (before, now) =>
      isSameText(before.document.span, now.span, change) || isSameOutside(before.document, now, change),
  );
  return manifest.documents.map((document, index) => {
    const known = old[earlier(index)];
    if (known === undefined) return { document, findings: look(manifest.text, document, file, registry) };
    return known.document === document ? known : { document, findings: moved(known, change) };
  });
}

/** Whether two spans hold the same text, because they stand before a change or after it. */
function isSameText(old: Span, now: Span, { start, oldEnd, newEnd }: TextChange): boolean {
  const by = old.end <= start ? 0 : newEnd - oldEnd;
  const apart = old.end <= start || old.start >= oldEnd;
  return apart && old.start + by === now.start && old.end + by === now.end;
}

function moved({ findings }: FieldFindings, { oldEnd, newEnd }: TextChange): readonly Finding[] {
  if (findings.length === 0) return findings;
  const by = newEnd - oldEnd;
  return findings.map((finding) => (finding.span.start < oldEnd ? finding : finding.movedBy(by)));
}

function look(
  text: string,
  document: ManifestDocument,
  file: AuditedFile,
  registry: SchemeRegistry,
): readonly Finding[] {
  const { span, texts } = document;
  const own = outsideSecrets(text, document);
  const concerned = rules.filter((rule) => isConcerned(rule, own, file));
  if (concerned.length === 0 && texts.length === 0) return none;
  const findings = [...embeddedManifests(text, document, registry)];
  if (concerned.length === 0) return findings;
  const outside = document.objects.some(isSecret)
    ? text.slice(0, span.start) + own + text.slice(span.end)
    : text;
  const fields = readFields(outside, document);
  const looked: FieldDocument = { text: outside, span, fields, object: identityOf(fields), file };
  for (const rule of concerned) findings.push(...rule.findings(looked, registry));
  return mostSpecific(findings);
}

function isConcerned(rule: FieldRule, text: string, file: AuditedFile): boolean {
  const looked = rule.isAbout?.(file.name) === true || rule.words.some((word) => text.includes(word));
  return looked && rule.concerns(text, file);
}

function identityOf(fields: readonly Field[]): ObjectIdentity {
  const root = (key: string) => fields.find(({ path }) => path.length === 1 && path[0] === key)?.text;
  const metadata = (key: string) =>
    fields.find(({ path }) => path.length === 2 && path[0] === 'metadata' && path[1] === key)?.text;
  return {
    apiVersion: root('apiVersion'),
    kind: root('kind'),
    namespace: metadata('namespace'),
    name: metadata('name'),
  };
}
