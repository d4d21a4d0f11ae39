import * as l10n from '@vscode/l10n';
import { malformed } from './fields.ts';
import type { Impersonation } from './kubeconfig.ts';

/**
 * The headers that ask to act as somebody else (k8s.io/client-go transport/round_trippers.go). Throws `kubeconfig.malformed` where a
 * name could end a header.
 */
export function impersonationHeaders(
  impersonation: Impersonation | undefined,
): Readonly<Record<string, string | string[]>> {
  if (impersonation === undefined) return {};
  const { user, uid, groups, extra } = impersonation;
  const headers: Record<string, string | string[]> = { 'Impersonate-User': headerValue(user, 'as') };
  if (uid !== undefined) headers['Impersonate-Uid'] = headerValue(uid, 'as-uid');
  if (groups.length > 0)
    headers['Impersonate-Group'] = groups.map((group) => headerValue(group, 'as-groups'));
  for (const [key, values] of extra)
    if (values.length > 0)
      headers[`Impersonate-Extra-${headerName(key)}`] = values.map((value) =>
        headerValue(value, 'as-user-extra'),
      );
  return headers;
}

/** UTF-8 byte by byte: Node writes headers as Latin-1. */
function headerValue(text: string, field: string): string {
  if (/[\0-\x1f\x7f]/.test(text)) throw malformed(l10n.t('{0} holds control characters', field));
  return Buffer.from(text).toString('latin1');
}

/** What no header name may hold is percent-encoded, `%` too. */
function headerName(key: string): string {
  return [...Buffer.from(key.toLowerCase())]
    .map((byte) => String.fromCharCode(byte))
    .map((char) =>
      /[!#$&'*+\-.^_`|~0-9a-z]/.test(char)
        ? char
        : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
