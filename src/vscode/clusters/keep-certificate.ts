import { window } from 'vscode';
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

/** Where a certificate comes from, as questions say it. */
export interface CertificateOrigin {
  /** `the certificate of kube-system/sealed-secrets in prod`. */
  readonly what: string;
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
    void window.showInformationMessage(plainMessage(`${file.shown} is this very certificate already.`));
    return;
  }
  const rule = await certificateRule(file, services);
  const detail = detailOf(certificate, file, origin, new Date());
  const pinned = otherPins(rule, certificate).length === 0 ? [] : ['', '.purser.yaml will pin this one.'];
  if (!(await confirm(`Put ${origin.what} into ${file.shown}?`, [...detail, ...pinned]))) return;
  await writeCertificate(file, certificate, services);
  await movePins(rule, certificate, services);
  await offerNext(file, certificate, rule, services);
}

async function confirm(question: string, lines: readonly string[]): Promise<boolean> {
  const accept = 'Accept Certificate';
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
    ...(isOther ? [`Before: ${before.fingerprint}`] : []),
    `${isOther ? 'Now' : 'Fingerprint'}: ${fingerprint}`,
    `Subject: ${subject === '' ? 'none' : shown(subject)}`,
    `Valid: ${dayOf(validFrom)} to ${dayOf(validTo)}`,
    `From: ${shown(server)}${insecure ? ', whose own certificate nobody checks' : ''}`,
    ...(age < 0 ? ['It is not valid yet.'] : []),
    ...(age > renewedAfter
      ? [`It is ${Math.floor(age / day)} days old: the controller may have a newer key by now.`]
      : []),
    '',
    "Whoever has the private half of this key can read what you seal. Compare the fingerprint with its owner's.",
  ];
}
