import { window } from 'vscode';
import type { Certificate, ClusterSession } from '../../app/clusters/cluster-session.ts';
import { sameFingerprint } from '../../app/sealing-key.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import {
  askCertificateFile,
  type CertificateFile,
  type CertificateServices,
  writeCertificate,
} from './certificate-file.ts';
import { inCluster } from './in-cluster.ts';
import { dayOf } from './row-words.ts';
import type { RowFinder } from './rows.ts';

const day = 24 * 60 * 60 * 1000;
/** Controllers make a new key that often unless told otherwise. */
const renewedAfter = 30 * day;

/**
 * Fetch Certificate: what a Sealed Secrets controller seals to, put into the repository. The person sees whose it is, and
 * what it takes the place of, before anything is written; with that it is accepted. Throws `certificate.expired`.
 */
export async function fetchCertificate(
  argument: unknown,
  services: CertificateServices & { readonly clustersView: RowFinder },
): Promise<void> {
  requireTrust();
  const row = services.clustersView.rowOf(argument);
  if (row?.row !== 'controller') return;
  const { cluster, controller } = row;
  const name = shown(`${controller.namespace}/${controller.name}`);
  const title = plainMessage(`Fetching the certificate of ${name} in ${cluster.title}…`);
  const { certificate, session } = await inCluster(cluster, (session) =>
    withProgress(title, async (signal) => ({
      certificate: await session.fetchCertificate(controller, signal),
      session,
    })),
  );
  const now = new Date();
  if (!(certificate.validTo > now))
    throw new Failure('certificate.expired', { ref: name, on: dayOf(certificate.validTo) }).at({
      cluster: cluster.title,
    });
  const file = await askCertificateFile(cluster.title, services);
  if (file === undefined) return;
  if (file.before?.fingerprint === certificate.fingerprint && file.before.pem === certificate.pem) {
    void window.showInformationMessage(plainMessage(`${file.shown} is this very certificate already.`));
    return;
  }
  const question = `Put the certificate of ${name} in ${cluster.title} into ${file.shown}?`;
  if (!(await confirm(question, detailOf(certificate, file, session, now)))) return;
  await writeCertificate(file, certificate, services);
  void window.showInformationMessage(
    plainMessage(`${file.shown} is written. Commit it, and seal with: kubeseal --cert ${file.shown}`),
  );
}

async function confirm(question: string, lines: readonly string[]): Promise<boolean> {
  const accept = 'Accept Certificate';
  const options = { modal: true, detail: lines.join('\n') };
  return (await window.showWarningMessage(question, options, accept)) === accept;
}

function detailOf(
  { subject, validFrom, validTo, fingerprint }: Certificate,
  { before }: CertificateFile,
  { server, insecure }: ClusterSession,
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
