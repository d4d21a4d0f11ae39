import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { sentenceOf } from '../messages.ts';
import { onOneLine, shown } from '../sentence.ts';
import type { ClusterDecryption, HeldKey } from './decryption.ts';
import { type Asked, notesOn, problemOf } from './decryption-problem.ts';
import { holdings, listed } from './key-names.ts';
import { byOpens, type FileKeys, judgeFile, type Opens, type SealedFile } from './why-file.ts';

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
    const sentence = l10n.t('{0} is sealed to {1}', shown(path), listed(found.sealedTo));
    return { path, opens: verdictForAll, sentence, canBeSealedAnew: false };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const sentence = l10n.t('{0} cannot be read: {1}', shown(path), sentenceOf(error));
    return { path, opens: 'unknown', sentence, canBeSealedAnew: false };
  }
}

function compared(cluster: string, path: string, found: FileKeys, keys: readonly HeldKey[]): FileVerdict {
  const { opens } = found;
  const canBeSealedAnew = opens === 'no' && keys.some(isKnown);
  if (opens === 'yes') {
    const sentence = l10n.t(
      '{0} can open {1}, which is sealed to {2}',
      cluster,
      shown(path),
      listed(found.sealedTo),
    );
    return { path, opens, sentence, canBeSealedAnew };
  }
  const sentence = opens === 'unknown' ? undecided(cluster, path, found) : closed(cluster, path, found, keys);
  return { path, opens, sentence, canBeSealedAnew };
}

function undecided(cluster: string, path: string, { sealedTo, groups }: FileKeys): string {
  const file = shown(path);
  return groups.count > 1
    ? l10n.t(
        'Whether {0} can open {1} cannot be told from here: {2} of its {3} key groups are needed, and it is sealed to {4}, and only the controller can tell what it may do there',
        cluster,
        file,
        groups.needed,
        groups.count,
        listed(sealedTo),
      )
    : l10n.t(
        'Whether {0} can open {1} cannot be told from here: it is sealed to {2}, and only the controller can tell what it may do there',
        cluster,
        file,
        listed(sealedTo),
      );
}

function closed(
  cluster: string,
  path: string,
  { sealedTo, groups }: FileKeys,
  keys: readonly HeldKey[],
): string {
  const file = shown(path);
  return groups.count > 1
    ? l10n.t(
        '{0} cannot open {1}: {2} of its {3} key groups are needed, and {4} can be opened; sealed to {5}; the cluster holds {6}',
        cluster,
        file,
        groups.needed,
        groups.count,
        groups.opened,
        listed(sealedTo),
        holdings(keys),
      )
    : l10n.t(
        '{0} cannot open {1}: sealed to {2}; the cluster holds {3}',
        cluster,
        file,
        listed(sealedTo),
        holdings(keys),
      );
}

/** In full, to be copied into a policy. */
function recipientsIn(keys: readonly HeldKey[]): readonly string[] {
  const recipients = keys.flatMap((key) => (key.kind === 'age' ? key.recipients : []));
  const all = recipients.slice(0, recipientsAtMost).join(', ');
  if (all === '') return [];
  return [
    recipients.length > 1
      ? l10n.t(
          'Files that are to be opened there must be sealed to one of {0}, so .sops.yaml must name it',
          onOneLine(all),
        )
      : l10n.t(
          'Files that are to be opened there must be sealed to {0}, so .sops.yaml must name it',
          onOneLine(all),
        ),
  ];
}

function withoutFiles({ path }: ClusterDecryption, isHere: boolean): string {
  const folder = shown(path === '' ? './' : path);
  return isHere
    ? l10n.t('No file that SOPS encrypted was found in {0}', folder)
    : l10n.t(
        'No open folder has {0}, its spec.path: open the repository it is applied from, to see what its files are sealed to',
        folder,
      );
}

function withoutSecret({ cluster, object }: Asked): string {
  return l10n.t(
    '{0} in {1} names no Secret in spec.decryption.secretRef, and no --sops-age-secret of the controller was found: name the Secret with the private key',
    object,
    cluster,
  );
}

function isKnown(key: HeldKey): boolean {
  if (key.kind === 'age') return key.recipients.length > 0;
  return key.kind === 'pgp' && key.fingerprints.length > 0;
}
