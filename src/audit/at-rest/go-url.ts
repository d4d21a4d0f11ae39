import { goQuote } from '../../manifest/at-rest/go-text.ts';

export type ParsedUrl =
  | { readonly ok: true; readonly scheme: string }
  | { readonly ok: false; readonly reason: string };

/** The scheme of a URL as Go's `url.Parse` has it, or its error: as far as an endpoint of a KMS plugin can go wrong. */
export function parseUrl(text: string): ParsedUrl {
  const hash = text.indexOf('#');
  const url = hash === -1 ? text : text.slice(0, hash);
  const fragment = hash === -1 ? '' : text.slice(hash + 1);
  const problem = problemOf(url);
  if (problem !== undefined) return refused(url, problem);
  const escape = badEscape(fragment);
  if (escape !== undefined) return refused(text, escape);
  return { ok: true, scheme: schemeOf(url) };
}

function refused(url: string, problem: string): ParsedUrl {
  return { ok: false, reason: `parse ${goQuote(url)}: ${problem}` };
}

function schemeOf(url: string): string {
  return /^([A-Za-z][-+.A-Za-z0-9]*):/.exec(url)?.[1]?.toLowerCase() ?? '';
}

function problemOf(url: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what Go refuses
  if (/[\u0000-\u001f\u007f]/.test(url)) return 'net/url: invalid control character in URL';
  if (url.startsWith(':')) return 'missing protocol scheme';
  const scheme = schemeOf(url);
  const [path = ''] = url.slice(scheme === '' ? 0 : scheme.length + 1).split('?');
  if (!path.startsWith('/')) {
    if (scheme !== '') return undefined;
    const [segment = ''] = path.split('/');
    return segment.includes(':') ? 'first path segment in URL cannot contain colon' : badEscape(path);
  }
  const hasAuthority = path.startsWith('//') && (scheme !== '' || !path.startsWith('///'));
  if (!hasAuthority) return badEscape(path);
  const end = path.indexOf('/', 2);
  const authority = end === -1 ? path.slice(2) : path.slice(2, end);
  return authorityProblem(authority) ?? (end === -1 ? undefined : badEscape(path.slice(end)));
}

function authorityProblem(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = at === -1 ? '' : authority.slice(0, at);
  const host = authority.slice(at + 1);
  const hostWrong = hostProblem(host);
  if (hostWrong !== undefined) return hostWrong;
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return 'net/url: invalid userinfo';
  return badEscape(user);
}

function hostProblem(host: string): string | undefined {
  const bracket = host.lastIndexOf(']');
  if (host.startsWith('[') && bracket === -1) return "missing ']' in host";
  const from = host.startsWith('[') ? bracket + 1 : host.lastIndexOf(':');
  const port = from === -1 ? '' : host.slice(from);
  if (port !== '' && !/^:[0-9]*$/.test(port)) return `invalid port ${goQuote(port)} after host`;
  const escape = badEscape(host) ?? /%(?!25)[0-7][0-9A-Fa-f]/.exec(host)?.[0];
  if (escape !== undefined) return escape.startsWith('%') ? `invalid URL escape ${goQuote(escape)}` : escape;
  const wrong = /[ "#/?@\\^`{|}]/.exec(host)?.[0];
  return wrong === undefined ? undefined : `invalid character ${goQuote(wrong)} in host name`;
}

function badEscape(text: string): string | undefined {
  const at = text.search(/%(?![0-9A-Fa-f]{2})/);
  return at === -1 ? undefined : `invalid URL escape ${goQuote(text.slice(at, at + 3))}`;
}
