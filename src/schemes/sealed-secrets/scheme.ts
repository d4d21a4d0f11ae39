import { readSealedItem, recogniseSealedItem } from '../../crypto/sealed-secrets-token.ts';
import { findSealedSecrets, type SealedSecret } from '../../manifest/sealed-secret.ts';
import type { SealedEntry } from '../../manifest/sealed-secret-entries.ts';
import { sealedWith } from '../../manifest/sealed-with.ts';
import type {
  DocumentScheme,
  FoundDocuments,
  ItemObject,
  MalformedDocument,
  SealedDocument,
  SealedItem,
} from '../document-scheme.ts';

const scheme = 'sealed-secrets';

/** Sealed Secrets (bitnami.com/v1alpha1): each object is a document of its own. */
export const sealedSecretsScheme: DocumentScheme = Object.freeze({
  id: scheme,
  title: 'Sealed Secrets',
  traits: { unit: 'object', opensToChange: false, verbs: { seal: 'Seal', open: 'Unseal' } },
  find(manifest): FoundDocuments {
    const secrets = findSealedSecrets(manifest);
    return { documents: secrets.map(documentOf), malformed: secrets.flatMap(malformedIn) };
  },
} satisfies DocumentScheme);

function documentOf(secret: SealedSecret): SealedDocument {
  const object = objectOf(secret);
  return {
    scheme,
    span: secret.span,
    heading: secret.span.start,
    mark: secret.kindSpan ?? secret.span,
    objects: [object],
    items: secret.entries.filter(({ style }) => style !== 'none').map((entry) => itemOf(entry, object)),
    recipients: (sealedWith(secret) ?? []).map((name) => ({ kind: 'certificate', name })),
    notes: [`${secret.place.scope} scope`],
    lastModified: undefined,
  };
}

function objectOf({ place }: SealedSecret): ItemObject {
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    namespace: place.namespace || undefined,
    name: place.name || undefined,
  };
}

function itemOf({ key, keySpan, span, text }: SealedEntry, object: ItemObject): SealedItem {
  const otherNames = [`data.${key}`, `stringData.${key}`];
  return { name: `encryptedData.${key}`, otherNames, key, object, keySpan, span, bytes: sizeOf(text) };
}

function sizeOf(text: string): number | undefined {
  return recogniseSealedItem(text).is === 'yes' ? readSealedItem(text).bytes : undefined;
}

function malformedIn({ entries }: SealedSecret): readonly MalformedDocument[] {
  return entries.flatMap(({ key, span, text }) => {
    const recognition = recogniseSealedItem(text);
    if (recognition.is === 'yes') return [];
    const reason = recognition.is === 'malformed' ? recognition.reason : 'it is no item of a SealedSecret';
    return [{ scheme, item: `encryptedData.${key}`, span, reason }];
  });
}
