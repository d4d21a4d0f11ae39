import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';

const wasCut = () => l10n.t('the connection was cut');
const noRoute = () => l10n.t('no route leads there');
/** Codes of errors that come before any answer (Node's and libuv's), and what they mean. */
const unreachable: ReadonlyMap<string, () => string> = new Map([
  ['ECONNREFUSED', () => l10n.t('nothing listens at this address')],
  ['ENOTFOUND', () => l10n.t('its name is not known')],
  ['EAI_AGAIN', () => l10n.t('its name cannot be looked up at the moment')],
  ['ECONNRESET', wasCut],
  ['EPIPE', wasCut],
  ['ECONNABORTED', wasCut],
  ['ETIMEDOUT', () => l10n.t('the connection was not answered')],
  ['EHOSTUNREACH', noRoute],
  ['ENETUNREACH', noRoute],
  ['EHOSTDOWN', () => l10n.t('the computer is down')],
  ['EADDRNOTAVAIL', noRoute],
]);

const unsigned = () => l10n.t('no authority that is trusted has signed it');
/** Codes of OpenSSL's verification (X509_V_ERR_…) and of Node's TLS. */
const certificate: ReadonlyMap<string, () => string> = new Map([
  ['CERT_HAS_EXPIRED', () => l10n.t('it has expired')],
  ['CERT_NOT_YET_VALID', () => l10n.t('it is not valid yet')],
  ['CERT_REVOKED', () => l10n.t('it was revoked')],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unsigned],
  ['SELF_SIGNED_CERT_IN_CHAIN', unsigned],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unsigned],
  ['UNABLE_TO_GET_ISSUER_CERT', unsigned],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unsigned],
  ['CERT_SIGNATURE_FAILURE', unsigned],
  ['ERR_TLS_CERT_ALTNAME_INVALID', () => l10n.t('it was issued for another name')],
]);

/**
 * Why there was no whole answer, from the code of Node's error alone: its text may quote what the server sent, so it is not
 * kept as a cause.
 */
export function connectionFailure(error: unknown, server: string): Failure {
  const code = codeOf(error);
  const untrusted = certificate.get(code);
  if (untrusted !== undefined) return new Failure('cluster.certificate', { server, reason: untrusted() });
  if (code === 'EPROTO' && says(error, 'wrong version number'))
    return new Failure('cluster.certificate', { server, reason: l10n.t('it does not speak TLS') });
  if (says(error, 'alert certificate required') || says(error, 'alert bad certificate'))
    return new Failure('cluster.unauthorized', { server });
  if (/^(?:EPROTO$|ERR_SSL_|ERR_TLS_|CERT_|ERR_OSSL_)/.test(code))
    return new Failure('cluster.certificate', {
      server,
      reason: l10n.t('no TLS connection comes about ({0})', code),
    });
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Failure('cluster.bad-answer', { server, reason: l10n.t('its headers are too long') });
  if (code.startsWith('HPE_'))
    return new Failure('cluster.bad-answer', { server, reason: l10n.t('it is not HTTP') });
  const refused = proxyCodeOf(error);
  if (refused !== undefined)
    return new Failure('cluster.unreachable', { server, reason: l10n.t('the proxy answers {0}', refused) });
  const reason = unreachable.get(code)?.() ?? (code === '' ? l10n.t('there is no connection') : code);
  return new Failure('cluster.unreachable', { server, reason });
}

/** Of an error, or of the first of several: one for each address that was tried. */
function codeOf(error: unknown): string {
  const { code, errors } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: unknown;
    readonly errors?: unknown;
  };
  if (typeof code === 'string' && /^[A-Z0-9_]{1,80}$/.test(code)) return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
}

/** What a proxy answers instead of leading on, as hpagent says it. */
function proxyCodeOf(error: unknown): string | undefined {
  return error instanceof Error ? /^Bad response: (\d{3})$/.exec(error.message)?.[1] : undefined;
}

/** Whether OpenSSL names this reason: it has no code of Node's of its own. */
function says(error: unknown, reason: string): boolean {
  return error instanceof Error && error.message.includes(reason);
}
