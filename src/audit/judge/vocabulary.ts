/**
 * What a word of a key name says about the value. `key` needs its neighbours (`api-key`, `public-key`), `person`
 * words name a thing but yield to a password before them (`password-admin`), `neutral` ones say nothing.
 */
export type WordRole =
  | 'credential'
  | 'key'
  | 'weak'
  | 'person'
  | 'identifier'
  | 'public'
  | 'certificate'
  | 'reference'
  | 'neutral';

const WORDS: Readonly<Record<WordRole, string>> = {
  credential:
    'password passwords passwd passphrase passcode pass pwd pw psk pin otp totp mfa secret secrets token tokens ' +
    'jwt bearer credential credentials creds apikey apikeys secretkey privatekey privkey salt pepper hmac mnemonic ' +
    'seed cookie htpasswd authorization sk pat passwort senha contrasena seckey signature sig ' +
    'kennwort wachtwoord contraseña motdepasse mdp parola heslo haslo hasło passord lösenord salasana adgangskode ' +
    'пароль 密码 パスワード',
  key: 'key keys keyfile keydata',
  weak: 'auth license licence keyring keystore keytab identity session webhook oauth hash verifier private kubeconfig',
  person:
    'user users username usernames usr admin db database account owner login root server service app benutzer ' +
    'benutzername nutzer usuario usuarios utilisateur identifiant utente gebruiker gebruikersnaam uzytkownik bruker ' +
    'användare пользователь',
  identifier:
    'id ids uid uuid guid gid clientid appid tenant tenantid tenancy ocid fsid subscription fingerprint thumbprint ' +
    'checksum digest sha sha256 md5 commit revision audience arn serial etag recipient recipients kid',
  public:
    'name names fullname displayname dbname email emails mail host hosts hostname hostnames address addr addresses ' +
    'endpoint endpoints url urls uri uris baseurl port ports schema region zone bucket project org organization ' +
    'organisation team type kind driver provider protocol scheme mode level enabled enable disabled disable debug ' +
    'environment stage version tag tags timeout ttl expiry expires expire expiration exp lifetime age duration ' +
    'interval period delay count size length len limit max min domain domains subdomain realm issuer scope scopes buckets field fields ' +
    'header headers column attribute parameter ' +
    'role roles group groups method algorithm algo alg cipher kdf pbkdf format locale timezone tz lang language ' +
    'description desc comment note title label labels namespace cluster image registry repository repo branch path ' +
    'paths dir directory folder topic queue channel sender from to cc subject date time timestamp mtime at in index ' +
    'prefix suffix replicas policy policies rule rules strategy feature flag flags proxy origin origins callback ' +
    'redirect theme model engine style class category status state country city company vendor brokers broker ' +
    'cidr subnet network vpc ip ips dn basedn searchbase filter ssl tls sslmode insecure verify site webroot ' +
    'locations location workspace instance collection table vhost virtualhost exchange chatid nickname firstname ' +
    'lastname phone currency plan edition dialect charset encoding backend frontend platform arch os shell ' +
    'notifications message greeting motd banner usage signing authentication concurrency workers threads pool ' +
    'lfs metadata annotation annotations severity retention schedule cron readme changelog',
  certificate:
    'crt cert certs certificate certificates ca cabundle cacert cacerts chain pub pubkey csr crl truststore jwks',
  reference: 'file filename filepath ref reference secretname existing mount volume',
  neutral:
    'value values data string text txt plain plaintext base base64 b64 hex encoded raw hashed old new current previous ' +
    'next default primary secondary main backup prod production dev development test testing staging stg qa uat ' +
    'env json yaml yml properties conf config cfg ini toml xml pem der jks p12 pfx asc gpg the my our for of and',
};

const ROLES: ReadonlyMap<string, WordRole> = new Map(
  (Object.keys(WORDS) as WordRole[]).flatMap((role) =>
    WORDS[role].split(' ').map((word): [string, WordRole] => [word, role]),
  ),
);

