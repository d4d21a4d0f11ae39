import * as l10n from '@vscode/l10n';
import { isMarkup } from './markup.ts';
import { HAS, randomness, type Shape, shapeOf } from './shape.ts';
import type { Phrase } from './verdict.ts';

const LONGEST_WORDS = 200;
const MARKS =
  HAS.underscore |
  HAS.at |
  HAS.percent |
  HAS.star |
  HAS.dot |
  HAS.hash |
  HAS.equals |
  HAS.otherSymbol |
  HAS.foreign;
const LONG = 64;
const PEM_IN_BASE64 = 'LS0tLS1CRUdJTi';

/**
 * Whether one line is something to be substituted before it is used: a variable, a template expression, a
 * reference to a store, or words that say so. Returns what it is, for a person. Linear.
 */
export function placeholderIn(text: string, shape: Shape): Phrase | undefined {
  const { mask } = shape;
  if (shape.pairs === 0 && SIGNS.test(text)) return () => l10n.t('nothing but signs');
  if ((mask & (HAS.dollar | HAS.brace | HAS.paren | HAS.bracket | HAS.angle)) !== 0) {
    const marked = expression(text, mask);
    if (marked !== undefined) return marked;
  }
  if ((mask & MARKS) !== 0) {
    const masked = marker(text, mask);
    if (masked !== undefined) return masked;
  }
  if ((mask & HAS.x) !== 0 && isCrossedOut(text)) return () => l10n.t('crossed out with x');
  if ((mask & HAS.colon) !== 0 && REFERENCE.test(text)) return () => l10n.t('a reference to a secret store');
  if (text.length < LONG && text.startsWith(PEM_IN_BASE64)) return () => l10n.t('a PEM block cut short');
  if (text.length <= LONGEST_WORDS && shape.lower + shape.upper > 2 && WORDS.test(text))
    return () => l10n.t('words that ask to be replaced');
  return undefined;
}

/** A template expression anywhere: `{{ }}`, `${ }`, `$( )`. */
export function hasTemplate(text: string): boolean {
  return between(text, '{{', '}}', 0) || between(text, '${', '}', 1) || between(text, '$(', ')', 1);
}

function between(text: string, open: string, close: string, atLeast: number): boolean {
  const start = text.indexOf(open);
  if (start < 0) return false;
  const end = text.indexOf(close, start + open.length);
  return end >= start + open.length + atLeast;
}

const VARIABLE =
  /^\$(?:[A-Z][A-Z0-9_]*|[A-Za-z_][\w-]*(?:[.:][\w-]+)+|[a-z_]\w*(?:pass|secret|token|key|user)\w*)$/i;
