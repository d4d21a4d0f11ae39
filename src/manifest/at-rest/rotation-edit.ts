import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { applyEdits, type Edit } from '../../core/span.ts';
import { tellDocument } from '../parse.ts';
import { textChange } from '../text-change.ts';
import { writeScalar } from '../write-scalar.ts';
import { type Arrangement, arrangementOf, leastFar, type RotationPlan } from './arrangement.ts';
import type { EncryptionConfiguration, KeyedKind, ResourceRule } from './configuration.ts';
import { insertSecond, moveToFront, type NewItem, removeItem } from './list-edits.ts';
import { readConfiguration } from './read-configuration.ts';
import { type Reader, readersOf } from './readers.ts';
import { keepsWhatItMust } from './rotation-check.ts';

/** The three changes of a rotation to the file; a new key comes in base64, and is not needed for `identity`. */
export type RotationChange =
  | { readonly step: 'add'; readonly secret: Plaintext | undefined }
  | { readonly step: 'swap' | 'remove' };

const fits: Readonly<
  Record<RotationChange['step'], { readonly from: Arrangement; readonly to: Arrangement }>
> = {
  add: { from: 'old', to: 'added' },
  swap: { from: 'added', to: 'swapped' },
  remove: { from: 'swapped', to: 'removed' },
};

/**
 * The edit of one step, in every entry of `resources` that the rotation is about and that is not further. Comments stay with their
 * items. Checked: the text is read again, and must read what it read before and write with the key that was meant. Whether the
 * step is due is the caller's to know.
 * @throws Failure `document.not-editable`, `document.changed` where the step does not fit the text, `edit.unverified`
 */
export function rotationEdit(text: string, plan: RotationPlan, change: RotationChange): Edit {
  const { step } = change;
  const before = configurationOf(text);
  if (leastFar(before, plan) !== fits[step].from) throw new Failure('document.changed', {});
  const due = before.resources.flatMap((rule, index) =>
    arrangementOf(rule, plan) === fits[step].from ? [index] : [],
  );
  const after = due.reduce((done, index) => changed(done, index, plan, change), text);
  const now = configurationOf(after);
  if (!keepsWhatItMust(before, now, plan, step) || due.some((at) => !hasBecome(now, at, plan, fits[step].to)))
    throw new Failure('edit.unverified', {});
  const { start, oldEnd, newEnd } = textChange(text, after);
  return { span: { start, end: oldEnd }, text: after.slice(start, newEnd) };
}

function hasBecome(
  { resources }: EncryptionConfiguration,
  at: number,
  plan: RotationPlan,
  to: Arrangement,
): boolean {
  const rule = resources[at];
  return rule !== undefined && arrangementOf(rule, plan) === to;
}

function configurationOf(text: string): EncryptionConfiguration {
  const { configuration, errors } = readConfiguration(text, tellDocument);
  if (configuration === undefined || errors.length > 0)
    throw new Failure('document.not-editable', { reason: 'kube-apiserver does not read it' });
  return configuration;
}

function ruleAt(text: string, index: number): ResourceRule {
  const rule = configurationOf(text).resources[index];
  if (rule === undefined) throw new Failure('edit.unverified', {});
  return rule;
}

function changed(text: string, index: number, plan: RotationPlan, change: RotationChange): string {
  if (change.step === 'add')
    return applyEdits(text, addition(text, ruleAt(text, index), plan.to, change.secret));
  if (change.step === 'remove') return removed(text, index, plan.from);
  const inside = applyEdits(text, swapIn(text, ruleAt(text, index), plan.to, 'key'));
  return applyEdits(inside, swapIn(inside, ruleAt(inside, index), plan.to, 'provider'));
}

function addition(
  text: string,
  { providers }: ResourceRule,
  to: string,
  secret: Plaintext | undefined,
): readonly Edit[] {
  const slash = to.indexOf('/');
  const kind = to.slice(0, slash === -1 ? undefined : slash);
  const name = to.slice(slash + 1);
  const first = providers.items[0];
  if (kind === 'identity')
    return insertSecond(text, providers, { block: ['identity: {}'], flow: '{"identity": {}}' });
  if (!isKeyed(kind))
    throw new Failure('document.not-editable', { reason: 'a kms provider is added by hand' });
  const keys = first?.[kind]?.keys;
  const key = newKey(name, secret);
  if (keys !== undefined) return insertSecond(text, keys, key);
  const [nameLine = '', secretLine = ''] = key.block;
  const block = [`${kind}:`, '  keys:', `  - ${nameLine}`, `    ${secretLine}`];
  return insertSecond(text, providers, { block, flow: `{"${kind}": {"keys": [${key.flow}]}}` });
}

function isKeyed(kind: string): kind is KeyedKind {
  return kind === 'aesgcm' || kind === 'aescbc' || kind === 'secretbox';
}

function newKey(name: string, secret: Plaintext | undefined): NewItem {
  const base64 = secret?.exposeText() ?? '';
  const site = { style: 'none', flow: false, indent: 0, eol: '\n' } as const;
  const token = (value: string) => writeScalar(value, site).token;
  return {
    block: [`name: ${token(name)}`, `secret: ${token(base64)}`],
    flow: `{"name": ${JSON.stringify(name)}, "secret": ${JSON.stringify(base64)}}`,
  };
}

function swapIn(
  text: string,
  { providers }: ResourceRule,
  to: string,
  what: 'key' | 'provider',
): readonly Edit[] {
  const reader = readersOf(providers.items).find(({ id }) => id === to);
  if (reader === undefined) throw new Failure('document.changed', {});
  if (what === 'provider') return moveToFront(text, providers, reader.provider);
  const keys = keysOf(providers.items[reader.provider], reader);
  return keys === undefined ? [] : moveToFront(text, keys, reader.key);
}

function keysOf(element: ResourceRule['providers']['items'][number] | undefined, { kind }: Reader) {
  return kind === 'identity' || kind === 'kms' ? undefined : element?.[kind]?.keys;
}

/** Two keys may have one name: all of them go. */
function removed(text: string, index: number, from: string): string {
  const { providers } = ruleAt(text, index);
  const reader = readersOf(providers.items).find(({ id }) => id === from);
  if (reader === undefined) return text;
  const keys = keysOf(providers.items[reader.provider], reader);
  const edits =
    keys !== undefined && keys.items.length > 1
      ? removeItem(text, keys, reader.key)
      : removeItem(text, providers, reader.provider);
  return removed(applyEdits(text, edits), index, from);
}