/** Endings of words written together: `dbpassword`, `smtphost`. Longest first where one ends another. */
const ENDINGS: readonly [string, WordRole][] = [
  ['password', 'credential'],
  ['passwd', 'credential'],
  ['passphrase', 'credential'],
  ['passwort', 'credential'],
  ['pass', 'credential'],
  ['pwd', 'credential'],
  ['pw', 'credential'],
  ['secret', 'credential'],
  ['token', 'credential'],
  ['apikey', 'credential'],
  ['credentials', 'credential'],
  ['username', 'person'],
  ['user', 'person'],
  ['name', 'public'],
  ['names', 'public'],
  ['host', 'public'],
  ['hosts', 'public'],
  ['port', 'public'],
  ['url', 'public'],
  ['uri', 'public'],
  ['email', 'public'],
  ['file', 'reference'],
];

const NOT_ENDINGS: ReadonlySet<string> = new Set([
  'bypass',
  'compass',
  'encompass',
  'support',
  'import',
  'export',
  'profile',
]);

/** Words before `key` that make it one to keep, and those that make it one to publish. */
const SECRET_KEYS: ReadonlySet<string> = new Set(
  (
    'api app application secret private master encryption encrypt crypto cipher signing sign sig auth ssh tls ssl ' +
    'server client host account license licence admin user sas shared session cookie storage deploy jwt jws jwe jwk ' +
    'hmac aes rsa ec ecdsa ed25519 dsa wallet psk unseal recovery root integration ingest write read access webhook ' +
    'service functions subscription routing rndc tsig dkim wireguard age sops gpg pgp fernet secretbox kek dek data1 ' +
    'node validator provider consumer registration activation product serial magic secretkey bot'
  ).split(' '),
);
const PUBLIC_KEYS: ReadonlySet<string> = new Set(
  'public pub publishable site sort partition foreign row cache object verification verify'.split(' '),
);
const PREFIXED_KEY =
  /^(?:api|app|secret|private|master|encryption|signing|auth|ssh|tls|ssl|host|account|license|user|admin|sas|shared|session|cookie|storage|deploy|jwt|hmac|aes|rsa|wallet|client|server|root)keys?$/;

/** The role of one lower-case word, undefined for a word without meaning here. */
export function roleOf(word: string): WordRole | undefined {
  const known = ROLES.get(word);
  if (known !== undefined || word.length < 5) return known ?? roleWithoutNumber(word);
  if (NOT_ENDINGS.has(word)) return undefined;
  for (const [ending, role] of ENDINGS) if (word.endsWith(ending)) return role;
  if (PREFIXED_KEY.test(word)) return 'credential';
  return roleWithoutNumber(word);
}

function roleWithoutNumber(word: string): WordRole | undefined {
  let end = word.length;
  while (end > 0 && word.charCodeAt(end - 1) >= 0x30 && word.charCodeAt(end - 1) <= 0x39) end--;
  if (end === 0) return 'neutral';
  return end === word.length ? undefined : ROLES.get(word.slice(0, end));
}

export function isSecretKeyWord(word: string): boolean {
  return SECRET_KEYS.has(word);
}

export function isPublicKeyWord(word: string): boolean {
  return PUBLIC_KEYS.has(word);
}

/** Words a value is made of when it only describes itself: `my-password`, `super-secret-token`. */
const DESCRIBING: ReadonlySet<string> = new Set(
  (
    'my our the a an this some any super so secret secrets password passwd pass passphrase token key keys api value ' +
    'data test testing example sample dummy fake mock user username admin root db database client auth access ' +
    'refresh bearer app application credential credentials'
  ).split(' '),
);

const GENERIC: ReadonlySet<string> = new Set(
  'source target first second third custom other another one two'.split(' '),
);

/** A word that tells one thing from another without naming it: `some-key`, `source-key`. */
export function isGenericWord(word: string): boolean {
  return DESCRIBING.has(word) || GENERIC.has(word);
}

/** Two or more words, parted by separators, none of which means anything but "a secret goes here". */
export function describesItself(text: string): boolean {
  if (text.length > 64) return false;
  const words = text.toLowerCase().split(/[-_. ]+/);
  return words.length > 1 && words.every((word) => word === '' || DESCRIBING.has(word));
}
