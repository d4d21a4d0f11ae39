import * as l10n from '@vscode/l10n';
import { keyEvidence } from './keys.ts';
import { placeholderIn } from './placeholders.ts';
import { shapeOf } from './shape.ts';
import type { Phrase } from './verdict.ts';

const NETRC =
  /(?:^|\s)machine\s{1,8}\S{1,256}\s{1,8}(?:login\s{1,8}\S{1,256}\s{1,8})?password\s{1,8}([^\s<$]\S{0,255})/;
const REDIS =
  /(?:^|\n)[ \t]{0,8}(?:requirepass|masterauth|sentinel auth-pass \S{1,64})[ \t]{1,8}"?([^\s"<$]{1,256})/;
/** A rule of `user` with a password (`>`) or the SHA-256 of one (`#`), in a redis.conf or an ACL file. */
const REDIS_ACL =
  /(?:^|\n)[ \t]{0,8}user[ \t]{1,4}\S{1,64}(?:[ \t]{1,4}[^\s>#]\S{0,64}){0,16}?[ \t]{1,4}(?:>(\S{1,256})|#([0-9a-f]{64}))/;
const SQL = /\b(?:PASSWORD|IDENTIFIED BY)\s{1,4}'([^'\n]{1,256})'/i;
const PGPASS =
  /(?:^|\n)[^:\s#]{1,255}:(?:\d{1,5}|\*):[^:\s]{1,64}:[^:\s]{1,64}:([^\s:]{1,255})[ \t]*(?:\n|$)/;
/** Its clients take the password right behind `-p`; `-p3306:3306` is a port of the container tools. */
const MYSQL =
  /\b(?:mysql|mariadb)(?:dump|admin|import|-\w{1,16})?[ \t](?:\\\n|[^\n|;]){0,200}?(?<=\s)-p(?!\d+:\d)["']?([^\s"'$`<]{2,256})/;
const CURL =
  /\bcurl[ \t](?:\\\n|[^\n|;]){0,200}?(?<=\s)(?:-[A-Za-z]{0,8}u\s?|--(?:proxy-)?user[ \t=])["']?[^\s"':]{1,128}:([^\s"'$`<]{1,256})/;
const PATTERNS = [NETRC, REDIS, REDIS_ACL, SQL, PGPASS, MYSQL, CURL];

const PHP_CONSTANT =
  /\bdefine\s?\(\s{0,4}["']([\w.-]{1,64})["']\s{0,4},\s{0,4}(?:'([^'\n]{1,256})'|"([^"\n]{1,256})")/g;

/**
 * Formats that part a password from its name by a blank or a comma: netrc, Redis, SQL, .pgpass, the options of
 * commands, PHP constants. Linear: every pattern starts with fixed text and counts what follows.
 */
export function spaceSeparated(text: string): Phrase | undefined {
  for (const pattern of PATTERNS) {
    const found = pattern.exec(text);
    const secret = found?.[1] ?? found?.[2];
    if (secret !== undefined && isGiven(secret)) return () => l10n.t('a password');
  }
  for (const [, name = '', single, double = ''] of text.matchAll(PHP_CONSTANT))
    if (keyEvidence(name).role === 'credential' && isGiven(single ?? double))
      return () => l10n.t('a password');
  return undefined;
}

function isGiven(secret: string): boolean {
  return placeholderIn(secret, shapeOf(secret)) === undefined;
}
