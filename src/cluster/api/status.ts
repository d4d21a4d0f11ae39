import type { IncomingMessage } from 'node:http';
import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import { cut } from '../cut.ts';
import type { AskedFor } from './asked-for.ts';
import { Gone } from './gone.ts';
import { type JsonObject, objectOf, textOf } from './json.ts';

/** What a server says instead of an answer: a `Status` (apimachinery meta/v1), or anything else. */
export interface Refusal {
  readonly code: number;
  /** Undefined where it did not send one. */
  readonly status: JsonObject | undefined;
}

/** The failure that an error answer means, or `Gone`. */
export function refusalFailure({ code, status }: Refusal, { verb, what, secrets }: AskedFor, server: string) {
  if (code === 401) return new Failure('cluster.unauthorized', { server });
  if (code === 403) return new Failure('cluster.forbidden', { server, what: `${verb} ${what}` });
  if (code === 404) return new Failure('cluster.not-found', { what });
  if (code === 409) return new Failure('cluster.conflict', { what });
  if (code === 410) return new Gone();
  // What it says about a Secret may quote the Secret.
  const said = secrets ? '' : cleaned(textOf(status?.['message']) ?? '');
  const reason = said === '' ? l10n.t('it answers {0}', code) : l10n.t('it answers {0}, {1}', code, said);
  return new Failure('cluster.refused', { server, reason });
}

/** The `Status` of a watch's ERROR event. */
export function statusRefusal(object: unknown): Refusal {
  const status = objectOf(object);
  const code = status?.['code'];
  return { code: typeof code === 'number' && Number.isInteger(code) ? code : 500, status };
}

const longestMessage = 300;

/** Somebody else's sentence: without what could disguise it, and cut. */
function cleaned(message: string): string {
  const plain = cut(message, 4 * longestMessage).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ');
  return cut(plain.trim(), longestMessage);
}

/** A redirect is never followed: the credentials are for one server. */
export function redirection(answer: IncomingMessage, from: URL, server: string): Failure | undefined {
  const code = answer.statusCode ?? 0;
  if (code < 300 || code >= 400) return undefined;
  const { location } = answer.headers;
  const to = location === undefined || !URL.canParse(location, from.href) ? '' : new URL(location, from).host;
  return new Failure('cluster.redirected', { server, to: to === '' ? l10n.t('another place') : to });
}

/** A page for people where data was asked for. */
export function webPage(answer: IncomingMessage, server: string): Failure | undefined {
  if (!/^\s*(?:text\/html|application\/xhtml)/i.test(answer.headers['content-type'] ?? '')) return undefined;
  return new Failure('cluster.bad-answer', {
    server,
    reason: l10n.t('it is a web page, perhaps for signing in'),
  });
}

/** Milliseconds to wait before asking again; undefined where the server names no time, or a longer one than allowed. */
export function retryAfter(answer: IncomingMessage, most: number): number | undefined {
  if (answer.statusCode !== 429 && answer.statusCode !== 503) return undefined;
  const said = answer.headers['retry-after'];
  if (said === undefined || !/^\d{1,6}$/.test(said)) return undefined;
  const wait = Number(said) * 1000;
  return wait <= most ? wait : undefined;
}
