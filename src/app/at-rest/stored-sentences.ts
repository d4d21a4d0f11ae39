import * as l10n from '@vscode/l10n';
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
    wrong: l10n.t('this value of etcd ({0}) is damaged: {1}', shown(provider), shown(reason)),
    todo: l10n.t('read it from etcd again, as the raw bytes of one value'),
  }),
  'stored.unknown-provider': ({ provider }) => ({
    wrong: l10n.t(
      'this value of etcd was written by a provider that Purser does not know ({0})',
      shown(provider),
    ),
    todo: l10n.t('check that these are the raw bytes of one value, or use a newer version'),
  }),
  'stored.key-missing': ({ provider, keyName }) => ({
    wrong: l10n.t(
      'this value of etcd was written with the {0} key {1}, which the configuration does not have',
      provider,
      shown(keyName),
    ),
    todo: l10n.t('name the EncryptionConfiguration that was in use when it was written'),
  }),
  'stored.not-opened': ({ provider, keyName, etcdKey }) =>
    provider === 'aesgcm'
      ? {
          wrong: l10n.t(
            'the aesgcm key {0} does not open this value of etcd as that of {1}',
            shown(keyName),
            shown(etcdKey),
          ),
          todo: l10n.t(
            'check the path in etcd, its prefix included, and whether another key once had this name',
          ),
        }
      : {
          wrong: l10n.t('the {0} key {1} does not open this value of etcd', provider, shown(keyName)),
          todo: l10n.t('check that the value is whole, and whether another key once had this name'),
        },
  'stored.no-configuration': ({ provider, keyName }) => ({
    wrong: l10n.t('this value of etcd was written with the {0} key {1}', provider, shown(keyName)),
    todo: l10n.t('name the EncryptionConfiguration that holds that key'),
  }),
  'stored.absent': ({ etcdKey }) => ({
    wrong:
      etcdKey === undefined
        ? l10n.t('there is no value of etcd in it')
        : l10n.t('there is no value of etcd in it that stands under {0}', shown(etcdKey)),
    todo: l10n.t('give the raw bytes of one value, or what etcdctl get -w json prints'),
  }),
  'stored.several': ({ count }) => ({
    wrong: l10n.t('there are {0} values of etcd in it', count),
    todo: l10n.t('say which one by its path in etcd'),
  }),
  'stored.kms': ({ name, version }) => ({
    wrong: l10n.t(
      'this value of etcd was encrypted through the KMS {0} ({1}), which alone can open it',
      shown(name),
      version,
    ),
    todo: l10n.t('read the object through the API server'),
  }),
  'snapshot.malformed': ({ reason }) => ({
    wrong: l10n.t('this is no etcd snapshot that can be read: {0}', shown(reason)),
    todo: l10n.t('give the file as etcdctl snapshot save wrote it, or take another'),
  }),
  'snapshot.altered': () => ({
    wrong: l10n.t('this etcd snapshot is not as it was saved: its SHA-256 does not match'),
    todo: l10n.t('copy it again, or take another with etcdctl snapshot save'),
  }),
  'configuration.unreadable': ({ reason }) => ({
    wrong: l10n.t('this is no EncryptionConfiguration that can be read: {0}', onOneLine(reason)),
    todo: l10n.t('correct it, or name another file'),
  }),
  'configuration.keys-stay-clear': ({ by }) => ({
    wrong: l10n.t(
      'by the creation rule of {0} the keys would stay in the clear, and nothing was written',
      shown(by),
    ),
    todo: l10n.t('let its encrypted_regex match secret, or choose another rule for this file'),
  }),
  'configuration.in-repository': () => ({
    wrong: l10n.t('this place is in a git repository, where a key in the clear must not be'),
    todo: l10n.t('choose a folder outside of it, or have the file encrypted'),
  }),
  'configuration.no-keys': () => ({
    wrong: l10n.t('this is no EncryptionConfiguration with keys in the clear'),
    todo: l10n.t('open one that kube-apiserver reads as a file of its own'),
  }),
  'kkp.refused': ({ reason, todo }) => ({ wrong: onOneLine(reason), todo }),
  'rotation.refused': ({ reason }) => ({
    wrong: l10n.t('that is not to be done in this rotation now: {0}', onOneLine(reason)),
    todo: l10n.t('go by its checklist'),
  }),
};
