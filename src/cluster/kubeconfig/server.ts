import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { malformed } from './fields.ts';
import type { Cluster } from './kubeconfig.ts';

/** The URL of an API server, with the path prefix that proxies in front of it use; undefined where it is none. */
export function parseServer(text: string): URL | undefined {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  url.search = '';
  url.hash = '';
  return url;
}

/** Throws `kubeconfig.malformed`. */
export function serverOf(cluster: Cluster): URL {
  const url = parseServer(cluster.server);
  if (url === undefined) throw malformed(l10n.t('server is no http or https address, or holds credentials'));
  return url;
}

/** The proxy that a cluster is reached through. Throws `kubeconfig.malformed`, `kubeconfig.unsupported`. */
export function proxyOf({ proxyUrl }: Cluster): URL | undefined {
  if (proxyUrl === undefined) return undefined;
  const url = parseUrl(proxyUrl);
  if (url === undefined || url.hostname === '' || !isDecodable(url.username + url.password))
    throw malformed(l10n.t('proxy-url is no address'));
  if (/^(?:https?|socks5):$/.test(url.protocol)) return url;
  throw new Failure('kubeconfig.unsupported', {
    reason: l10n.t('its proxy-url is neither http, https nor socks5'),
    todo: l10n.t('use one of these'),
  });
}

/** Whether what is sent there stays on this computer. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}

/** What agents for proxies take apart by themselves, and throw what is no `Failure`. */
function isDecodable(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined;
  } catch {
    return false;
  }
}

function parseUrl(text: string): URL | undefined {
  // A file's text may hold anything; URL drops tabs and line breaks in silence.
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}
