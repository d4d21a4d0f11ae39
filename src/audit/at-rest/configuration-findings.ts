import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import type { TellDocument } from '../../manifest/at-rest/read-configuration.ts';
import type { RuleId } from '../../policy/rule-ids.ts';
import { Finding } from '../finding.ts';
import { wholeFilePlace } from '../whole-file.ts';
import { adviceFor } from './advice.ts';
import { judgeConfiguration, type ServerOptions } from './judge-configuration.ts';

export interface ConfigurationOptions extends ServerOptions {
  /** Whether the file is in a repository: keys in clear are to be told then. */
  readonly tracked: boolean;
}

/** Whether a text may be an EncryptionConfiguration: those that are none are not to be read as one. */
export function mayBeConfiguration(text: string): boolean {
  return text.includes('EncryptionConfig');
}

/**
 * Everything about a file that is an EncryptionConfiguration: first what kube-apiserver says to it, word for word, then advice.
 * A message never holds a key.
 */
export function configurationFindings(
  text: string,
  options: ConfigurationOptions,
  tell?: TellDocument,
): readonly Finding[] {
  const { configuration, stage, errors } = judgeConfiguration(text, options, tell);
  const invalid = errors.map((error) => {
    const place =
      stage === 'load'
        ? wholeFilePlace(text)
        : {
            span: { start: error.start, end: error.end },
            object: undefined,
            entry: undefined,
            located: undefined,
          };
    return new Finding(place, ruleOf(error), 'error', error.message);
  });
  const advice = configuration === undefined ? [] : adviceFor(configuration, options);
  const isSaid = (rule: RuleId, { start }: { readonly start: number }) =>
    invalid.some((finding) => finding.rule === rule && finding.span.start === start);
  return [...invalid, ...advice.filter(({ rule, span }) => !isSaid(rule, span))];
}

function ruleOf({ message }: SaidAt): RuleId {
  if (message.startsWith('resource "') && message.includes(' is masked by ')) return 'at-rest/masked-rule';
  return message.startsWith('KMSv1 is deprecated') ? 'at-rest/kms-v1' : 'at-rest/invalid-configuration';
}
