import { describe, expect, it } from 'vitest';
import { decryptDocuments } from '../../../../src/app/documents/decrypt-documents.ts';
import {
  type DocumentFile,
  type DocumentWork,
  DocumentWorks,
} from '../../../../src/app/documents/document-work.ts';
import { ManifestText } from '../../../../src/app/manifest-text.ts';
import type { PolicyAnswer } from '../../../../src/app/policy-finder.ts';
import { Failure } from '../../../../src/core/errors.ts';
import type { DocumentSchemeId, SealedDocument } from '../../../../src/schemes/document-scheme.ts';
import { sopsScheme } from '../../../../src/schemes/sops/scheme.ts';
import { failureOf } from '../planning.ts';

const text = 'one\ntwo\nthree\n';

function documentAt(scheme: DocumentSchemeId, start: number, end: number): SealedDocument {
  const span = { start, end };
  return {
    scheme,
    span,
    heading: start,
    mark: span,
    objects: [],
    items: [],
    recipients: [],
    notes: [],
    lastModified: undefined,
  };
}

/** Opens every document to a word for where it begins; those at `shut` stay so. */
function open(documents: readonly SealedDocument[], shut = -1) {
  const never = () => Promise.reject(new Error('not asked for'));
  const work: DocumentWork = {
    scheme: sopsScheme,
    open: never,
    set: never,
    remove: never,
    seal: never,
    renew: never,
    async decrypt(_file, { span }) {
      if (span.start === shut) throw new Failure('key.missing', { scheme: 'sops', hint: undefined });
      return { edits: [{ span, text: `at ${span.start}` }], values: 2, verification: 'opened', notes: ['n'] };
    },
  };
  const works = new DocumentWorks({ sops: async () => work, 'sealed-secrets': async () => work });
  const file: DocumentFile = { path: '/a.yaml', text, answer: {} as PolicyAnswer };
  const wish = { keys: [], site: { base: '/', root: undefined }, accepted: [] };
  const found = { documents, malformed: [] };
  const { signal } = new AbortController();
  return decryptDocuments(file, found, ManifestText.read(text), works, wish, signal);
}

describe('the sealed documents of a file', () => {
  it('are opened together, one inside of another with the outer one', async () => {
    const two = [documentAt('sealed-secrets', 0, 4), documentAt('sealed-secrets', 4, 8)];
    const opened = await open(two);
    expect(opened.edits.map((edit) => edit.text)).toEqual(['at 0', 'at 4']);
    expect([opened.opened, opened.notes]).toEqual([4, ['n', 'n']]);
    const nested = await open([documentAt('sops', 0, text.length), ...two.slice(1)]);
    expect(nested.edits.map((edit) => edit.text)).toEqual(['at 0']);
  });

  it('stay shut together, and the line of the first that cannot be opened is told', async () => {
    const two = [documentAt('sealed-secrets', 0, 4), documentAt('sealed-secrets', 4, 8)];
    expect(await failureOf(open(two, 4))).toMatchObject({ code: 'key.missing', place: { line: 2 } });
  });
});
