import { Failure } from '../../core/errors.ts';
import { sentenceOf } from '../messages.ts';
import { onOneLine, shown } from '../sentence.ts';
import type { ClusterDecryption, DecryptionSecret, HeldKey } from './decryption.ts';
import { byOpens, type FileKeys, judgeFile, type Opens, type SealedFile, shortName } from './why-file.ts';

/** Why what a Kustomization applies is not decrypted, or that it can be. Sentences stand alone, without their full stops. */
export interface Diagnosis {
  /** What keeps Flux from decrypting anything at all, or us from telling. */
  readonly problem: string | undefined;
  /** What else is to be known of the keys. */
  readonly notes: readonly string[];
  /** Those that cannot be opened first. */
  readonly files: readonly FileVerdict[];
}

export interface FileVerdict {
  readonly path: string;
  readonly opens: Opens;
  readonly sentence: string;
  /** Whether sealing it to a key that the cluster is known to hold would help. */
  readonly canBeSealedAnew: boolean;
}

/** A Secret may hold many keys. */
const recipientsAtMost = 3;

/** Who is asked: the cluster's title and the Kustomization's name, cleaned of what could disguise them. */
export interface Asked {
  readonly cluster: string;
  /** `Kustomization flux-system/apps`. */
  readonly object: string;
}

/**
 * Holds what a cluster has for decryption against what files are sealed to. Total: a file that cannot be read is told as such.
 *
 * @param found undefined where the Kustomization's path is in no folder that is open
 */
export function whyDecryptionFails(
  asked: Asked,
  decryption: ClusterDecryption,
  found: readonly SealedFile[] | undefined,
): Diagnosis {
  const files = found ?? [];
  const { secret } = decryption;
  const keys = secret?.keys ?? [];
  const problem = problemOf(asked, decryption);
  const without = secret?.state === 'forbidden' ? 'unknown' : 'no';
  const verdicts = files.map((file) =>
    verdict(asked.cluster, file, keys, problem === undefined ? undefined : without),
  );
  const needsSecret = secret === undefined && verdicts.some(({ opens }) => opens === 'no');
  const named = needsSecret && problem === undefined ? [withoutSecret(asked)] : [];
  const none = files.length === 0 ? [withoutFiles(decryption, found !== undefined)] : [];
  const whole = verdicts.some(({ canBeSealedAnew }) => canBeSealedAnew) ? recipientsIn(keys) : [];
  const notes = [...named, ...(secret === undefined ? [] : notesOn(secret, problem)), ...none, ...whole];
  const inOrder = verdicts.toSorted((a, b) => byOpens.indexOf(a.opens) - byOpens.indexOf(b.opens));
  return { problem, notes, files: inOrder };
}

/** @param verdictForAll where the keys do not matter */
function verdict(
  cluster: string,
  file: SealedFile,
  keys: readonly HeldKey[],
  verdictForAll: Opens | undefined,
): FileVerdict {
  const { path } = file;
  try {
    const found = judgeFile(file, keys);
    if (verdictForAll === undefined) return compared(cluster, path, found, keys);
    const sentence = `${shown(path)} is sealed to ${listed(found.sealedTo)}`;
    return { path, opens: verdictForAll, sentence, canBeSealedAnew: false };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const sentence = `${shown(path)} cannot be read: ${sentenceOf(error)}`;
    return { path, opens: 'unknown', sentence, canBeSealedAnew: false };
  }
}

function compared(
  cluster: string,
  path: string,
  { opens, sealedTo, groups }: FileKeys,
  keys: readonly HeldKey[],
): FileVerdict {
  const file = shown(path);
  if (opens === 'yes') {
    const sentence = `${cluster} can open ${file}, which is sealed to ${listed(sealedTo)}`;
    return { path, opens, sentence, canBeSealedAnew: false };
  }
  const shares =
    groups.count > 1 ? `${groups.needed} of its ${groups.count} key groups are needed, and ` : '';
  if (opens === 'unknown') {
    const sentence = `Whether ${cluster} can open ${file} cannot be told from here: ${shares}it is sealed to ${listed(sealedTo)}, and only the controller can tell what it may do there`;
    return { path, opens, sentence, canBeSealedAnew: false };
  }
  const opened = groups.count > 1 ? `${shares}${groups.opened} can be opened; ` : '';
  const sentence = `${cluster} cannot open ${file}: ${opened}sealed to ${listed(sealedTo)}; the cluster holds ${holdings(keys)}`;
  return { path, opens, sentence, canBeSealedAnew: keys.some(isKnown) };
}

