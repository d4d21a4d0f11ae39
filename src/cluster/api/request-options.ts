import type { OutgoingHttpHeaders } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { ApiAccess, ApiRequest } from './api.ts';

/** A request to the origin of `access.server` and to nowhere else, whatever the path holds. */
export function requestOptions(
  access: ApiAccess,
  { method, path, query, accept, closes, patch, body }: ApiRequest,
  headers: OutgoingHttpHeaders,
): RequestOptions {
  const { protocol, hostname, port, pathname } = access.server;
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return {
    ...(protocol === 'http:' ? {} : access.tls),
    agent: access.agent,
    protocol,
    hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    method,
    path: `${pathname.replace(/\/+$/, '')}${path}${search}`,
    headers: {
      ...headers,
      accept: accept ?? 'application/json',
      'accept-encoding': query?.['watch'] === undefined ? 'gzip' : 'identity',
      'user-agent': 'purser',
      ...(closes === true ? { connection: 'close' } : {}),
      ...(patch === undefined ? {} : { 'content-type': 'application/merge-patch+json' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  };
}
