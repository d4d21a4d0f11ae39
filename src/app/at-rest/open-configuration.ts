// no unit test: test/adapters/cli/at-rest-read.test.ts opens clear and sealed configurations through it
import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { applyEdits, LineIndex } from '../../core/span.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { readConfiguration } from '../../manifest/at-rest/read-configuration.ts';
import { decodeFile } from '../../manifest/file-text.ts';
import { tellDocument } from '../../manifest/parse.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { KeysFor } from '../decrypt.ts';
import { decryptDocuments } from '../documents/decrypt-documents.ts';
import type { DocumentWish, DocumentWorks } from '../documents/document-work.ts';
import { ManifestText } from '../manifest-text.ts';
import type { PolicyAnswer } from '../policy-finder.ts';
import { isWholeToken, openWhole, requireNoBrokenToken } from '../whole-file.ts';

/** What opening a sealed file in memory works with. */
export interface FileOpening {
  /** Absolute. */
  readonly path: string;
  readonly registry: SchemeRegistry;
  readonly documents: DocumentWorks;
  readonly keysFor: KeysFor;
  readonly answer: PolicyAnswer;
  readonly wish: DocumentWish;
  readonly signal: AbortSignal;
}

/**
 * Reads the EncryptionConfiguration in a file. One that is sealed, as a whole or by SOPS, is opened in memory.
 *
 * @throws Failure `configuration.unreadable`, and what opening throws
 */
export async function openConfiguration(
  bytes: Uint8Array,
  opening: FileOpening,
): Promise<EncryptionConfiguration> {
  const text = await openText(bytes, opening);
  const { configuration, errors } = readConfiguration(text, tellDocument);
  // kube-apiserver would not load one that it reads in part, and what is left of it may say the opposite.
  if (configuration !== undefined && errors.length === 0) return configuration;
  const [{ start, message } = { start: 0, message: l10n.t('it is empty') }] = errors;
  const { line } = new LineIndex(text).positionAt(start);
  throw new Failure('configuration.unreadable', { reason: message }, { line });
}

async function openText(bytes: Uint8Array, opening: FileOpening): Promise<string> {
  const { path, registry, documents, answer, wish, signal } = opening;
  const { text } = decodeFile(bytes);
  if (isWholeToken(text, registry)) return openToken(text, opening);
  requireNoBrokenToken(text, registry);
  const manifest = ManifestText.read(text);
  const found = registry.findDocuments(manifest.manifest);
  if (found.documents.length === 0 && found.malformed.length === 0) return text;
  const file = { path, text, answer };
  return applyEdits(text, (await decryptDocuments(file, found, manifest, documents, wish, signal)).edits);
}

async function openToken(text: string, { path, registry, keysFor }: FileOpening): Promise<string> {
  const opened = (await openWhole(text, keysFor, registry, { path })).exposeText();
  if (opened === undefined) throw new Failure('file.not-text', { reason: l10n.t('it is not valid UTF-8') });
  return opened;
}
