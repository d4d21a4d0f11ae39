import type { ErrorCode } from '../../core/errors.ts';
import { onOneLine, type SentencesOf, shown } from '../sentence.ts';

type StoredCode = Extract<
  ErrorCode,
  | `stored.${string}`
  | `snapshot.${string}`
  | `configuration.${string}`
  | `rotation.${string}`
  | `kkp.${string}`
>;

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
  'stored.no-configuration': ({ provider, keyName }) => ({
    wrong: `this value of etcd was written with the ${provider} key ${shown(keyName)}`,
    todo: 'name the EncryptionConfiguration that holds that key',
  }),
  'stored.absent': ({ etcdKey }) => ({
    wrong:
      etcdKey === undefined
        ? 'there is no value of etcd in it'
        : `there is no value of etcd in it that stands under ${shown(etcdKey)}`,
    todo: 'give the raw bytes of one value, or what etcdctl get -w json prints',
  }),
  'stored.several': ({ count }) => ({
    wrong: `there are ${count} values of etcd in it`,
    todo: 'say which one by its path in etcd',
  }),
  'stored.kms': ({ name, version }) => ({
    wrong: `this value of etcd was encrypted through the KMS ${shown(name)} (${version}), which alone can open it`,
    todo: 'read the object through the API server',
  }),
  'snapshot.malformed': ({ reason }) => ({
    wrong: `this is no etcd snapshot that can be read: ${shown(reason)}`,
    todo: 'give the file as etcdctl snapshot save wrote it, or take another',
  }),
  'snapshot.altered': () => ({
    wrong: 'this etcd snapshot is not as it was saved: its SHA-256 does not match',
    todo: 'copy it again, or take another with etcdctl snapshot save',
  }),
  'configuration.unreadable': ({ reason }) => ({
    wrong: `this is no EncryptionConfiguration that can be read: ${onOneLine(reason)}`,
    todo: 'correct it, or name another file',
  }),
  'configuration.keys-stay-clear': ({ by }) => ({
    wrong: `by the creation rule of ${shown(by)} the keys would stay in the clear, and nothing was written`,
    todo: 'let its encrypted_regex match secret, or choose another rule for this file',
  }),
  'configuration.in-repository': () => ({
    wrong: 'this place is in a git repository, where a key in the clear must not be',
    todo: 'choose a folder outside of it, or have the file encrypted',
  }),
  'configuration.no-keys': () => ({
    wrong: 'this is no EncryptionConfiguration with keys in the clear',
    todo: 'open one that kube-apiserver reads as a file of its own',
  }),
  'kkp.refused': ({ reason, todo }) => ({ wrong: onOneLine(reason), todo }),
  'rotation.refused': ({ reason }) => ({
    wrong: `that is not to be done in this rotation now: ${onOneLine(reason)}`,
    todo: 'go by its checklist',
  }),
};
