import * as l10n from '@vscode/l10n';
import { judgeBinary } from './binary.ts';
import { type KeyEvidence, keyEvidence } from './keys.ts';
import { placeholderIn } from './placeholders.ts';
import { HAS, randomness, shapeOf } from './shape.ts';
import { asText, type Context, judgeText, LOOKED_AT } from './text.ts';
import { because, EMPTY, OURS, type Verdict } from './verdict.ts';

export type { Judgement, Verdict } from './verdict.ts';

/** One entry of a Secret as it stands in the manifest. */
export interface JudgedEntry {
  readonly map: 'data' | 'stringData';
  readonly key: string;
  /** The scalar's value as YAML gives it, base64 not decoded. */
  readonly text: string;
  /** An unquoted scalar, in which `~` and `null` are nothing. */
  readonly plain: boolean;
  /** The Secret's `type`. */
  readonly secretType: string | undefined;
}

const HELM_RELEASE: Verdict = because('ambiguous', () => l10n.t('a Helm release record'));
const FILLED_BY_CLUSTER: Verdict = because('empty', () => l10n.t('the cluster fills it in'));
const NULL = /^(?:~|null|Null|NULL)$/;
const MAX_LAYERS = 2;

/**
 * What a Secret's value is: a credential in the clear, doubtful, still to be substituted, ciphertext, nothing,
 * or harmless. A literal without evidence is `ambiguous`; a random-looking one is `plaintext` under any name.
 * `isEncrypted` recognises our own schemes and gets the whole text, for `data` the decoded text as well; of what
 * is longer than 65,536 units only the beginning is judged. Total: no input throws. Linear.
 */
export function judge(entry: JudgedEntry, isEncrypted: (text: string) => boolean): Verdict {
  const { text, secretType } = entry;
  if (text === '' || (entry.plain && text.length <= 4 && NULL.test(text))) return EMPTY;
  if (entry.key === '$patch' || entry.key === '$retainKeys')
    return because('empty', () => l10n.t('an instruction to kustomize'));
  if (secretType === 'helm.sh/release.v1') return HELM_RELEASE;
  const context: Context = { key: keyEvidence(entry.key), isEncrypted, layers: MAX_LAYERS };
  const verdict = entry.map === 'data' ? judgeData(text, context) : judgeText(text, context);
  return secretType === 'kubernetes.io/service-account-token'
    ? ofServiceAccount(verdict, context.key)
    : verdict;
}

/** Only a real token counts: the cluster overwrites everything else. */
function ofServiceAccount(verdict: Verdict, key: KeyEvidence): Verdict {
  if (verdict.judgement === 'ambiguous') return FILLED_BY_CLUSTER;
  if (verdict.judgement === 'plaintext' && key.role !== 'credential' && key.role !== 'none')
    return FILLED_BY_CLUSTER;
  return verdict;
}

const BASE64 = /^[A-Za-z0-9+/\r\n]*={0,2}[\r\n]*$/;
const WORD_SCORE = 0.27;
const LONGEST_WORD = 24;

function judgeData(text: string, context: Context): Verdict {
  const bytes = decode(text);
  if (bytes === undefined) return judgeText(text, context);
  const decoded = asText(bytes);
  return decoded === undefined ? judgeUndecoded(text, bytes, context) : judgeText(decoded, context);
}

/** Padded standard base64 with line breaks, as Go's decoder takes it. */
function decode(text: string): Buffer | undefined {
  if (!BASE64.test(text)) return undefined;
  const compact = text.includes('\n') ? text.replace(/[\r\n]+/g, '') : text;
  return compact.length % 4 === 0 ? Buffer.from(compact, 'base64') : undefined;
}

/** base64 of bytes, or words that happen to be base64 (`password`, `postgres`). */
function judgeUndecoded(text: string, bytes: Uint8Array, context: Context): Verdict {
  if (context.isEncrypted(text)) return OURS;
  const head = (text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text).trim();
  return isLiteral(head) ? judgeText(text, { ...context, layers: 0 }) : judgeBinary(bytes, context.key);
}

function isLiteral(text: string): boolean {
  const shape = shapeOf(text);
  if (randomness(shape) >= WORD_SCORE) return false;
  if (shape.length <= LONGEST_WORD && (shape.mask & ~HAS.x) === 0) return true;
  return placeholderIn(text, shape) !== undefined;
}
