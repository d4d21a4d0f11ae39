import { shownUtf8 } from '../../core/bytes.ts';
import { Failure } from '../../core/errors.ts';
import { protobufFields } from './protobuf.ts';

/** What a value that a KMS sealed tells without that KMS. */
export type KmsEnvelope =
  | {
      readonly version: 'v1';
      /** Of the encrypted data key, in bytes. */
      readonly dekBytes: number;
      readonly ciphertextBytes: number;
    }
  | {
      readonly version: 'v2';
      /** As the KMS calls the key that encrypted the data key. */
      readonly keyId: string;
      /** Whether what is encrypted is the data key itself, or the seed that data keys are made from. */
      readonly dekSource: 'key' | 'seed' | 'unknown';
      readonly dekBytes: number;
      readonly ciphertextBytes: number;
      /** Names of what the KMS added; their values are its own affair. */
      readonly annotations: readonly string[];
    };

const longestKeyId = 1024;
const longestDek = 1024;

/**
 * Reads what is not encrypted of a KMS' payload: kms v1 puts the length of the data key before it, kms v2 is a message
 * (k8s.io/apiserver, encrypt/envelope/envelope.go and kmsv2/v2/api.proto).
 * @throws Failure `stored.malformed`
 */
export function readKmsEnvelope(version: 'v1' | 'v2', payload: Uint8Array): KmsEnvelope {
  return version === 'v1' ? readV1(payload) : readV2(payload);
}

function readV1(payload: Uint8Array): KmsEnvelope {
  const [high, low] = payload;
  if (high === undefined || low === undefined) throw malformed('v1', 'it is cut short');
  const dekBytes = high * 256 + low;
  const ciphertextBytes = payload.byteLength - 2 - dekBytes;
  if (ciphertextBytes <= 0) throw malformed('v1', 'it ends within its data key');
  return { version: 'v1', dekBytes, ciphertextBytes };
}

function readV2(payload: Uint8Array): KmsEnvelope {
  let keyId = '';
  let [dekBytes, ciphertextBytes, source] = [0, 0, 0];
  const annotations: string[] = [];
  const failure = malformed('v2', 'it is not the message that it should be');
  for (const { number, varint, bytes } of protobufFields(payload, failure)) {
    if (number === 1) ciphertextBytes = bytes.byteLength;
    else if (number === 2) keyId = shownUtf8(bytes.subarray(0, longestKeyId));
    else if (number === 3) dekBytes = bytes.byteLength;
    else if (number === 4) annotations.push(keyOfEntry(bytes, failure));
    else if (number === 5) source = varint;
  }
  if (ciphertextBytes === 0) throw malformed('v2', 'it holds no ciphertext');
  if (keyId === '') throw malformed('v2', 'it does not name a key');
  if (dekBytes === 0 || dekBytes > longestDek) throw malformed('v2', 'its data key has an impossible length');
  const dekSource = source === 0 ? 'key' : source === 1 ? 'seed' : 'unknown';
  return { version: 'v2', keyId, dekSource, dekBytes, ciphertextBytes, annotations };
}

/** The key of one entry of a `map<string, bytes>`. */
function keyOfEntry(entry: Uint8Array, failure: Error): string {
  let key = '';
  for (const { number, bytes } of protobufFields(entry, failure)) if (number === 1) key = shownUtf8(bytes);
  return key;
}

function malformed(version: 'v1' | 'v2', reason: string): Failure<'stored.malformed'> {
  return new Failure('stored.malformed', { provider: `kms ${version}`, reason });
}
