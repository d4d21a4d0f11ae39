import type { KkpEncryptionText } from './cluster-text.ts';
import type { KkpChange, KkpKeyReference } from './kkp-change.ts';

/** All that KKP sees of an encryption, without where it stands. For comparing: it holds keys that stand in clear. */
interface Shape {
  readonly enabled: boolean | undefined;
  readonly resources: readonly string[];
  readonly keys: readonly KeyShape[];
}

interface KeyShape {
  readonly name: string | undefined;
  readonly value: string | undefined;
  readonly secretRef: readonly unknown[] | undefined;
}

export function shapeOf({ enabled, resources, secretbox }: KkpEncryptionText): Shape {
  return {
    enabled: enabled?.value,
    resources: resources.items.map(({ text }) => text),
    keys: (secretbox?.keys.items ?? []).map(({ name, value, secretRef }) => ({
      name: name?.text,
      value: value?.text.exposeText(),
      secretRef: secretRef && [secretRef.name, secretRef.key, secretRef.optional],
    })),
  };
}

/** What a change is meant to come to. */
export function expectedShape(before: Shape, change: KkpChange): Shape {
  if (change.step === 'disable') return { ...before, enabled: false };
  return { ...before, keys: expectedKeys(before.keys, change) };
}

function expectedKeys(keys: readonly KeyShape[], change: Exclude<KkpChange, { step: 'disable' }>) {
  if (change.step === 'add') return [...keys.slice(0, 1), shapeOfNew(change.key), ...keys.slice(1)];
  if (change.step === 'move-out')
    return keys.map((key) => (key.value === undefined ? key : movedShape(key, change.keys)));
  const moved = keys.filter(({ name }) => name === change.key);
  const others = keys.filter(({ name }) => name !== change.key);
  return change.step === 'swap' ? [...moved, ...others] : others;
}

function movedShape(key: KeyShape, keys: readonly KkpKeyReference[]): KeyShape {
  const reference = keys.find(({ name }) => name === key.name);
  return reference === undefined ? key : shapeOfNew(reference);
}

function shapeOfNew({ name, secret, key }: KkpKeyReference): KeyShape {
  return { name, value: undefined, secretRef: [secret, key, undefined] };
}
