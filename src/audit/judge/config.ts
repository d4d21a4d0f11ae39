import * as l10n from '@vscode/l10n';
import { foreignCiphertext } from './encrypted.ts';
import { weigh } from './evidence.ts';
import { type KeyEvidence, keyEvidence } from './keys.ts';
import { eachPair } from './pairs.ts';
import { placeholderIn } from './placeholders.ts';
import { looksRandom, type Shape, shapeOf } from './shape.ts';
import { spaceSeparated } from './spaced.ts';
import { type UrlContent, urlCredential } from './urls.ts';
import { certainCredential, isAccessKeyId, isPrivateJwk } from './values.ts';
import { because, type Judgement, type Verdict } from './verdict.ts';

export interface ConfigContent {
  /** The worst thing a setting holds; undefined where none is about credentials. */
  readonly verdict: Verdict | undefined;
  /** How many settings were seen: none means the text is no config. */
  readonly settings: number;
}

const RANK: Readonly<Partial<Record<Judgement, number>>> = {
  placeholder: 1,
  encrypted: 2,
  ambiguous: 3,
  plaintext: 4,
};

const aPrivateJwk = () => l10n.t('a private JWK');
const nameSays = (word: string) => l10n.t('a setting whose name says {0}', word);
const randomLooking = (word: string) => l10n.t('a random-looking {0} setting', word);

/** A text with settings in it: kubeconfigs, docker configs, properties, connection strings, scripts. Linear. */
export function configContent(text: string, shape: Shape): ConfigContent {
  const certain = certainCredential(text, shape) ?? (isPrivateJwk(text) ? aPrivateJwk : spaceSeparated(text));
  if (certain !== undefined) {
    const verdict = because('plaintext', () => l10n.t('it holds {0}', certain()));
    return { verdict, settings: 1 };
  }
  let worst = urlVerdict(text);
  if (worst?.judgement === 'plaintext') return { verdict: worst, settings: 1 };
  let evidence: KeyEvidence = keyEvidence('');
  const settings = eachPair(
    text,
    (key) => {
      evidence = keyEvidence(key);
      return evidence.role !== 'none' && evidence.role !== 'public' && evidence.role !== 'certificate';
    },
    (pair) => {
      const verdict = settingVerdict(pair.value, evidence);
      if (verdict !== undefined && rank(verdict) > rank(worst)) worst = verdict;
      return verdict?.judgement === 'plaintext';
    },
  );
  return { verdict: worst, settings };
}

function rank(verdict: Verdict | undefined): number {
  return verdict === undefined ? 0 : (RANK[verdict.judgement] ?? 0);
}

const OF_URL: Readonly<Record<UrlContent, Verdict>> = {
  plaintext: because('plaintext', () => l10n.t('a URL with a password in it')),
  ambiguous: because('ambiguous', () => l10n.t('a URL with a name in capitals as password')),
  placeholder: because('placeholder', () => l10n.t('a URL with a placeholder as password')),
};

export function urlVerdict(text: string): Verdict | undefined {
  const content = urlCredential(text);
  return content === undefined ? undefined : OF_URL[content];
}

const NOTHING = /^(?:null|~|none|nil|undefined|true|false|[[{(].?)?$/i;
const CODE =
  /^(?:[A-Za-z_][\w.]*[([]|(?:os|process)\.env|(?:var|local|module|each|self|this|config|settings|env|args|options|params|secrets)\.[A-Za-z_][\w.]*$|[!&*][A-Za-z_][\w.-]*$|\\?$)/;

function settingVerdict(raw: string, key: KeyEvidence): Verdict | undefined {
  const value = raw.trim();
  if (NOTHING.test(value)) return undefined;
  const shape = shapeOf(value);
  if (foreignCiphertext(value, shape) !== undefined)
    return because('encrypted', () => l10n.t('its settings are encrypted'));
  if (CODE.test(value)) return undefined;
  const found = secretSetting(value, shape, key);
  if (found === undefined) return undefined;
  const placeholder = placeholderIn(value, shape);
  if (placeholder !== undefined)
    return because('placeholder', () => l10n.t('a setting whose {0} is {1}', key.word, placeholder()));
  return found;
}

function secretSetting(value: string, shape: Shape, key: KeyEvidence): Verdict | undefined {
  switch (key.role) {
    case 'credential':
      return saidSo(weigh(value, shape, key), key);
    case 'leaning':
      return key.word.startsWith('pass') ? saidSo(weigh(value, shape, key), key) : randomSetting(shape, key);
    case 'weak':
      return key.word === 'auth' ? dockerAuth(value, shape, key) : randomSetting(shape, key);
    case 'secret-id':
    case 'reference':
      return randomSetting(shape, key);
    case 'access-id':
      return isAccessKeyId(value)
        ? because('ambiguous', () => l10n.t('it holds an access key ID'))
        : randomSetting(shape, key);
    case 'certificate':
    case 'identifier':
    case 'public':
    case 'none':
      break;
  }
  return undefined;
}

function saidSo(verdict: Verdict, key: KeyEvidence): Verdict | undefined {
  if (verdict.judgement === 'public') return undefined;
  return because(verdict.judgement, nameSays, key.word);
}

function randomSetting(shape: Shape, key: KeyEvidence): Verdict | undefined {
  return looksRandom(shape) && shape.length >= 20 ? because('plaintext', randomLooking, key.word) : undefined;
}

/** `auth` of a docker config: base64 of `user:password`. */
function dockerAuth(value: string, shape: Shape, key: KeyEvidence): Verdict | undefined {
  const placeholder = placeholderIn(value, shape);
  if (placeholder !== undefined)
    return because('placeholder', () => l10n.t('its auth is {0}', placeholder()));
  if (!/^[A-Za-z0-9+/]{4,}={0,2}$/.test(value)) return undefined;
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  const colon = decoded.indexOf(':');
  if (colon < 0 || !/^[\x20-\x7e]+$/.test(decoded)) return randomSetting(shape, key);
  const password = decoded.slice(colon + 1);
  if (password === '') return undefined;
  if (placeholderIn(password, shapeOf(password)) !== undefined)
    return because('placeholder', () => l10n.t('its auth decodes to a placeholder'));
  return because('plaintext', () => l10n.t('registry credentials'));
}
