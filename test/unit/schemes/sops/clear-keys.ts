import { Plaintext } from '../../../../src/core/plaintext.ts';
import {
  defaultSelectionRule,
  type SelectionRule,
  selectionOf,
} from '../../../../src/core/sops-selection.ts';
import { applyEdits } from '../../../../src/core/span.ts';
import {
  type DataKeySealer,
  type DataKeySource,
  type KeyPlan,
  recoverDataKey,
} from '../../../../src/crypto/sops/data-key.ts';
import type { SopsFormat } from '../../../../src/manifest/sops-tree.ts';
import type { SopsOpening } from '../../../../src/schemes/sops/change.ts';
import { readSopsFile } from '../../../../src/schemes/sops/file.ts';
import { openSops } from '../../../../src/schemes/sops/open.ts';
import { sealSops } from '../../../../src/schemes/sops/seal.ts';
import { placeName } from '../../../../src/schemes/sops/walk.ts';

/** Keys that hide nothing: what they wrap stands there in hex. For tests of what is done with the data key. */
export const clearSealer: DataKeySealer = {
  wrap: async (_recipient, part) => Buffer.from(part.expose()).toString('hex'),
};
export const clearSource: DataKeySource = {
  unwrap: async ({ enc }) => new Plaintext(new Uint8Array(Buffer.from(enc, 'hex'))),
};

export const sealedOn = new Date('2026-01-02T03:04:05Z');
export const oneKey: KeyPlan = {
  groups: [[{ kind: 'age', fields: new Map([['recipient', 'age1x']]) }]],
  shamirThreshold: 0,
};

/** Patterns as JavaScript has them: enough for tests that are not about RE2. */
export const compile = (pattern: string) => {
  const compiled = new RegExp(pattern);
  return (candidate: string) => compiled.test(candidate);
};

interface Options {
  readonly format?: SopsFormat;
  readonly rule?: SelectionRule;
  readonly macOnlyEncrypted?: boolean;
}

export async function sealed(text: string, options: Options = {}): Promise<string> {
  const { format = 'yaml', rule = defaultSelectionRule, macOnlyEncrypted = false } = options;
  const tools = { compile, sealer: clearSealer, now: sealedOn };
  return applyEdits(text, await sealSops(text, format, { rule, macOnlyEncrypted, keys: oneKey }, tools));
}

export async function opening(text: string, format: SopsFormat = 'yaml'): Promise<SopsOpening> {
  const file = readSopsFile(text, format);
  const dataKey = await recoverDataKey(file.metadata, clearSource);
  return { file, dataKey, selects: selectionOf(file.metadata.rule, compile) };
}

/** `a.b str x`: what a file opens to. */
export async function opened(text: string, format: SopsFormat = 'yaml'): Promise<readonly string[]> {
  const { file, dataKey, selects } = await opening(text, format);
  return openSops(file, dataKey, selects).values.map(
    ({ place, type, plaintext }) => `${placeName(place)} ${type} ${plaintext.exposeText()}`,
  );
}
