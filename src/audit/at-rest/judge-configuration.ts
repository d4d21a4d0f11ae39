import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { maskedRule } from '../../manifest/at-rest/coverage.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import { goQuote } from '../../manifest/at-rest/go-text.ts';
import { readConfiguration, type TellDocument } from '../../manifest/at-rest/read-configuration.ts';
import { validateConfiguration } from './validate.ts';

/** Which kube-apiserver is asked. */
export interface ServerOptions {
  /** `--encryption-provider-config-automatic-reload` */
  readonly reload: boolean;
  /** `--feature-gates=KMSv1=true`; off by default since 1.29. */
  readonly kmsV1: boolean;
}

/** How far kube-apiserver gets with a file: it stops after the stage in which it finds something. */
export type Stage = 'load' | 'decode' | 'validate' | 'build';

export interface JudgedConfiguration {
  readonly configuration: EncryptionConfiguration | undefined;
  readonly stage: Stage | undefined;
  /** In kube-apiserver's words and order; none where it takes the file. */
  readonly errors: readonly SaidAt[];
}

const kmsV1IsOff =
  'KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.';

/** What kube-apiserver says to a file (kubernetes/apiserver, pkg/server/options/encryptionconfig/config.go). */
export function judgeConfiguration(
  text: string,
  options: ServerOptions,
  tell?: TellDocument,
): JudgedConfiguration {
  if (text === '')
    return {
      configuration: undefined,
      stage: 'load',
      errors: [{ start: 0, end: 0, message: 'encryption provider configuration file is empty' }],
    };
  const { configuration, errors: decoding } = readConfiguration(text, tell);
  if (configuration === undefined || decoding.length > 0)
    return { configuration, stage: 'decode', errors: decoding };
  const invalid = validateConfiguration(configuration, options.reload);
  if (invalid.length > 0) return { configuration, stage: 'validate', errors: invalid };
  const building = buildError(configuration, options);
  return { configuration, stage: building && 'build', errors: building === undefined ? [] : [building] };
}

function buildError(configuration: EncryptionConfiguration, { kmsV1 }: ServerOptions): SaidAt | undefined {
  const masked = maskedRule(configuration);
  if (kmsV1) return masked;
  for (const rule of configuration.resources) {
    const old = rule.providers.items.find(({ kms }) => kms?.apiVersion.text === 'v1')?.kms?.keySpan;
    if (old !== undefined) return { start: old.start, end: old.end, message: kmsV1IsOff };
    const last = rule.resources.items.at(-1);
    if (masked !== undefined && last !== undefined && masked.start <= last.start) return masked;
  }
  return masked;
}

/** All of it as kube-apiserver prints it when it does not start; undefined where it does. */
export function asPrinted({ stage, errors }: JudgedConfiguration, path: string): string | undefined {
  const messages = errors.map(({ message }) => message);
  const file = `encryption provider configuration file ${goQuote(path)}`;
  if (stage === undefined) return undefined;
  if (stage === 'build') return `error while building transformers: ${messages.join()}`;
  if (stage === 'load') return `error while parsing file: error while loading file: ${file} is empty`;
  const said = stage === 'decode' ? decodingPrinted(messages, file) : aggregated(messages);
  return `error while parsing file: ${said}`;
}

/** Go's aggregate tells each message once. */
function aggregated(messages: readonly string[]): string {
  const distinct = [...new Set(messages)];
  return distinct.length === 1 ? distinct.join() : `[${distinct.join(', ')}]`;
}

const repeatedKeys = 'yaml: unmarshal errors:\n';

function decodingPrinted(messages: readonly string[], file: string): string {
  const [first = ''] = messages;
  if (first.startsWith('got unexpected config type')) return first;
  const isStrict = /^(?:unknown|duplicate) field /.test(first) || first.startsWith(repeatedKeys);
  const joined = messages
    .map((message, index) =>
      index > 0 && message.startsWith(repeatedKeys)
        ? `\n${message.slice(repeatedKeys.length)}`
        : `, ${message}`,
    )
    .join('')
    .slice(2);
  return `error decoding ${file}: ${isStrict ? 'strict decoding error: ' : ''}${joined}`;
}
