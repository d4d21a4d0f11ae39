import { l10n } from 'vscode';
import { planEncrypt, type Verification } from '../app/encrypt.ts';
import { type NamedValue, valuesIn } from '../app/history/sealed-values.ts';
import type { HowToSealDocuments, HowToSealValues } from '../app/how-to-seal.ts';
import type { SealingKey } from '../app/sealing-key.ts';
import { sealWhole } from '../app/whole-file.ts';
import { Failure } from '../core/errors.ts';
import type { Plaintext } from '../core/plaintext.ts';
import { applyEdits } from '../core/span.ts';
import type { BulkFile } from './bulk-candidates.ts';
import type { BulkChoice } from './bulk-pick.ts';
import { wishFor } from './document-file.ts';
import { valueKey } from './sealing.ts';
import type { Services } from './services.ts';

/** A file about whose keys there is no question left. */
export interface ReadyFile {
  readonly file: BulkFile;
  readonly write: (signal: AbortSignal) => Promise<Written>;
}

interface Written {
  readonly values: number;
  readonly verification: Verification;
  /** What is sealed now. */
  readonly sealed: readonly NamedValue[];
  /** What the person should know. */
  readonly notes: readonly string[];
}

/** Gets files ready for a command over many: keys are asked about once each, and nothing is written. */
export class BulkPreparation {
  readonly #services: Services;
  readonly #signal: AbortSignal;
  readonly #keys = new Map<string, SealingKey>();

  constructor(services: Services, signal: AbortSignal) {
    this.#services = services;
    this.#signal = signal;
  }

  /** Throws what keeps a file from being sealed; an `AbortError` where the person declines a key. */
  prepare(choice: BulkChoice): Promise<ReadyFile> {
    const { how } = choice.file;
    return how.unit === 'document' ? this.#documents(choice.file, how) : this.#values(choice, how);
  }

  /** Who may read a document is known when it is sealed: that is done at once, and written later. */
  async #documents(file: BulkFile, { scheme }: HowToSealDocuments): Promise<ReadyFile> {
    const { uri, source, answer } = file;
    const { text } = source;
    const work = await this.#services.documents.of({ scheme });
    const document = { path: uri.fsPath, text, answer };
    const edit = await work.seal(document, undefined, wishFor(answer), this.#signal);
    if (edit.values === 0)
      throw new Failure(file.unit === 'file' ? 'sops.encrypted-already' : 'manifest.no-entries', {});
    const { edits, values, verification, notes } = edit;
    return {
      file,
      write: async () => {
        await source.write(edits, applyEdits(text, edits));
        return { values, verification, notes, sealed: valuesIn(text, edits) };
      },
    };
  }

  async #values({ file, values }: BulkChoice, how: HowToSealValues): Promise<ReadyFile> {
    const id = JSON.stringify([how.scheme, how.reference.text, how.site.base]);
    const key = this.#keys.get(id) ?? (await valueKey(how, this.#services));
    this.#keys.set(id, key);
    const { source, manifest } = file;
    const { registry } = this.#services;
    const { content } = source;
    if (content !== undefined) return { file, write: () => writeWhole(file, content, key) };
    const write = async (signal: AbortSignal) => {
      const plan = await planEncrypt(manifest, { which: 'these', among: values }, key, registry, signal);
      signal.throwIfAborted();
      await source.write(plan.edits, plan.text);
      const sealed = valuesIn(source.text, plan.edits);
      return { values: values.length, verification: plan.verification, notes: [], sealed };
    };
    return { file, write };
  }
}

async function writeWhole({ source }: BulkFile, plaintext: Plaintext, key: SealingKey): Promise<Written> {
  const { token, verification } = await sealWhole(plaintext, key);
  await source.write([], token);
  return { values: 1, verification, notes: [], sealed: [{ name: l10n.t('the file'), plaintext }] };
}
