import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import type { Result } from '../../core/result.ts';
import { selectionOf } from '../../core/sops-selection.ts';
import { applyEdits } from '../../core/span.ts';
import type { AskPassphrase } from '../../crypto/age/age-key.ts';
import { type KeyPlan, recoverDataKey } from '../../crypto/sops/data-key.ts';
import { dataKeySealer, dataKeySource, type PgpKeys } from '../../crypto/sops/key-sources.ts';
import { scan } from '../../manifest/scan.ts';
import { loadRe2 } from '../../policy/re2.ts';
import type { SealedDocument, SealedItem } from '../../schemes/document-scheme.ts';
import type { SopsOpening, SopsTarget } from '../../schemes/sops/change.ts';
import { decryptSops } from '../../schemes/sops/decrypt.ts';
import { blockOf, readSopsFile, readSopsText } from '../../schemes/sops/file.ts';
import { requireNoneInClear } from '../../schemes/sops/in-clear.ts';
import { openSops } from '../../schemes/sops/open.ts';
import type { OpenedSopsValue } from '../../schemes/sops/opened.ts';
import { keptStanzas, rotateSopsDataKey, updateSopsRecipients } from '../../schemes/sops/rewrap.ts';
import { sopsScheme } from '../../schemes/sops/scheme.ts';
import { sealSops } from '../../schemes/sops/seal.ts';
import { addSopsValue, changeSopsValue, removeSopsValue } from '../../schemes/sops/set-value.ts';
import type { Verification } from '../encrypt.ts';
import type { KeyRing } from '../key-ring.ts';
import type { RecipientTrust } from '../ports.ts';
import type {
  DocumentEdit,
  DocumentFile,
  DocumentWish,
  DocumentWork,
  OpenedItem,
  SetTarget,
} from './document-work.ts';
import { type OpeningKeys, type SopsIdentities, SopsKeys } from './sops-keys.ts';
import {
  isSealedTo,
  planOf,
  requireAccepted,
  requireRule,
  requireUsable,
  without,
} from './sops-recipients.ts';
import { objectAt, placeOfAddress } from './sops-target.ts';
import { formatOf, requireSealed, resultOf, valueAt } from './sops-values.ts';

export interface SopsPorts {
  readonly keys: KeyRing;
  readonly identities: () => Promise<SopsIdentities>;
  readonly ask: AskPassphrase;
  /** Made for one operation on one file, which the signal ends. */
  readonly pgp: (path: string, signal: AbortSignal) => PgpKeys;
  readonly trust: RecipientTrust;
  readonly now: () => Date;
}

/** A file that was opened, and what opened it. */
interface Opened extends SopsOpening {
  readonly opened: readonly OpenedSopsValue[];
}

/** SOPS: the whole file under one data key, its recipients from `.sops.yaml`. */
export class SopsWork implements DocumentWork {
  readonly scheme = sopsScheme;
  readonly #ports: SopsPorts;
  readonly #keys: SopsKeys;

  constructor(ports: SopsPorts) {
    this.#ports = ports;
    this.#keys = new SopsKeys(ports.keys, ports.identities, ports.ask);
  }

  async open(
    file: DocumentFile,
    { items }: SealedDocument,
    wish: DocumentWish,
  ): Promise<readonly Result<OpenedItem>[]> {
    const { opened } = await this.#open(file, wish);
    const byStart = new Map(opened.map((value) => [value.node.span.start, value]));
    return items.map((item) => resultOf(item, byStart.get(item.span.start)));
  }

