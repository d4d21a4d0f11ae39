import { l10n } from 'vscode';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { CertificateServices } from './certificate-file.ts';
import { inCluster } from './in-cluster.ts';
import { keepCertificate } from './keep-certificate.ts';
import { dayOf } from './row-words.ts';
import type { RowFinder } from './rows.ts';

/** Fetch Certificate: what a Sealed Secrets controller seals to, put into the repository. Throws `certificate.expired`. */
export async function fetchCertificate(
  argument: unknown,
  services: CertificateServices & { readonly clustersView: RowFinder },
): Promise<void> {
  requireTrust();
  const row = services.clustersView.rowOf(argument);
  if (row?.row !== 'controller') return;
  const { cluster, controller } = row;
  const name = shown(`${controller.namespace}/${controller.name}`);
  const title = plainMessage(l10n.t('Fetching the certificate of {0} in {1}…', name, cluster.title));
  const { certificate, session } = await inCluster(cluster, (session) =>
    withProgress(title, async (signal) => ({
      certificate: await session.fetchCertificate(controller, signal),
      session,
    })),
  );
  if (!(certificate.validTo > new Date()))
    throw new Failure('certificate.expired', { ref: name, on: dayOf(certificate.validTo) }).at({
      cluster: cluster.title,
    });
  const { server, insecure } = session;
  const question = (file: string) =>
    l10n.t('Put the certificate of {0} in {1} into {2}?', name, cluster.title, file);
  await keepCertificate(certificate, { question, title: cluster.title, server, insecure }, services);
}
