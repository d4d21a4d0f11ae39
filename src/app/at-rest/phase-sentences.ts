import * as l10n from '@vscode/l10n';
import type { PhaseReason } from './phase.ts';

/**
 * What each reason means, as the end of "Encryption at rest is …: ". The resource's name is put in by whoever shows it. It is
 * translated when it is read.
 */
export const phaseSentences: Readonly<Record<PhaseReason, string>> = {
  get 'no-configuration'() {
    return l10n.t('this API server runs without an encryption configuration');
  },
  get 'identity-writes'() {
    return l10n.t('they are written in plaintext (identity comes first)');
  },
  get 'still-decrypting'() {
    return l10n.t('they are written in plaintext, and encrypted ones were still read');
  },
  get 'plaintext-read'() {
    return l10n.t('a key writes them, but plaintext was read since this API server started');
  },
  get 'other-key-read'() {
    return l10n.t('one key writes them, but what another key wrote was read since this API server started');
  },
  get 'several-writers'() {
    return l10n.t(
      'more than one key wrote them since this API server started, because the configuration was changed in between',
    );
  },
  get 'other-key-wrote'() {
    return l10n.t(
      'another key wrote them since this API server started than the one that its configuration has write now',
    );
  },
  get 'one-writer'() {
    return l10n.t(
      'one key writes them, and nothing else was read by this API server since it started; other API servers, and what nobody read, are not seen',
    );
  },
  get 'nothing-written'() {
    return l10n.t('this API server has written none since it started, so which key writes is not seen');
  },
  get 'nothing-recorded'() {
    return l10n.t(
      'this API server has read and written none since it started, or its configuration leaves them out',
    );
  },
  get 'reads-failed'() {
    return l10n.t('some attempts to decrypt failed');
  },
  get 'resources-mixed'() {
    return l10n.t(
      'what was read and written may be of other resources, which this version of Kubernetes does not tell apart',
    );
  },
  get 'page-cut'() {
    return l10n.t('the page of metrics is longer than what is read of one');
  },
  get 'no-api-server'() {
    return l10n.t('what answered has no metrics of an API server');
  },
  get 'no-right'() {
    return l10n.t('the right to get the non-resource URL /metrics is missing');
  },
  get 'not-answered'() {
    return l10n.t('this API server did not answer');
  },
};
