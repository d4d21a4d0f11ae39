import { Failure } from '../../core/errors.ts';
import { LineIndex, type Span } from '../../core/span.ts';
import { isSecret, type KubeObject } from '../../manifest/manifest.ts';
import { scan } from '../../manifest/scan.ts';
import { findSealedSecrets, type SealedSecret } from '../../manifest/sealed-secret.ts';
import type { SealedDocument } from '../../schemes/document-scheme.ts';
import { requireSecretKey } from '../set-value.ts';
import type { ItemAddress } from './item-address.ts';

/** The SealedSecret that a document is. Throws `document.changed` where the text has none there. */
export function secretAt(text: string, { span }: Pick<SealedDocument, 'span'>): SealedSecret {
  const secret = findSealedSecrets(scan(text)).find((one) => one.span.start === span.start);
  if (secret === undefined) throw new Failure('document.changed', {});
  return secret;
}

/**
 * The Secrets that hold anything, or the one around an offset, whatever it holds.
 * @throws Failure `manifest.no-entries` where there is none around the offset
 */
export function secretsToSeal(text: string, offset: number | undefined): readonly KubeObject[] {
  const secrets = scan(text).documents.flatMap(({ objects }) => objects.filter(isSecret));
  if (offset === undefined) return secrets.filter(({ entries }) => entries.length > 0);
  const around = secrets.find(({ span }) => span.start <= offset && offset <= span.end);
  if (around === undefined) throw new Failure('manifest.no-entries', {});
  return [around];
}

/**
 * The key of the Secret that an address means: of `encryptedData`, `data` and `stringData` alike.
 * @throws Failure `entry.not-found`, `usage`
 */
export function keyIn({ name }: ItemAddress): string {
  const [, key] = /^(?:encryptedData|stringData|data)\.([^]+)$/.exec(name) ?? [];
  if (key === undefined) throw new Failure('entry.not-found', { wanted: name });
  requireSecretKey(key);
  return key;
}

/** An object that something is done with, and its items as failures call them. */
interface PlacedObject {
  readonly span: Span;
  readonly entries: readonly { readonly key: string; readonly span: Span; readonly map?: string }[];
}

/** What this work gives; where it fails, the failure says at which line: that of the value it is about, else of the object. */
export async function placedAt<T>(
  text: string,
  { span, entries }: PlacedObject,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const about = entries.find(({ key, map }) => error.place.entry === `${map ?? 'encryptedData'}.${key}`);
    throw error.at({ line: new LineIndex(text).positionAt((about ?? { span }).span.start).line });
  }
}
