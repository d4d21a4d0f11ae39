import * as l10n from '@vscode/l10n';
import { HAS, type Shape } from './shape.ts';
import type { Phrase } from './verdict.ts';

/**
 * Credentials that a value gives away by itself. All patterns start with fixed text or a border and count what
 * follows, so that a search is linear.
 */
const TOKENS = new RegExp(
  [
    'gh[pousr]_[A-Za-z0-9]{20}',
    'github_pat_\\w{20}',
    'gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas|imt)-[\\w-]{16}',
    'xox[abeoprs]-[\\w-]{10}',
    'xapp-\\d-[\\w-]{10}',
    '[sr]k_(?:live|test)_[A-Za-z0-9]{10}',
    'whsec_[A-Za-z0-9+/]{16}',
    '(?<![\\w-])sk-(?:proj-|ant-|svcacct-|or-)?[\\w-]{20}',
    'AIza[\\w-]{35}',
    'GOCSPX-[\\w-]{20}',
    'ya29\\.[\\w-]{20}',
    '(?<!\\w)SG\\.[\\w-]{16,32}\\.[\\w-]{16}',
    '(?<!\\w)hv[sbr]\\.[\\w-]{20}',
    'dop_v1_[0-9a-f]{32}',
    'dp\\.(?:st|pt|ct|sa|scim|audit)\\.(?:[\\w-]{2,35}\\.)?[A-Za-z0-9]{40}',
    '(?<![\\w.-])[MNO][\\w-]{23,27}\\.[\\w-]{6}\\.[\\w-]{27,40}(?![\\w.-])',
    'npm_[A-Za-z0-9]{30}',
    'pypi-[\\w-]{40}',
    'dckr_pat_[\\w-]{20}',
    'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
    'lin_api_\\w{20}',
    'tskey-[\\w-]{16}',
    'NRAK-[A-Z0-9]{20}',
    'xkeysib-[0-9a-f]{32}',
    'pul-[0-9a-f]{40}',
    'atlasv1\\.[\\w-]{40}',
    'figd_[\\w-]{30}',
    'glsa_\\w{30}',
    '(?<!\\d)\\d{8,10}:AA[\\w-]{32,34}(?![\\w-])',
    'AGE-SECRET-KEY-[A-Z0-9-]{20}',
    'PuTTY-User-Key-File',
    '(?<![\\w-])eyJ[\\w-]{10,8000}\\.eyJ[\\w-]{4,8000}\\.[\\w-]{10}',
    'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Z0-9]+/[\\w/-]{12}',
    'discord(?:app)?\\.com/api/webhooks/\\d{6,24}/[\\w-]{20}',
    'webhook\\.office\\.com/webhookb?2?/[\\w@-]{20}',
    'chat\\.googleapis\\.com/v1/spaces/[\\w-]{1,64}/messages\\?key=[\\w-]{10}',
  ].join('|'),
);

const HASHES =
  /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{50}|\$apr1\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{20}|\$argon2(?:id?|d)\$|\$[156y]\$[./A-Za-z0-9=,]{1,40}\$[./A-Za-z0-9$]{20}|\$(?:scrypt|pbkdf2)[\w-]{0,16}\$|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{20}|SCRAM-SHA-(?:1|256)\$\d{4}|pbkdf2(?:_sha256\$|:sha)|(?<![A-Za-z0-9])md5[0-9a-f]{32}(?![0-9a-f])|\{(?:bcrypt|PKCS5S2|CRYPT)\}/;

const ACCESS_KEY_ID =
  /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{12}[A-Z0-9]{4}(?![A-Z0-9])|(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,20}(?![A-Za-z0-9])/;

/** What `certainCredential` returns of one. */
export const aPasswordHash: Phrase = () => l10n.t('a password hash');

/** What the text holds that is a credential whatever its name, or undefined. */
export function certainCredential(text: string, shape: Shape): Phrase | undefined {
  if (shape.length < 16) return undefined;
  if ((shape.mask & (HAS.dollar | HAS.brace)) !== 0 || text.includes('md5') || text.includes('SCRAM'))
    if (HASHES.test(text)) return aPasswordHash;
  if (shape.digit === 0 && (shape.mask & (HAS.dash | HAS.underscore | HAS.dot)) === 0) return undefined;
  if (hasToken(text)) return () => l10n.t('a token of a well-known form');
  if (text.startsWith('Bearer ') || text.startsWith('Basic ')) return () => l10n.t('an authorization header');
  return undefined;
}

const CROSSED_OUT = /x{4}|\.{3}|…|(?<![a-z])your[-_/]/i;
const LONGEST_SHOWN = 160;

/** `ghp_xxxxxxxx` has the form, and is a sample. */
function hasToken(text: string): boolean {
  const at = TOKENS.exec(text)?.index;
  if (at === undefined) return false;
  const shown = /^\S*/.exec(text.slice(at, at + LONGEST_SHOWN))?.[0] ?? '';
  return !CROSSED_OUT.test(shown);
}

export function isAccessKeyId(text: string): boolean {
  return ACCESS_KEY_ID.test(text);
}

const KEY_TYPE = /"kty"\s{0,4}:\s{0,4}"(RSA|EC|OKP|oct)"/;

/** A JWK (RFC 7517) with its private half: `d`, or `k` of an octet key. */
export function isPrivateJwk(text: string): boolean {
  const type = KEY_TYPE.exec(text)?.[1];
  if (type === undefined) return false;
  return type === 'oct' ? /"k"\s{0,4}:\s{0,4}"[\w-]/.test(text) : /"d"\s{0,4}:\s{0,4}"[\w-]/.test(text);
}

const CAPITALS = /^[A-Z]{2,}(?:[_-](?:[A-Z]+|\d{1,2}))*$/;

/** `PASSWORD`, `ACCESS_TOKEN`: a name in capitals where a value belongs. */
export function isCapitalName(text: string, shape: Shape): boolean {
  return (
    shape.lower === 0 && shape.upper >= 3 && shape.digit <= 4 && shape.length <= 64 && CAPITALS.test(text)
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}
