import { HAS, looksRandom, randomness, type Shape, shapeOf } from './shape.ts';

const LONGEST = 1024;
const SWITCH = /^(?:true|false|yes|no|on|off|enabled|disabled)$/i;
const NUMBER = /^[+-]?\d[\d_]*(?:\.\d+)?$/;
const AMOUNT = /^\d+(?:\.\d+)?\s?(?:ms|s|m|h|d|w|y|[KMGTP]i?B?|k|B|%|\w{3,6}s?)$/;
const DURATION = /^(?:\d+(?:ns|us|ms|s|m|h|d))+$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
const ADDRESS = /^\[?(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)\]?(?:\/\d{1,3})?(?::\d{1,5})?$/i;
const HOST =
  /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?)+\.?(?::\d{1,5})?$/i;
const HOST_AND_PORT = /^[a-z][a-z0-9-]*:\d{2,5}$/i;
const EMAIL = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;
const URL = /^[a-z][a-z0-9+.-]*:(?:[a-z0-9]+:)?\/\/\S*$/i;
const SCP_URL = /^git@[\w.-]+:[\w./~-]+$/;
const PATH = /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[\w.@+-]+[/\\])*[\w.@+-]*$/;
const ARN = /^(?:arn:aws[\w-]*:|projects\/|\/subscriptions\/)\S+$/;
const VERSION = /^v?\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?$/;
const CRON =
  /^(?:@(?:hourly|daily|weekly|monthly|yearly|annually|reboot)|(?:[\d*/,-]+\s+){4}[\d*/,A-Za-z-]+)$/;
const LDAP = /^(?:cn|dc|ou|uid|o)=[^=]+(?:,\s*\w+=[^=]+)*$/i;
const REGION =
  /^(?:us|eu|ap|sa|ca|me|af|il|cn)(?:-gov)?-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-?\d$/;
const IMAGE = /^[\w.-]+(?:[/:][\w.-]+)*(?::[\w.-]+)?@sha256:[0-9a-f]{64}$/;
const DIGEST = /^sha(?:256|384|512):[0-9a-f]{32,128}$/i;
const MEDIA_TYPE = /^(?:application|text|image)\/[\w.+-]+$/;
const ALGORITHM =
  /^(?:(?:HS|RS|ES|PS)(?:256|384|512)|EdDSA|(?:sha|hmac-sha)-?\d{1,3}|md5|(?:aes|rsa|ecdsa|chacha20)[\w-]*|argon2(?:id?|d)?|bcrypt|scrypt|pbkdf2)$/i;
const COMMON =
  /^(?:debug|info|warn|warning|error|trace|production|staging|development|local|default|none|auto|basic|disable|prefer|require|verify-(?:ca|full)|http|https|tcp|udp|ssl|tls|starttls|postgres|postgresql|mysql|mariadb|redis|mongodb|sqlite3?|localhost)$/i;
const PROPERTY = /^[A-Za-z][\w.-]*\.[\w.-]+=[\w./,:$-]+$/;
const TIME_ZONE = /^(?:UTC|GMT|(?:Europe|America|Asia|Africa|Australia|Pacific|Atlantic|Etc)\/\w+)$/;

/** Flags, paths, URLs, ARNs, algorithm names: what stays public even under `password`. */
export function isNeverCredential(text: string, shape: Shape): boolean {
  if (shape.length > LONGEST) return false;
  if (shape.length <= 8 && SWITCH.test(text)) return true;
  if ((shape.mask & HAS.slash) !== 0) {
    if (PATH.test(text) && randomness(shape) < 0.27) return shape.length > 1;
    if ((shape.mask & HAS.colon) !== 0 && (text.includes('://') ? URL.test(text) : ARN.test(text)))
      return true;
  }
  return (shape.mask & HAS.colon) !== 0 && text.startsWith('arn:') && ARN.test(text);
}

const NUMBER_SHAPES: readonly RegExp[] = [NUMBER, AMOUNT, DURATION, VERSION, CRON];
const LONGEST_WORD = 40;
const MARKED_SHAPES: readonly RegExp[] = [
  HOST,
  REGION,
  HOST_AND_PORT,
  EMAIL,
  ADDRESS,
  TIMESTAMP,
  SCP_URL,
  LDAP,
  PROPERTY,
  IMAGE,
  DIGEST,
  MEDIA_TYPE,
];
const MARKS = HAS.dot | HAS.colon | HAS.at | HAS.equals | HAS.dash | HAS.slash;

/** Whether one line is plainly a setting: number, host, address, time, version, e-mail, common word; or a list of such. */
export function isPublicValue(text: string, shape: Shape): boolean {
  if (shape.length > LONGEST) return false;
  if (isNeverCredential(text, shape)) return true;
  if (shape.length <= LONGEST_WORD && (COMMON.test(text) || ALGORITHM.test(text) || TIME_ZONE.test(text)))
    return true;
  if ((shape.digit > 0 || (shape.mask & HAS.at) !== 0) && NUMBER_SHAPES.some((pattern) => pattern.test(text)))
    return true;
  if ((shape.mask & MARKS) !== 0 && MARKED_SHAPES.some((pattern) => pattern.test(text)))
    return !hasRandomEnd(text, shape);
  if ((shape.mask & HAS.comma) === 0) return false;
  return text
    .split(',')
    .every((part) => MARKED_SHAPES.some((pattern) => pattern.test(part.trim())) || URL.test(part.trim()));
}

const SHORTEST_RANDOM_END = 16;

/** Names of hosts end in a word; dotted tokens (`dp.st.…`) end in what was generated. */
function hasRandomEnd(text: string, shape: Shape): boolean {
  if ((shape.mask & HAS.dot) === 0 || !HOST.test(text)) return false;
  const end = text.slice(text.lastIndexOf('.') + 1);
  return end.length >= SHORTEST_RANDOM_END && looksRandom(shapeOf(end));
}

export function isAlgorithmName(text: string, shape: Shape): boolean {
  return shape.length <= LONGEST_WORD && ALGORITHM.test(text);
}

const SSH_PUBLIC = /(?:^|\s)(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-nistp\d{3}|sk-[\w@.-]{10,60})\s+AAAA/;
const AGE_RECIPIENT = /^age1[a-z0-9]{20,}$/;

/** ssh public keys, known_hosts, age recipients. */
export function isPublicKeyText(text: string): boolean {
  return SSH_PUBLIC.test(text) || AGE_RECIPIENT.test(text);
}
