import type { PhaseReason } from './phase.ts';

/** What each reason means, as the end of "Encryption at rest is …: ". The resource's name is put in by whoever shows it. */
export const phaseSentences: Readonly<Record<PhaseReason, string>> = {
  'no-configuration': 'this API server runs without an encryption configuration',
  'identity-writes': 'they are written in plaintext (identity comes first)',
  'still-decrypting': 'they are written in plaintext, and encrypted ones were still read',
  'plaintext-read': 'a key writes them, but plaintext was read since this API server started',
  'other-key-read': 'one key writes them, but what another key wrote was read since this API server started',
  'several-writers':
    'more than one key wrote them since this API server started, because the configuration was changed in between',
  'other-key-wrote':
    'another key wrote them since this API server started than the one that its configuration has write now',
  'one-writer':
    'one key writes them, and nothing else was read by this API server since it started; other API servers, and what nobody read, are not seen',
  'nothing-written': 'this API server has written none since it started, so which key writes is not seen',
  'nothing-recorded':
    'this API server has read and written none since it started, or its configuration leaves them out',
  'reads-failed': 'some attempts to decrypt failed',
  'resources-mixed':
    'what was read and written may be of other resources, which this version of Kubernetes does not tell apart',
  'page-cut': 'the page of metrics is longer than what is read of one',
  'no-api-server': 'what answered has no metrics of an API server',
  'no-right': 'the right to get the non-resource URL /metrics is missing',
  'not-answered': 'this API server did not answer',
};
