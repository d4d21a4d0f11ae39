import type { Span } from '../../core/span.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import type { TellDocument } from '../../manifest/at-rest/read-configuration.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import { Finding } from '../finding.ts';
import { wholeFilePlace } from '../whole-file.ts';
import { adviceFor } from './advice.ts';
import { judgeConfiguration, type ServerOptions } from './judge-configuration.ts';
import { sampleKeyFindings } from './sample-keys.ts';

/** Whether a text may be an EncryptionConfiguration: those that are none are not to be read as one. */
export function mayBeConfiguration(text: string): boolean {
  return text.includes('EncryptionConfig');
}

/**
 * Everything about a file that is an EncryptionConfiguration: first what kube-apiserver says to it, word for word, then advice,
 * then its keys that everybody knows. At most one finding a key. A message never holds a key.
 */
export function configurationFindings(
  text: string,
  options: ServerOptions,
  tell?: TellDocument,
): readonly Finding[] {
  const { configuration, stage, errors } = judgeConfiguration(text, options, tell);
  const invalid = errors.map((error) => {
    const place =
      stage === 'load'
        ? wholeFilePlace(text)
        : { span: firstLineOf(text, error), object: undefined, entry: undefined, located: undefined };
    return new Finding(place, ruleOf(error), 'error', () => cut(error.message));
  });
  if (configuration === undefined) return invalid;
  const said = new Set(invalid.map(({ rule, span }) => `${rule} ${span.start}`));
  const refused = new Set(invalid.map(({ span }) => span.start));
  return [
    ...invalid,
    ...adviceFor(configuration).filter(({ rule, span }) => !said.has(`${rule} ${span.start}`)),
    ...sampleKeyFindings(configuration).filter(({ span }) => !refused.has(span.start)),
  ];
}

function ruleOf({ message }: SaidAt): RuleId {
  if (message.startsWith('resource "') && message.includes(' is masked by ')) return 'at-rest/masked-rule';
  return message.startsWith('KMSv1 is deprecated') ? 'at-rest/kms-v1' : 'at-rest/invalid-configuration';
}

/** A whole rule is not underlined for what is missing in it. */
function firstLineOf(text: string, { start, end }: Span): Span {
  const length = text.slice(start, end).search(/\r?\n/);
  return { start, end: length === -1 ? end : start + length };
}

const longest = 2000;

/** kube-apiserver quotes what a file holds, however long it is. */
function cut(message: string): string {
  return message.length > longest ? `${message.slice(0, longest)}…` : message;
}
