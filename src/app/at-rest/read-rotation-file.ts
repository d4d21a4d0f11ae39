import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { configurationHash } from '../../crypto/at-rest/configuration-hash.ts';
import { leastFar, type RotationPlan } from '../../manifest/at-rest/arrangement.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { keyBytes } from '../../manifest/at-rest/key-bytes.ts';
import { readConfiguration } from '../../manifest/at-rest/read-configuration.ts';
import { readersOf } from '../../manifest/at-rest/readers.ts';
import { decodeFile } from '../../manifest/file-text.ts';
import { tellDocument } from '../../manifest/parse.ts';
import type { KeyMarks, RotationFile } from './kept-rotation.ts';
import { rotatedResources } from './rotation-proof.ts';

/** An EncryptionConfiguration that was read, and what a rotation keeps of it. */
export interface ReadRotationFile {
  readonly text: string;
  readonly configuration: EncryptionConfiguration;
  readonly file: RotationFile;
}

/**
 * Reads the file of a rotation, as API servers get it: where it is sealed, what is in it.
 * @throws Failure `configuration.unreadable` where kube-apiserver does not read it, and what `decodeFile` throws
 */
export function readRotationFile(bytes: Uint8Array, plan: RotationPlan): ReadRotationFile {
  const { text } = decodeFile(bytes);
  const configuration = configurationIn(bytes);
  const readsPlaintext = configuration.resources.every(({ providers }) =>
    readersOf(providers.items).some(({ id }) => id === 'identity'),
  );
  const hash = configurationHash(bytes);
  const marks = marksIn(configuration, plan);
  const arrangement = leastFar(configuration, plan);
  const resources = rotatedResources(configuration, plan);
  return { text, configuration, file: { hash, arrangement, resources, readsPlaintext, marks } };
}

/** As many hex digits as tell two keys apart, and give none away. */
const markDigits = 8;

function marksIn({ resources }: EncryptionConfiguration, { from, to }: RotationPlan): KeyMarks {
  const readers = resources.flatMap(({ providers }) => readersOf(providers.items));
  const markOf = (wanted: string) => {
    const secrets = readers.flatMap(({ id, secret }) =>
      id === wanted && secret !== undefined ? [secret] : [],
    );
    const [first] = secrets.map((text) => keyBytes({ start: 0, end: 0, text }));
    return first && configurationHash(first.expose()).slice('sha256:'.length).slice(0, markDigits);
  };
  return { from: markOf(from), to: markOf(to) };
}

/**
 * What a file is to kube-apiserver. All of it must be right: an API server that does not start reads nothing.
 * @throws Failure `configuration.unreadable`, and what `decodeFile` throws
 */
export function configurationIn(bytes: Uint8Array): EncryptionConfiguration {
  const { configuration, errors } = readConfiguration(decodeFile(bytes).text, tellDocument);
  const [error] = errors;
  if (configuration !== undefined && error === undefined) return configuration;
  throw new Failure('configuration.unreadable', { reason: error?.message ?? l10n.t('it is empty') });
}
