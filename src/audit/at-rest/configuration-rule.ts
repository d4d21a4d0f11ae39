import type { FieldDocument, FieldRule } from '../field-rule.ts';
import type { Finding, ObjectIdentity } from '../finding.ts';
import { judgeNamed } from '../judge/field.ts';
import { configurationFindings, mayBeConfiguration } from './configuration-findings.ts';
import type { ServerOptions } from './judge-configuration.ts';

/** How kube-apiserver runs unless somebody changed it; the manifest does not tell. */
const defaults: ServerOptions = { reload: false, kmsV1: false };

/** Real ones have a few thousand characters; one that is larger was made to be slow, at each keystroke. */
const largest = 128 * 1024;

/**
 * kube-apiserver's EncryptionConfigurations, each document that is one: what kube-apiserver says to it, and what it is not
 * good for. One inside of another file is that file's business; keys are found by `encryptionKeys`, wherever they stand.
 */
export const encryptionConfigurations: FieldRule = {
  words: ['yption'],
  concerns: mayBeConfiguration,
  *findings(document, registry) {
    const { text, span, object } = document;
    if (!isConfiguration(object) || span.end - span.start > largest) return;
    const own = text.slice(span.start, span.end);
    const isLater = isMadeLater(own, document);
    const placeholders = isLater ? new Set<number>() : placeholdersOf(document, registry);
    for (const finding of configurationFindings(own, defaults)) {
      if (finding.rule === 'at-rest/sample-key' || (isLater && isRefusal(finding))) continue;
      const there = finding.movedBy(span.start);
      if (!isRefusal(finding) || !placeholders.has(there.span.start)) yield there;
    }
  },
};

/** Kinds of that name in API groups of others are none. */
function isConfiguration({ apiVersion = '', kind }: ObjectIdentity): boolean {
  if (kind !== 'EncryptionConfiguration' && kind !== 'EncryptionConfig') return false;
  return !apiVersion.includes('/') || apiVersion.startsWith('apiserver.config.k8s.io/');
}

/** Whether kube-apiserver gets another text than this: a template's, or what SOPS makes of it. */
function isMadeLater(own: string, { fields }: FieldDocument): boolean {
  return own.includes('{{') || own.includes('{%') || fields.some(({ path }) => path[0] === 'sops');
}

function isRefusal({ level }: Finding): boolean {
  return level === 'error';
}

/** Where something is yet to be filled in for a key: `<BASE64 ENCODED SECRET>`, `${KEY}`. */
function placeholdersOf(
  { fields }: FieldDocument,
  registry: Parameters<FieldRule['findings']>[1],
): ReadonlySet<number> {
  const keys = fields.filter(({ path }) => path.at(-1) === 'secret');
  const blank = keys.filter(
    (field) => judgeNamed('encryption-key', field, 'data', registry).judgement === 'placeholder',
  );
  return new Set(blank.map(({ span }) => span.start));
}
