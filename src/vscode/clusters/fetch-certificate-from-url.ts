import { l10n, window } from 'vscode';
import { certificateFromUrl, type FetchText } from '../../app/documents/certificate-from-url.ts';
import { shown } from '../../app/sentence.ts';
import { requireTrust } from '../opening.ts';
import { withProgress } from '../progress.ts';
import type { CertificateServices } from './certificate-file.ts';
import { keepCertificate } from './keep-certificate.ts';

/**
 * Fetch Certificate from URL: what a Sealed Secrets controller seals to, where its cluster publishes it, put into the repository.
 * Throws as `certificateFromUrl`.
 */
export async function fetchCertificateFromUrl(
  services: CertificateServices & { readonly fetchText: FetchText },
): Promise<void> {
  requireTrust();
  const asked = await window.showInputBox({
    title: l10n.t('Fetch Certificate from URL'),
    prompt: l10n.t('Where the controller of Sealed Secrets, or whoever runs it, publishes its certificate'),
    placeHolder: 'https://sealed-secrets.example.com/v1/cert.pem',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^\s*https:\/\/[^\s/]/i.test(text) ? undefined : l10n.t('A certificate is fetched from an https URL.'),
  });
  if (asked === undefined) return;
  const certificate = await withProgress(l10n.t('Fetching the certificate…'), (signal) =>
    certificateFromUrl(asked, services.fetchText, new Date(), signal),
  );
  const { hostname, origin } = new URL(asked.trim());
  const question = (file: string) =>
    l10n.t('Put the certificate that {0} publishes into {1}?', shown(hostname), file);
  await keepCertificate(
    certificate,
    { question, title: hostname, server: origin, insecure: false },
    services,
  );
}
