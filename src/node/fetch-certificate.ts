import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import * as l10n from '@vscode/l10n';
import type { FetchText } from '../app/documents/certificate-from-url.ts';
import { Failure } from '../core/errors.ts';

/** Far more than a few certificates. */
const sizeLimit = 64 * 1024;
const mostRedirects = 3;

/** `request` of `node:https`, as the editor has patched it for its proxy and certificate settings. */
type HttpsRequest = (
  url: URL,
  options: RequestOptions,
  answered: (answer: IncomingMessage) => void,
) => ClientRequest;

/**
 * Gets a small text over https. Redirects are followed on the same host only: whoever asks agreed to that one.
 * @param milliseconds how long all of it may take
 */
export function fetchTextWith(request: HttpsRequest, milliseconds = 15_000): FetchText {
  return async (url, signal) => {
    const deadline = AbortSignal.timeout(milliseconds);
    const both = AbortSignal.any([signal, deadline]);
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const answer = await get(request, at, both).catch((error: unknown) => {
        signal.throwIfAborted();
        throw unreachable(at, deadline.aborted ? l10n.t('it takes too long to answer') : reasonOf(error));
      });
      if ('text' in answer) return answer.text;
      if (redirects === mostRedirects) throw unreachable(url, l10n.t('it leads in circles'));
      at = answer.location;
    }
  };
}

type Answer = { readonly text: string } | { readonly location: URL };

function get(request: HttpsRequest, url: URL, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Accept: 'application/x-pem-file, text/plain, */*' };
    const asked = request(url, { method: 'GET', headers, signal }, (answer) => {
      readAnswer(answer, url)
        .then(resolve, reject)
        .finally(() => answer.destroy());
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function readAnswer(answer: IncomingMessage, url: URL): Promise<Answer> {
  const { statusCode = 0, headers } = answer;
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    if (!URL.canParse(headers.location, url.href)) throw unreachable(url, l10n.t('it leads nowhere'));
    const location = new URL(headers.location, url);
    if (location.origin !== url.origin) throw unreachable(url, l10n.t('it leads to {0}', location.origin));
    return { location };
  }
  if (statusCode !== 200) throw unreachable(url, l10n.t('it answers {0}', statusCode));
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > sizeLimit) throw unreachable(url, l10n.t('its answer is far too large for a certificate'));
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString('utf8') };
}

/** Of failures of TLS and the network the code alone: their messages may quote what was answered. */
function reasonOf(error: unknown): string {
  if (error instanceof Failure && 'reason' in error.details) return error.details.reason;
  return error instanceof Error && 'code' in error ? String(error.code) : l10n.t('the connection failed');
}

function unreachable({ host }: URL, reason: string): Failure<'sealing.unreachable'> {
  return new Failure('sealing.unreachable', { host, reason });
}
