import * as l10n from '@vscode/l10n';
import { utf8 } from '../../core/bytes.ts';
import { type JsonObject, objectOf } from '../api/json.ts';
import { isBearerToken } from './credential.ts';
import { type ClientCertificate, type PairReasons, pairOf } from './material.ts';

/** What a plugin gave (ExecCredentialStatus of client.authentication.k8s.io). */
export interface ExecCredential {
  readonly token: string | undefined;
  readonly certificate: ClientCertificate | undefined;
  /** In milliseconds; undefined: good until it is refused. */
  readonly expiry: number | undefined;
}

/** Reads what a plugin printed; a text says why it is nothing, and quotes nothing of it. */
export function readExecCredential(stdout: Uint8Array, apiVersion: string): ExecCredential | string {
  const printed = objectIn(stdout);
  if (printed?.['kind'] !== 'ExecCredential') return l10n.t('it printed no ExecCredential');
  if (printed['apiVersion'] !== apiVersion)
    return l10n.t('it answers in another version than it was asked in');
  const status = objectOf(printed['status']);
  if (status === undefined) return l10n.t('it printed no status');
  const texts = ['token', 'clientCertificateData', 'clientKeyData', 'expirationTimestamp'].map(
    (field) => status[field] ?? '',
  );
  if (!texts.every((value) => typeof value === 'string'))
    return l10n.t('it printed something else where text is expected');
  const [token = '', certificate = '', key = '', expires = ''] = texts;
  return credentialOf(token, certificate, key, expires);
}

function credentialOf(token: string, cert: string, key: string, expires: string): ExecCredential | string {
  if (token === '' && cert === '' && key === '')
    return l10n.t('it printed neither a token nor a certificate');
  if ((cert === '') !== (key === '')) return l10n.t('it printed only one of certificate and key');
  if (token !== '' && !isBearerToken(token)) return l10n.t('the token it printed is none');
  const expiry = expires === '' ? undefined : Date.parse(expires);
  if (Number.isNaN(expiry)) return l10n.t('the expirationTimestamp it printed is none');
  const pair = cert === '' ? undefined : pairOf(Buffer.from(cert), Buffer.from(key), printedReasons);
  if (typeof pair === 'string') return pair;
  return { token: token === '' ? undefined : token, certificate: pair, expiry };
}

const printedReasons: PairReasons = {
  noCertificate: () => l10n.t('the clientCertificateData it printed is no certificate'),
  noKey: () => l10n.t('the clientKeyData it printed is no private key, or has a passphrase'),
  noPair: () =>
    l10n.t('the clientKeyData it printed does not belong to the clientCertificateData it printed'),
};

function objectIn(stdout: Uint8Array): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(utf8(stdout) ?? ''));
  } catch {
    return undefined;
  }
}