const LONE_VARIABLE = /^(?:\$[A-Z_][A-Z0-9_]+)+$/;
const WRAPPED = /^(?:\[[^[\]"',]*[A-Za-z][^[\]"',]*\]|\{[^{}"':,]*[A-Za-z][^{}"':,]*\})$/;

const ENVIRONMENT = /^(?:process\.|os\.)?env(?:iron)?\[["']?\w+["']?\]$/i;
const CALL = /^(?:base64|b64|b64enc|base64encode|b64encode)\(.*\)$/i;

function expression(text: string, mask: number): Phrase | undefined {
  if ((mask & HAS.brace) !== 0 && between(text, '{{', '}}', 0)) return () => l10n.t('a template expression');
  if ((mask & HAS.dollar) !== 0) {
    if (between(text, '${', '}', 1) || between(text, '$(', ')', 1)) return () => l10n.t('a variable');
    if (LONE_VARIABLE.test(text) || (VARIABLE.test(text) && /[.:]|pass|secret|token|key|user/i.test(text)))
      return () => l10n.t('a variable');
  }
  if (text.length > 1024) return undefined;
  if ((mask & HAS.paren) !== 0 && (between(text, '((', '))', 1) || CALL.test(text)))
    return () => l10n.t('a template expression');
  if ((mask & HAS.bracket) !== 0 && between(text, '[[', ']]', 1))
    return () => l10n.t('a template expression');
  if ((mask & HAS.brace) !== 0 && (between(text, '#{', '}', 1) || between(text, '%{', '}', 1)))
    return () => l10n.t('a variable');
  if ((mask & HAS.bracket) !== 0 && ENVIRONMENT.test(text)) return () => l10n.t('a variable');
  if ((mask & (HAS.bracket | HAS.brace)) !== 0 && WRAPPED.test(text))
    return () => l10n.t('a description in brackets');
  if ((mask & HAS.brace) !== 0 && /\{[A-Za-z]+(?: [\w'-]+)+\}/.test(text))
    return () => l10n.t('a description in brackets');
  if ((mask & HAS.brace) !== 0 && /\?\{[a-z0-9]+:/.test(text)) return () => l10n.t('a reference of Kapitan');
  if ((mask & HAS.angle) !== 0 && hasAngleBrackets(text))
    return () => l10n.t('a description in angle brackets');
  return undefined;
}

function hasAngleBrackets(text: string): boolean {
  const start = text.indexOf('<');
  const end = text.indexOf('>', start + 1);
  if (start === 0 && text.startsWith('<<') && text.endsWith('>>')) return true;
  if (start === 0 && end === text.length - 1) return !isMarkup(text) && !isTyped(text.slice(1, end));
  if (start < 0 || end < start + 3 || isMarkup(text)) return false;
  const inner = text.slice(start + 1, end);
  if (!/^[A-Za-z%][\w .:/#%=[\]"'-]*$/.test(inner)) return false;
  return !isGlued(text, start, end) || /^[A-Za-z]{3,}\d{0,2}$|^%|[ _.:/#=-]/.test(inner);
}

const TYPED = 0.45;
const SHORTEST_TYPED = 8;

/** A generated password that happens to stand in angle brackets: no words, no scheme of a reference. */
function isTyped(inner: string): boolean {
  if (inner.length < SHORTEST_TYPED || /\s|^[a-z][a-z0-9-]*:/.test(inner)) return false;
  const shape = shapeOf(inner);
  return shape.lower > 0 && shape.upper > 0 && shape.digit > 0 && randomness(shape) >= TYPED;
}

/** Letters or digits right beside the brackets, as in a password that has some. */
function isGlued(text: string, start: number, end: number): boolean {
  return /[A-Za-z0-9]/.test(text.charAt(start - 1) + text.charAt(end + 1));
}

const MARKED = /^(?:__[\w.-]+__|@@?[A-Za-z_][\w.-]*@@?|%[A-Za-z_][\w.]*%|%[svdq]|`[^`]+`)$/;
/** `##NAME##`, `%%NAME%%`, `!!!SET THIS!!!` */
const FENCED = /^(?:([#%~=|^])\1+|!{3,})[\w .-]*[A-Za-z][\w .-]*(?:\1{2,}|!{3,})$/;
const SIGNS = /^[-?_.*#~=/]{1,16}$/;

function marker(text: string, mask: number): Phrase | undefined {
  if ((mask & HAS.dot) !== 0 && text.includes('...')) return () => l10n.t('cut with dots');
  if ((mask & HAS.foreign) !== 0 && text.includes('…')) return () => l10n.t('cut with dots');
  if ((mask & HAS.star) !== 0 && (text.includes('***') || /^\*\*.+\*\*$/.test(text)))
    return () => l10n.t('masked with asterisks');
  if (text.length > LONGEST_WORDS) return undefined;
  if (
    MARKED.test(text) ||
    FENCED.test(text) ||
    ((mask & HAS.underscore) !== 0 && /__[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*__/.test(text))
  )
    return () => l10n.t('a marked name');
  return undefined;
}

/** Long random text holds `xxxx` now and then. */
function isCrossedOut(text: string): boolean {
  if (text.length < LONG) return /x{4}/i.test(text) || /^(?:x{3}|x+(?:[-_. ]x+)+)$/i.test(text);
  return /x{8}/.test(text) || /X{8}/.test(text);
}

const REFERENCE =
  /^(?:op:\/\/|>>vault:|ref\+|secretref\+|(?:awssm|awsps|aws-?ssm|ssm|asm|gcpsm|gcp-?secrets?|gcpsecretmanager|azurekeyvault|akv|keyvault|vault|sm|berglas|keeper|bws?|doppler|infisical|secrets?|secretsmanager|conjur|env|k8s):\/\/|vault:[\w./-]+#|env[:.][A-Za-z_]\w*$|@Microsoft\.KeyVault)/i;

const SEPARATOR = '[\\W_]';
const END = `(?:$|${SEPARATOR})`;
const THINGS =
  'password|passwd|pass|secret|token|key|api|name|user|domain|email|value|host|id|cert|client|access';
/** Words that count only where a word starts. */
const AT_WORD_START = [
  `replaced?(?:${SEPARATOR}|me|this|with|$)`,
  `to${SEPARATOR}be${SEPARATOR}`,
  `(?:todo|tbd|fixme|tba)${END}`,
  `(?:fill|set|override|edit|update|modify|configure)${SEPARATOR}?(?:me|this)${END}`,
  `fill${SEPARATOR}in`,
  `set${SEPARATOR}(?:by|via|in|at|from|during)${SEPARATOR}`,
  `(?:put|enter|paste|insert|provide|specify|supply|add)${SEPARATOR}(?:your|the|my|a${SEPARATOR}|${THINGS})`,
  'insert(?:your|token|key|here)',
  `yours?${SEPARATOR}`,
  `your(?:${THINGS})`,
  `encoded${SEPARATOR}`,
  `(?:not${SEPARATOR}set|unset|undefined|n/a|nil|null|none)$`,
  `auto${SEPARATOR}?generated`,
  `generate${SEPARATOR}`,
  `see${SEPARATOR}(?:comment|readme|docs)`,
];
const ANYWHERE = [
  `change${SEPARATOR}?(?:me|this)`,
  `change${SEPARATOR}(?:it${SEPARATOR}|in${SEPARATOR}|to${END}|before|for|your|the|these|on|with|immediately)`,
  'changein(?:prod|production)',
  'place-?holder',
  'redacted',
  `${SEPARATOR}here${SEPARATOR}?$`,
  `goes${SEPARATOR}?here`,
  '(?:password|secret|token|key|value)here$',
  `b(?:ase)?64${SEPARATOR}?(?:encoded|of|string|value|data|here)`,
  `b(?:ase)?64${SEPARATOR}(?:${THINGS})${END}`,
  `(?:managed|provided|supplied|injected|populated|overridden|generated|filled|created)${SEPARATOR}(?:by|from|via|at|in|during|automatically)`,
];
const WORDS = new RegExp(`(?:^|${SEPARATOR})(?:${AT_WORD_START.join('|')})|${ANYWHERE.join('|')}`, 'i');
