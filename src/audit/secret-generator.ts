import * as l10n from '@vscode/l10n';
import type { SchemeRegistry } from '../schemes/registry.ts';
import type { FieldRule } from './field-rule.ts';
import { Finding, type Matter, type ObjectIdentity } from './finding.ts';
import {
  type GeneratorField,
  generatorFields,
  mayGenerateSecrets,
  statedObject,
} from './generator-references.ts';
import { judgeNamed } from './judge/field.ts';

/** Values that a kustomization's secret generator states itself. */
export const secretGenerator: FieldRule = {
  words: ['ecretGenerator'],
  isAbout: (fileName) => /^kustomization(?:\.ya?ml)?$/i.test(fileName),
  concerns: mayGenerateSecrets,
  *findings({ fields, object }, registry) {
    for (const generated of generatorFields(fields)) {
      const finding = findingOf(generated, object, registry);
      if (finding !== undefined) yield finding;
    }
  },
};

function findingOf(
  generated: GeneratorField,
  object: ObjectIdentity,
  registry: SchemeRegistry,
): Finding | undefined {
  const literal = literalOf(generated);
  if (literal === undefined) return undefined;
  const { field } = generated;
  const value = { text: literal.value, style: 'double' } as const;
  const verdict = judgeNamed(literal.key, value, 'stringData', registry);
  const { judgement } = verdict;
  if (judgement !== 'plaintext' && judgement !== 'ambiguous') return undefined;
  const place = { span: field.span, object: statedObject(object), entry: field.name, located: undefined };
  const name = () => (isKey(literal.key) ? literal.key : l10n.t('a value'));
  const matter: Matter =
    judgement === 'plaintext'
      ? (where) => l10n.t('{0} sets {1}, which is not encrypted ({2})', where, name(), verdict.reason)
      : (where) =>
          l10n.t(
            '{0} sets {1}, which may be a secret and is not encrypted ({2})',
            where,
            name(),
            verdict.reason,
          );
  return new Finding(place, 'secret-generator-literal', 'warning', matter);
}

interface Literal {
  readonly key: string;
  readonly value: string;
}

function literalOf({ field, path }: GeneratorField): Literal | undefined {
  const [list, item] = path;
  if (list === 'literals') return readLiteral(field.text);
  return list === 'commands' && typeof item === 'string' ? printed(item, field.text) : undefined;
}

/** `KEY=value` as kustomize reads it (api/kv): at the first `=`; one pair of quotes around the value is not part of it. */
function readLiteral(text: string): Literal | undefined {
  const equals = text.indexOf('=');
  return equals < 1
    ? undefined
    : { key: text.slice(0, equals), value: withoutQuotes(text.slice(equals + 1)) };
}

/** `commands`, which kustomize 1 ran to make a value: those that print what they are given. */
function printed(key: string, command: string): Literal | undefined {
  const value = /^\s*(?:echo|printf)\s+(?:-[neE]+\s+)?([^]+)$/.exec(command)?.[1];
  return value === undefined ? undefined : { key, value: withoutQuotes(value.trim()) };
}

function withoutQuotes(text: string): string {
  return /^(?:"[^]*"|'[^]*')$/.test(text) ? text.slice(1, -1) : text;
}

/** What could be a key of a Secret may be told; anything else might be part of a value. */
function isKey(text: string): boolean {
  return text.length <= 253 && /^[\w.-]+$/.test(text);
}
