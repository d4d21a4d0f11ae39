import { window } from 'vscode';
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
    title: 'Fetch Certificate from URL',
    prompt: 'Where the controller of Sealed Secrets, or whoever runs it, publishes its certificate',
    placeHolder: 'https://sealed-secrets.example.com/v1/cert.pem',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^\s*https:\/\/[^\s/]/i.test(text) ? undefined : 'A certificate is fetched from an https URL.',
  });
  if (asked === undefined) return;
  const certificate = await withProgress('Fetching the certificate…', (signal) =>
    certificateFromUrl(asked, services.fetchText, new Date(), signal),
  );
  const { hostname, origin } = new URL(asked.trim());
  const what = `the certificate that ${shown(hostname)} publishes`;
  await keepCertificate(certificate, { what, title: hostname, server: origin, insecure: false }, services);
}
