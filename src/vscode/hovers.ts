import {
  Hover,
  type HoverProvider,
  MarkdownString,
  type Position,
  type TextDocument,
  workspace,
} from 'vscode';
import { movedFrom } from '../app/decrypt.ts';
import type { JoinedVaults } from '../app/joined-vaults.ts';
import type { KeyRing } from '../app/key-ring.ts';
import { withoutComment } from '../app/keys/sealed-to.ts';
import { shown } from '../app/sentence.ts';
import type { PolicyRule } from '../policy/policy.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { EnvelopeGroup, SchemeId } from '../schemes/scheme.ts';
import { count } from './counts.ts';
import { isManifestDocument, type Manifests } from './manifests.ts';
import { rangeOf } from './positions.ts';
import { linesOfItem } from './sealed-hover.ts';

/** The person's own keys, by which it is told whether one of them opens a ciphertext. */
export interface OwnKeys {
  readonly keys: KeyRing;
  readonly vaults: Pick<JoinedVaults, 'kept'>;
}

const day = 24 * 60 * 60 * 1000;

/** What can be told of a ciphertext without opening it; never a plaintext. */
export class Hovers implements HoverProvider {
  readonly #manifests: Manifests;
  readonly #registry: SchemeRegistry;
  readonly #own: OwnKeys;

  constructor(manifests: Manifests, registry: SchemeRegistry, own: OwnKeys) {
    this.#manifests = manifests;
    this.#registry = registry;
    this.#own = own;
  }

  async provideHover(document: TextDocument, position: Position): Promise<Hover | undefined> {
    if (!isManifestDocument(document)) return undefined;
    const answer = await this.#manifests.policyOf(document);
    const offset = document.offsetAt(position);
    const examined = this.#manifests.examine(document);
    for (const sealed of examined.sealed.documents) {
      const item = sealed.items.find(({ span }) => offset >= span.start && offset <= span.end);
      if (item === undefined) continue;
      const names = sealed.recipients.map(({ name }) => withoutComment(name));
      const openers = await this.#openers(sealed.scheme, names, answer?.rule);
      const lines = [...linesOfItem(sealed, item, this.#registry), ...openers];
      return new Hover(escaped(lines), rangeOf(document, item.span));
    }
    for (const group of examined.groups) {
      const envelope = group.envelopes.find(
        ({ entry }) => offset >= entry.span.start && offset <= entry.span.end,
      );
      if (envelope === undefined) continue;
      const { recipient } = this.#registry.byId(group.scheme).describe(group);
      const names = recipient === undefined ? [] : [recipient];
      const openers = await this.#openers(group.scheme, names, answer?.rule);
      const lines = [...this.#describe(group), ...openers];
      return new Hover(escaped(lines), rangeOf(document, envelope.entry.span));
    }
    return undefined;
  }

  /** Who can open it here, and in the cluster. In Restricted Mode no key is looked at. */
  async #openers(
    scheme: SchemeId,
    recipients: readonly string[],
    rule: PolicyRule | undefined,
  ): Promise<readonly string[]> {
    const { openerHere, openerInCluster } = await import('../app/keys/who-opens.ts');
    const { keys, vaults } = this.#own;
    const here = workspace.isTrusted
      ? await openerHere(scheme, recipients, keys, vaults, this.#registry)
      : undefined;
    return [...(here === undefined ? [] : [here]), openerInCluster(scheme, rule)];
  }

  #describe(group: EnvelopeGroup): readonly string[] {
    const scheme = this.#registry.byId(group.scheme);
    const { algorithm, recipient, createdAt, boundTo, bytes, weakness, withPassword } =
      scheme.describe(group);
    const moved = movedFrom(group, this.#registry);
    const lines = [
      `${scheme.title}, ${algorithm}, ${bytes} B`,
      ...(recipient === undefined ? [] : [`sealed to ${recipient}`]),
      ...(withPassword === true ? ['sealed with a password, which is asked for'] : []),
      ...(weakness === undefined ? [] : [`${weakness} is out of date: Seal Again uses a better one.`]),
      ...(createdAt === undefined
        ? []
        : [`made ${createdAt.toISOString()}, ${ageOf(createdAt, new Date())}`]),
      ...(boundTo === undefined ? [] : [`for ${boundTo}`]),
      ...(moved === undefined ? [] : ['It stands somewhere else than it was made for.']),
    ];
    return lines;
  }
}

/** What stands in a ciphertext's header or beside it comes from whoever made it. */
function escaped(lines: readonly string[]): MarkdownString {
  const text = new MarkdownString();
  for (const [index, line] of lines.entries()) text.appendText(`${index === 0 ? '' : '\n'}${shown(line)}`);
  return text;
}

/** In whole days: a token's time is one of its maker's clock. */
function ageOf(madeAt: Date, now: Date): string {
  const days = Math.floor((now.getTime() - madeAt.getTime()) / day);
  if (days < 0) return 'which is yet to come';
  return days === 0 ? 'today' : `${count(days, 'day')} ago`;
}
