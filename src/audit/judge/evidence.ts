import * as l10n from '@vscode/l10n';
import type { KeyEvidence } from './keys.ts';
import { isAlgorithmName, isNeverCredential, isPublicValue } from './public.ts';
import { HAS, looksRandom, type Shape } from './shape.ts';
import { isCapitalName, isUuid } from './values.ts';
import { because, keyNameSays, type Verdict } from './verdict.ts';
import { describesItself } from './vocabulary.ts';

const LONG_RANDOM = 24;
const SECRET_LENGTH = 32;
const RANDOM = because('plaintext', () => l10n.t('a random-looking value'));
const randomThoughNamed = (word: string) => l10n.t('random-looking, though the key name says {0}', word);

/** One line that says nothing by itself, weighed with its key name. Empty, sealed and substituted ones are gone by now. */
export function weigh(text: string, shape: Shape, key: KeyEvidence): Verdict {
  switch (key.role) {
    case 'credential':
      return isNeverCredential(text, shape)
        ? because('public', () => l10n.t('a flag, path or address'))
        : literal(text, shape, key);
    case 'leaning':
      return isPublicValue(text, shape)
        ? because('public', () => l10n.t('a setting'))
        : literal(text, shape, key);
    case 'secret-id':
      return isUuid(text) || looksRandom(shape)
        ? RANDOM
        : because('ambiguous', () => l10n.t('half of a pair of keys'));
    case 'access-id':
      return looksRandom(shape) && shape.length >= SECRET_LENGTH
        ? RANDOM
        : because('ambiguous', () => l10n.t('an access key ID'));
    case 'identifier':
    case 'certificate':
      return because('public', keyNameSays, key.word);
    case 'public':
      return isLongRandom(text, shape)
        ? because('ambiguous', randomThoughNamed, key.word)
        : because('public', keyNameSays, key.word);
    case 'reference':
      return isLongRandom(text, shape)
        ? RANDOM
        : because('public', () => l10n.t('the name of something elsewhere'));
    case 'weak':
    case 'none':
      break;
  }
  return unnamed(text, shape, key);
}

function isLongRandom(text: string, shape: Shape): boolean {
  return shape.length >= LONG_RANDOM && looksRandom(shape) && !isUuid(text) && !isPublicValue(text, shape);
}

/** Only words parted by separators can. */
function couldDescribe(shape: Shape): boolean {
  return shape.digit === 0 && (shape.mask & (HAS.dash | HAS.underscore | HAS.dot | HAS.space)) !== 0;
}

function literal(text: string, shape: Shape, key: KeyEvidence): Verdict {
  if (isAlgorithmName(text, shape)) return because('public', () => l10n.t('the name of an algorithm'));
  if (isCapitalName(text, shape)) return because('ambiguous', () => l10n.t('a name in capitals'));
  if (text === 'changeit' || (couldDescribe(shape) && describesItself(text)))
    return because('ambiguous', () => l10n.t('words that describe themselves'));
  return because('plaintext', keyNameSays, key.word);
}

const NAMES_ITSELF_PASSWORD = /^\S*p[a@]ssw[o0]r?d\S*$/i;
const SHORTEST_NAMING = 9;
const USER_AND_PASSWORD = /^[\w.-]+:[^\s:/]+$/;

function unnamed(text: string, shape: Shape, key: KeyEvidence): Verdict {
  if (isUuid(text)) return because('ambiguous', () => l10n.t('a UUID'));
  if (isPublicValue(text, shape)) return because('public', () => l10n.t('a setting'));
  if (looksRandom(shape)) return RANDOM;
  if (key.word === 'auth' && (shape.mask & HAS.colon) !== 0 && USER_AND_PASSWORD.test(text))
    return because('plaintext', () => l10n.t('a user name and password'));
  if (shape.length > SHORTEST_NAMING && NAMES_ITSELF_PASSWORD.test(text) && !describesItself(text))
    return because('plaintext', () => l10n.t('a value that calls itself a password'));
  return because('ambiguous', () => l10n.t('no evidence either way'));
}
