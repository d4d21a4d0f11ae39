import type { KeyEvidence } from './keys.ts';
import { isAlgorithmName, isNeverCredential, isPublicValue } from './public.ts';
import { HAS, looksRandom, type Shape } from './shape.ts';
import { isCapitalName, isUuid } from './values.ts';
import { because, type Verdict } from './verdict.ts';
import { describesItself } from './vocabulary.ts';

const LONG_RANDOM = 24;
const SECRET_LENGTH = 32;
const RANDOM = because('plaintext', 'a random-looking value');

/** One line that says nothing by itself, weighed with its key name. Empty, sealed and substituted ones are gone by now. */
export function weigh(text: string, shape: Shape, key: KeyEvidence): Verdict {
  switch (key.role) {
    case 'credential':
      return isNeverCredential(text, shape)
        ? because('public', 'a flag, path or address')
        : literal(text, shape, key);
    case 'leaning':
      return isPublicValue(text, shape) ? because('public', 'a setting') : literal(text, shape, key);
    case 'secret-id':
      return isUuid(text) || looksRandom(shape) ? RANDOM : because('ambiguous', 'half of a pair of keys');
    case 'access-id':
      return looksRandom(shape) && shape.length >= SECRET_LENGTH
        ? RANDOM
        : because('ambiguous', 'an access key ID');
    case 'identifier':
    case 'certificate':
      return because('public', `the key name says ${key.word}`);
    case 'public':
      return isLongRandom(text, shape)
        ? because('ambiguous', `random-looking, though the key name says ${key.word}`)
        : because('public', `the key name says ${key.word}`);
    case 'reference':
      return isLongRandom(text, shape) ? RANDOM : because('public', 'the name of something elsewhere');
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
  if (isAlgorithmName(text, shape)) return because('public', 'the name of an algorithm');
  if (isCapitalName(text, shape)) return because('ambiguous', 'a name in capitals');
  if (text === 'changeit' || (couldDescribe(shape) && describesItself(text)))
    return because('ambiguous', 'words that describe themselves');
  return because('plaintext', `the key name says ${key.word}`);
}

const NAMES_ITSELF_PASSWORD = /^\S*p[a@]ssw[o0]r?d\S*$/i;
const SHORTEST_NAMING = 9;
const USER_AND_PASSWORD = /^[\w.-]+:[^\s:/]+$/;

function unnamed(text: string, shape: Shape, key: KeyEvidence): Verdict {
  if (isUuid(text)) return because('ambiguous', 'a UUID');
  if (isPublicValue(text, shape)) return because('public', 'a setting');
  if (looksRandom(shape)) return RANDOM;
  if (key.word === 'auth' && (shape.mask & HAS.colon) !== 0 && USER_AND_PASSWORD.test(text))
    return because('plaintext', 'a user name and password');
  if (shape.length > SHORTEST_NAMING && NAMES_ITSELF_PASSWORD.test(text) && !describesItself(text))
    return because('plaintext', 'a value that calls itself a password');
  return because('ambiguous', 'no evidence either way');
}
