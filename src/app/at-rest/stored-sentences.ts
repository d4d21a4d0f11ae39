import type { ErrorCode } from '../../core/errors.ts';
import { type SentencesOf, shown } from '../sentence.ts';

type StoredCode = Extract<ErrorCode, `stored.${string}` | `snapshot.${string}`>;

/** What is said of values as etcd holds them, and of files of etcd. */
export const storedSentences: SentencesOf<StoredCode> = {
  'stored.malformed': ({ provider, reason }) => ({
    wrong: `this value of etcd (${shown(provider)}) is damaged: ${shown(reason)}`,
    todo: 'read it from etcd again, as the raw bytes of one value',
  }),
  'stored.unknown-provider': ({ provider }) => ({
    wrong: `this value of etcd was written by a provider that Purser does not know (${shown(provider)})`,
    todo: 'check that these are the raw bytes of one value, or use a newer version',
  }),
  'stored.key-missing': ({ provider, keyName }) => ({
    wrong: `this value of etcd was written with the ${provider} key ${shown(keyName)}, which the configuration does not have`,
    todo: 'name the EncryptionConfiguration that was in use when it was written',
  }),
  'stored.not-opened': ({ provider, keyName, etcdKey }) => ({
    wrong:
      provider === 'aesgcm'
        ? `the aesgcm key ${shown(keyName)} does not open this value of etcd as that of ${shown(etcdKey)}`
        : `the ${provider} key ${shown(keyName)} does not open this value of etcd`,
    todo:
      provider === 'aesgcm'
        ? 'check the path in etcd, its prefix included, and whether another key once had this name'
        : 'check that the value is whole, and whether another key once had this name',
  }),
  'stored.kms': ({ name, version }) => ({
    wrong: `this value of etcd was encrypted through the KMS ${shown(name)} (${version}), which alone can open it`,
    todo: 'read the object through the API server',
  }),
  'snapshot.malformed': ({ reason }) => ({
    wrong: `this is no etcd snapshot that can be read: ${shown(reason)}`,
    todo: 'take another with etcdctl snapshot save',
  }),
  'snapshot.altered': () => ({
    wrong: 'this etcd snapshot is not as it was saved: its SHA-256 does not match',
    todo: 'copy it again, or take another with etcdctl snapshot save',
  }),
};