  async decrypt(
    file: DocumentFile,
    _document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit> {
    return { ...decryptSops(await this.#open(file, wish, signal)), verification: 'opened', notes: [] };
  }

  async set(
    file: DocumentFile,
    { address, item }: SetTarget,
    plaintext: Plaintext,
    wish: DocumentWish,
  ): Promise<DocumentEdit> {
    const opening = await this.#open(file, wish);
    const { tree } = opening.file;
    const target = item === undefined ? placeOfAddress(tree, address) : valueOf(opening, item);
    const old = valueIn(opening, target);
    const value = valueAt(plaintext, target.place, objectAt(tree, target), old);
    const edits = (old === undefined ? addSopsValue : changeSopsValue)(
      opening,
      target,
      value,
      this.#ports.now(),
    );
    requireSealed(opening, edits, target);
    return { edits, values: 1, verification: 'opened', notes: [] };
  }

  async remove(
    file: DocumentFile,
    _document: SealedDocument,
    item: SealedItem,
    wish: DocumentWish,
  ): Promise<DocumentEdit> {
    const opening = await this.#open(file, wish);
    const edits = removeSopsValue(opening, valueOf(opening, item), this.#ports.now());
    return { edits, values: 1, verification: 'opened', notes: [] };
  }

  async seal(
    file: DocumentFile,
    _offset: number | undefined,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit> {
    const format = formatOf(file.path);
    const tree = readSopsText(file.text, format);
    const none: DocumentEdit = { edits: [], values: 0, verification: 'opened', notes: [] };
    if (tree.documents.some(({ root }) => blockOf(root) !== undefined)) {
      requireNoneInClear(readSopsFile(file.text, format), await loadRe2());
      return none;
    }
    if (wish.keys.length > 0)
      throw new Failure('usage', { reason: 'whom SOPS encrypts to is said in .sops.yaml, not by --key' });
    const rule = requireRule(file.answer);
    const keys = planOf(rule);
    await this.#requireAccepted(keys, [], file, wish);
    const request = { rule: rule.selection, macOnlyEncrypted: rule.macOnlyEncrypted, keys };
    const edits = await sealSops(file.text, format, request, {
      ...this.#sealing(file, signal),
      compile: await loadRe2(),
    });
    const sealed = sopsScheme.find(scan(applyEdits(file.text, edits))).documents;
    return { ...none, edits, values: sealed.flatMap(({ items }) => items).length };
  }

  /** *Update Recipients*: the data key wrapped anew, no value touched. */
  async renew(
    file: DocumentFile,
    _document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit | undefined> {
    const { metadata } = readSopsFile(file.text, formatOf(file.path));
    if (file.answer.sops?.rule === undefined) return undefined;
    const plan = planOf(requireRule(file.answer));
    if (isSealedTo(metadata, plan)) return undefined;
    const opening = await this.#open(file, wish, signal);
    await this.#requireAccepted(plan, keptStanzas(metadata, plan), file, wish);
    const edits = await updateSopsRecipients(opening, plan, this.#sealing(file, signal));
    const verification = await this.#verified({ ...file, text: applyEdits(file.text, edits) }, wish, signal);
    return { edits, values: 0, verification, notes: [] };
  }

  /** The person may have left themselves out. */
  async #verified(file: DocumentFile, wish: DocumentWish, signal: AbortSignal): Promise<Verification> {
    try {
      await this.#open(file, wish, signal);
      return 'opened';
    } catch (error) {
      if (Failure.is(error, 'key.missing') || Failure.is(error, 'sops.key-command')) return 'read';
      throw error;
    }
  }

  async rotateDataKey(
    file: DocumentFile,
    _document: SealedDocument,
    wish: DocumentWish,
    signal: AbortSignal,
  ): Promise<DocumentEdit> {
    const opening = await this.#open(file, wish, signal);
    const { metadata } = opening.file;
    const keys = file.answer.sops?.rule === undefined ? planOf(metadata) : planOf(requireRule(file.answer));
    await this.#requireAccepted(keys, [], file, wish);
    const edits = await rotateSopsDataKey(opening, keys, this.#sealing(file, signal));
    const values = opening.opened.filter(({ encrypted }) => encrypted).length;
    return { edits, values, verification: 'opened', notes: [] };
  }

  #sealing({ path }: DocumentFile, signal: AbortSignal) {
    return { sealer: dataKeySealer({ pgp: this.#ports.pgp(path, signal) }), now: this.#ports.now() };
  }

  async #open(
    { path, text }: DocumentFile,
    wish: DocumentWish,
    signal = new AbortController().signal,
  ): Promise<Opened> {
    const file = readSopsFile(text, formatOf(path));
    const own = await this.#keys.opening(wish);
    const selects = selectionOf(file.metadata.rule, await loadRe2());
    const source = dataKeySource({ age: own.keys, pgp: this.#ports.pgp(path, signal) });
    try {
      const dataKey = await recoverDataKey(file.metadata, source);
      return { file, dataKey, selects, opened: openSops(file, dataKey, selects).values };
    } catch (error) {
      throw whyShut(error, own);
    }
  }

  /**
   * @param known whose wrapped keys stay as they are. That a file names somebody is no reason to wrap for them: what it says of
   * its recipients is not authenticated.
   */
  async #requireAccepted(
    { groups }: KeyPlan,
    known: KeyPlan['groups'][number],
    { answer }: DocumentFile,
    wish: DocumentWish,
  ): Promise<void> {
    const added = without(groups.flat(), known);
    if (added.length === 0) return;
    requireUsable(added);
    const { keys: own } = await this.#keys.opening({ ...wish, keys: [] });
    await requireAccepted(added, { accepted: wish.accepted, own, answer }, this.#ports.trust);
  }
}

/** What is wrong with a key that the person named says more than that no other one fits. */
function whyShut(error: unknown, { failures, commands }: OpeningKeys): unknown {
  if (!Failure.is(error, 'key.missing')) return error;
  const [variable] = commands;
  return failures[0] ?? (variable === undefined ? error : new Failure('sops.key-command', { variable }));
}

function valueOf({ opened }: Opened, { span, name }: SealedItem): OpenedSopsValue {
  const value = opened.find(({ node }) => node.span.start === span.start);
  if (value === undefined) throw new Failure('entry.not-found', { wanted: name });
  return value;
}

function valueIn({ opened }: Opened, { document, place }: SopsTarget): OpenedSopsValue | undefined {
  const wanted = JSON.stringify(place);
  return opened.find((value) => value.document === document && JSON.stringify(value.place) === wanted);
}
