import { Failure } from '../../core/errors.ts';
import type { SealingCertificate } from '../../crypto/x509.ts';

/** Gets what stands at an https URL as text. Throws `sealing.unreachable`, and the signal's reason. */
export type FetchText = (url: URL, signal: AbortSignal) => Promise<string>;

/**
 * The certificate that stands at a URL: where clusters publish it for those who may not ask them. The person decides whether it is
 * the right one, by its fingerprint, before it is put into a repository.
 * @throws Failure `usage` for what is no https URL, `sealing.unreachable`, `key.unusable`, `certificate.expired`
 */
export async function certificateFromUrl(
  text: string,
  fetchText: FetchText,
  now: Date,
  signal: AbortSignal,
): Promise<SealingCertificate> {
  const url = httpsUrl(text);
  const { readSealingCertificate, requireUnexpired } = await import('../../crypto/x509.ts');
  const shown = `${url.origin}${url.pathname}`;
  const bytes = new TextEncoder().encode(await fetchText(url, signal));
  const certificate = readSealingCertificate(bytes, shown);
  requireUnexpired(certificate, shown, now);
  return certificate;
}

/** What comes over http anybody on the way could have put there. Names and passwords in URLs end up in logs. */
function httpsUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url?.protocol !== 'https:')
    throw new Failure('usage', { reason: 'a certificate is fetched from an https URL' });
  if (url.username !== '' || url.password !== '')
    throw new Failure('usage', { reason: 'a URL with a name and a password in it is not asked' });
  return url;
}