function problemOf({ cluster, object }: Asked, { provider, secret }: ClusterDecryption): string | undefined {
  if (provider === undefined)
    return `${object} in ${cluster} has no spec.decryption with a provider, so Flux decrypts nothing for it: set provider: sops, and name a Secret in secretRef`;
  if (provider !== 'sops')
    return `${object} in ${cluster} says spec.decryption.provider: ${shown(provider)}, and Flux knows sops only: correct it`;
  // Services are opened by the controller's own identity, without a Secret.
  if (secret === undefined) return undefined;
  if (secret.state === 'missing')
    return `The decryption Secret ${nameOf(secret)} is not in ${cluster}: create it with the private key, or correct ${namedBy(secret)}`;
  if (secret.state === 'forbidden')
    return `You may not get secrets ${nameOf(secret)} in ${cluster}, so its keys cannot be compared: ask for the right to get that one Secret, or use another kubeconfig`;
  return problemWith(secret);
}

function problemWith(secret: DecryptionSecret): string | undefined {
  const broken = secret.keys.find((key) => key.kind === 'unusable');
  if (broken !== undefined)
    return `Flux stops at ${shown(broken.name)} in the Secret ${nameOf(secret)}, and decrypts nothing: ${broken.reason}; put a private key there, or remove it`;
  if (secret.keys.some(({ kind }) => kind !== 'passed-over' && kind !== 'inert')) return undefined;
  const [other] = secret.keys;
  if (other?.kind === 'passed-over') return passedOver(secret, other);
  if (other?.kind === 'inert') return inert(other);
  return `The Secret ${nameOf(secret)} has no key that Flux uses: it looks for NAME.agekey, NAME.asc, sops.vault-token, sops.aws-kms, sops.azure-kv and sops.gcp-kms`;
}

/** In full, to be copied into a policy. */
function recipientsIn(keys: readonly HeldKey[]): readonly string[] {
  const recipients = keys.flatMap((key) => (key.kind === 'age' ? key.recipients : []));
  const all = recipients.slice(0, recipientsAtMost).join(', ');
  if (all === '') return [];
  const named = `${recipients.length > 1 ? 'one of ' : ''}${onOneLine(all)}`;
  return [`Files that are to be opened there must be sealed to ${named}, so .sops.yaml must name it`];
}

function passedOver(
  secret: DecryptionSecret,
  { name, holds, recipients }: Extract<HeldKey, { kind: 'passed-over' }>,
): string {
  const key =
    holds === 'pgp'
      ? 'a PGP key'
      : recipients.length === 0
        ? 'an age key'
        : listed(recipients.map(shortName));
  return `Flux passes over ${shown(name)} in the Secret ${nameOf(secret)}, which holds ${key}: its name must end in .${holds === 'age' ? 'agekey' : 'asc'}`;
}

function notesOn(secret: DecryptionSecret, problem: string | undefined): readonly string[] {
  return secret.keys.flatMap((key) => {
    if (key.kind !== 'passed-over' && key.kind !== 'inert') return [];
    const note = key.kind === 'inert' ? inert(key) : passedOver(secret, key);
    return note === problem ? [] : [note];
  });
}

function inert({ name, reason }: Extract<HeldKey, { kind: 'inert' }>): string {
  return `Flux cannot decrypt with ${shown(name)}: ${reason}`;
}

function withoutFiles({ path }: ClusterDecryption, isHere: boolean): string {
  const folder = shown(path === '' ? './' : path);
  return isHere
    ? `No file that SOPS encrypted was found in ${folder}`
    : `No open folder has ${folder}, its spec.path: open the repository it is applied from, to see what its files are sealed to`;
}

function withoutSecret({ cluster, object }: Asked): string {
  return `${object} in ${cluster} names no Secret in spec.decryption.secretRef, and no --sops-age-secret of the controller was found: name the Secret with the private key`;
}

function isKnown(key: HeldKey): boolean {
  if (key.kind === 'age') return key.recipients.length > 0;
  return key.kind === 'pgp' && key.fingerprints.length > 0;
}

/** What keys a cluster has, as sentences call them. */
function holdings(keys: readonly HeldKey[]): string {
  const names = keys.flatMap((key): readonly string[] => {
    if (key.kind === 'age') return key.recipients.map(shortName);
    if (key.kind === 'pgp')
      return [key.fingerprints[0] === undefined ? 'a PGP key' : `PGP ${key.fingerprints[0]}`];
    return key.kind === 'service' ? [`credentials (${shown(key.name)})`] : [];
  });
  return listed([...new Set(names)]);
}

/** As many names as a sentence can bear. */
function listed(names: readonly string[]): string {
  const most = 4;
  if (names.length === 0) return 'no key';
  if (names.length > most)
    return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} others`;
  return names.length === 1 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function nameOf({ namespace, name }: DecryptionSecret): string {
  return shown(`${namespace}/${name}`);
}

function namedBy({ ofController }: DecryptionSecret): string {
  return ofController ? "the controller's --sops-age-secret" : 'spec.decryption.secretRef.name';
}
