import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CompilePattern,
  defaultSelectionRule,
  type SelectionRule,
  selectionOf,
  selectionRuleNames,
} from '../../src/core/sops-selection.ts';
import { applyEdits } from '../../src/core/span.ts';
import type { AgeKey } from '../../src/crypto/age/age-key.ts';
import { readAgeKeyFile } from '../../src/crypto/age/key-file.ts';
import { generateAgeKey } from '../../src/crypto/age/keygen.ts';
import { ageKeySealer, ageKeySource } from '../../src/crypto/sops/age-keys.ts';
import { type DataKeySource, type KeyPlan, recoverDataKey } from '../../src/crypto/sops/data-key.ts';
import type { SopsFormat } from '../../src/manifest/sops-tree.ts';
import { loadRe2 } from '../../src/policy/re2.ts';
import type { SopsOpening } from '../../src/schemes/sops/change.ts';
import { readSopsFile, readSopsText } from '../../src/schemes/sops/file.ts';
import { openSops } from '../../src/schemes/sops/open.ts';
import { sealSops } from '../../src/schemes/sops/seal.ts';
import { isValue, placeName, type SopsPlace, walkSops } from '../../src/schemes/sops/walk.ts';
import type { SopsCase } from './sops-cases.ts';

export const sealedOn = new Date('2026-01-02T03:04:05Z');

interface Holder {
  readonly recipient: string;
  readonly keys: readonly AgeKey[];
  readonly secret: string;
}

/** Four holders of age keys, the third with a post-quantum one, and what they do with SOPS files. */
export class SopsHolders {
  readonly #holders: readonly Holder[];
  readonly compile: CompilePattern;

  private constructor(holders: readonly Holder[], compile: CompilePattern) {
    this.#holders = holders;
    this.compile = compile;
  }

  static async create(): Promise<SopsHolders> {
    const holders = [false, false, true, false].map(async (postQuantum): Promise<Holder> => {
      const { keyFile, recipient } = await generateAgeKey(sealedOn, { postQuantum });
      const { keys } = await readAgeKeyFile(keyFile.expose(), 'k', async () => undefined);
      return { recipient, keys, secret: keyFile.exposeText() ?? '' };
    });
    return new SopsHolders(await Promise.all(holders), await loadRe2());
  }

  get recipients(): readonly string[] {
    return this.#holders.map(({ recipient }) => recipient);
  }

  /** A key file with the identities of some of them. */
  keyFile(...who: readonly number[]): string {
    return who.map((index) => this.#holders[index]?.secret ?? '').join('\n');
  }

  /** Each group has one of them. */
  plan(groups: readonly (readonly number[])[], shamirThreshold = 0): KeyPlan {
    const recipient = (index: number) => ({
      kind: 'age' as const,
      fields: new Map([['recipient', this.#holders[index]?.recipient ?? '']]),
    });
    return { groups: groups.map((group) => group.map(recipient)), shamirThreshold };
  }

  async seal(one: SopsCase): Promise<string> {
    const { count, threshold } = one.groups;
    const keys = this.plan(
      Array.from({ length: count }, (_, index) => [index]),
      threshold,
    );
    const request = { rule: ruleOf(one), macOnlyEncrypted: one.rule.includes('mac_only_encrypted'), keys };
    const tools = { compile: this.compile, sealer: ageKeySealer, now: sealedOn };
    return applyEdits(one.text, await sealSops(one.text, one.format, request, tools));
  }

  /** The file with its data key, which some of them get; all of them, if none is named. */
  async opening(text: string, format: SopsFormat, ...who: readonly number[]): Promise<SopsOpening> {
    const keys = this.keys(...(who.length === 0 ? this.#holders.keys() : who));
    return openingBy(text, format, ageKeySource(keys), this.compile);
  }

  /** The age keys of some of them. */
  keys(...who: readonly number[]): readonly AgeKey[] {
    return who.flatMap((index) => this.#holders[index]?.keys ?? []);
  }

  /** What Purser opens in a file: places, types and values in order. */
  async opened(text: string, format: SopsFormat): Promise<readonly string[]> {
    return valuesOf(await this.opening(text, format));
  }
}

/** The file with the data key that these keys give. */
export async function openingBy(
  text: string,
  format: SopsFormat,
  source: DataKeySource,
  compile: CompilePattern,
): Promise<SopsOpening> {
  const file = readSopsFile(text, format);
  const dataKey = await recoverDataKey(file.metadata, source);
  return { file, dataKey, selects: selectionOf(file.metadata.rule, compile) };
}

/** Places, types and values in order. */
export function valuesOf({ file, dataKey, selects }: SopsOpening): readonly string[] {
  return openSops(file, dataKey, selects).values.map(({ document, place, type, plaintext }) =>
    described(document, place, type, plaintext.expose()),
  );
}

/** What SOPS reads in a file in the clear, likewise. */
export function plainValues(text: string, format: SopsFormat): readonly string[] {
  const found: string[] = [];
  walkSops(readSopsText(text, format), (leaf) => {
    if (isValue(leaf))
      found.push(described(leaf.document, leaf.place, leaf.node.scalar.type, leaf.node.scalar.bytes));
  });
  return found;
}

/**
 * SOPS counts the comments that it keeps as items of a list, and writes a float without a fraction as an integer: neither
 * tells two files apart.
 */
export function described(document: number, place: SopsPlace, type: string, bytes: Uint8Array): string {
  const name = placeName(place).replace(/\[\d+\]/g, '[]');
  return `${document} ${name} ${type.replace(/^(?:int|float)$/, 'number')} ${Buffer.from(bytes).toString()}`;
}

export function ruleOf({ rule }: SopsCase): SelectionRule {
  const name = selectionRuleNames.find((known) => rule.startsWith(`${known}:`));
  if (name === undefined) return defaultSelectionRule;
  const text = /: (.*)/.exec(rule)?.[1] ?? '';
  return { name, text: text.startsWith('"') ? String(JSON.parse(text)) : text };
}

/** A private folder that takes files of one name again and again. */
export function numberedFiles(): {
  readonly write: (name: string, text: string) => string;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'purser-sops-'));
  let count = 0;
  return {
    write(name, text) {
      const path = join(folder, `${count++}-${name}`);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
