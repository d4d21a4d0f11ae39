import type { ErrorCode, SopsMacCause } from '../core/errors.ts';
import { type Sentence, type SentencesOf, shown } from './sentence.ts';

/** SOPS' own tools say `MAC mismatch` to all of these. */
const macSentences: Readonly<Record<SopsMacCause, Sentence>> = {
  'no-mac': {
    wrong: 'this SOPS file has no MAC, so nothing shows whether it was altered',
    todo: 'compare it with version control, then encrypt it again',
  },
  lastmodified: {
    wrong: 'the MAC of this SOPS file does not open: mac or lastmodified was edited by hand or merged',
    todo: 'restore both from version control, from one version',
  },
  'list-comments': {
    wrong: 'the MAC of this SOPS file covers the comments in its lists, an error of SOPS 3.13.2',
    todo: 'encrypt it again with SOPS 3.13.3 or newer, or with Purser',
  },
  'mac-only-encrypted': {
    wrong: 'the MAC of this SOPS file does not match: mac_only_encrypted was added or removed by hand',
    todo: 'put it back as it was, or encrypt the file again',
  },
  documents: {
    wrong:
      'the MAC of this SOPS file does not match: its documents were put into another order, split or joined',
    todo: 'put them back as they were, or encrypt the file again',
  },
  'clear-value': {
    wrong:
      'the MAC of this SOPS file does not match, most likely because a value that is not encrypted was edited by hand',
    todo: 'compare it with version control, and set the value with Purser or sops',
  },
  values: {
    wrong:
      'the MAC of this SOPS file does not match: values were added, removed, restored or put into another order by hand',
    todo: 'compare it with version control, then encrypt it again',
  },
};

type DocumentCode = Extract<ErrorCode, `sops.${string}` | `sealing.${string}` | 'certificate.expired'>;

/** What is said of formats that seal whole documents. */
export const documentSentences: SentencesOf<DocumentCode> = {
  'certificate.expired': ({ ref, on }) => ({
    wrong: `the certificate of ${shown(ref)} expired on ${on}`,
    todo: 'have the controller make a new sealing key first',
  }),
  'sealing.unplaced': ({ missing }) => ({
    wrong: `this Secret has no ${missing} that it could be sealed for`,
    todo:
      missing === 'name'
        ? 'give it one in its metadata'
        : 'state it in its metadata, or seal it cluster-wide',
  }),
  'sealing.empty': () => ({
    wrong: 'this Secret has no values to seal',
    todo: 'add one first',
  }),
  'sops.unreadable': ({ reason }) => ({
    wrong: `SOPS would not read this file: ${shown(reason)}`,
    todo: 'correct it, or restore it from version control',
  }),
  'sops.clear-value': () => ({
    wrong: "this file's SOPS rule says that this value is encrypted, but it stands in the clear",
    todo: 'set it again with Purser, and change the secret if anybody else could read it',
  }),
  'sops.mac-mismatch': ({ cause }) => macSentences[cause],
  'sops.encrypted-already': () => ({
    wrong: 'this file is encrypted with SOPS already, or has a key called sops at its top',
    todo: 'set its values one by one, or rename that key',
  }),
  'sops.nothing-selected': ({ rule }) => ({
    wrong: `the rule ${shown(rule)} matches no value of this file, so nothing would be encrypted`,
    todo: 'correct the rule in .sops.yaml, or the names in the file',
  }),
};
