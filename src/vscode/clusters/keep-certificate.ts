import { l10n, window } from 'vscode';
import type { Certificate } from '../../app/clusters/cluster-session.ts';
import { sameFingerprint } from '../../app/sealing-key.ts';
import { shown } from '../../app/sentence.ts';
import { plainMessage } from '../plain-text.ts';
import {
  askCertificateFile,
  type CertificateFile,
  type CertificateServices,
  writeCertificate,
} from './certificate-file.ts';
import { certificateRule, movePins, offerNext, otherPins } from './certificate-rule.ts';
import { dayOf } from './row-words.ts';

const day = 24 * 60 * 60 * 1000;
/** Controllers make a new key that often unless told otherwise. */
const renewedAfter = 30 * day;

/** Where a certificate comes from. */
export interface CertificateOrigin {
  /** Asks whether to put it into a file, and says whose it is. */
  readonly question: (file: string) => string;
  /** What its file is called after. */
  readonly title: string;
  readonly server: string;
  /** Nobody checked that it is this server. */
  readonly insecure: boolean;
}

/**
 * Puts a certificate into the repository. The person sees whose it is, and what it takes the place of, before anything is
 * written; with that it is accepted. What comes next is offered.
 */
export async function keepCertificate(
  certificate: Certificate,
  origin: CertificateOrigin,
  services: CertificateServices,
): Promise<void> {
  const file = await askCertificateFile(origin.title, services);
  if (file === undefined) return;
  if (file.before?.fingerprint === certificate.fingerprint && file.before.pem === certificate.pem) {
    void window.showInformationMessage(
      plainMessage(l10n.t('{0} is this very certificate already.', file.shown)),
    );
    return;
  }
  const rule = await certificateRule(file, services);
  const detail = detailOf(certificate, file, origin, new Date());
  const movesPins = otherPins(rule, certificate).length > 0;
  const pinned = movesPins ? ['', l10n.t('.purser.yaml will pin this one.')] : [];
  if (!(await confirm(origin.question(file.shown), [...detail, ...pinned]))) return;
  await writeCertificate(file, certificate, services);
  await movePins(rule, certificate, services);
  await offerNext(file, certificate, rule, services);
}

async function confirm(question: string, lines: readonly string[]): Promise<boolean> {
  const accept = l10n.t('Accept Certificate');
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, accept)) === accept;
}

function detailOf(
  { subject, validFrom, validTo, fingerprint }: Certificate,
  { before }: CertificateFile,
  { server, insecure }: CertificateOrigin,
  now: Date,
): string[] {
  const isOther = before !== undefined && !sameFingerprint(before.fingerprint, fingerprint);
  const age = now.getTime() - validFrom.getTime();
  return [
    ...(isOther ? [l10n.t('Before: {0}', before.fingerprint)] : []),
    isOther ? l10n.t('Now: {0}', fingerprint) : l10n.t('Fingerprint: {0}', fingerprint),
    subject === '' ? l10n.t('Subject: none') : l10n.t('Subject: {0}', shown(subject)),
    l10n.t('Valid: {0} to {1}', dayOf(validFrom), dayOf(validTo)),
    insecure
      ? l10n.t('From: {0}, whose own certificate nobody checks', shown(server))
      : l10n.t('From: {0}', shown(server)),
    ...(age < 0 ? [l10n.t('It is not valid yet.')] : []),
    ...(age > renewedAfter
      ? [l10n.t('It is {0} days old: the controller may have a newer key by now.', Math.floor(age / day))]
      : []),
    '',
    l10n.t(
      "Whoever has the private half of this key can read what you seal. Compare the fingerprint with its owner's.",
    ),
  ];
}
