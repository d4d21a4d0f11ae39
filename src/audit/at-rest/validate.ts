import {
  type EncryptionConfiguration,
  kindsOf,
  type ProviderElement,
  type ResourceRule,
} from '../../manifest/at-rest/configuration.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import { required } from './field-error.ts';
import { validateKms } from './validate-kms.ts';
import { validateKeys, validateSingle } from './validate-providers.ts';
import { validateNames, validateOverlap } from './validate-resources.ts';

/**
 * What kube-apiserver has against a configuration that it could decode, in its words and order (kubernetes/apiserver,
 * pkg/apis/apiserver/validation/validation_encryption.go).
 * @param reload whether it runs with `--encryption-provider-config-automatic-reload`, which forbids names of v1 to stand twice
 */
export function validateConfiguration(
  configuration: EncryptionConfiguration,
  reload: boolean,
): readonly SaidAt[] {
  if (configuration.resources.length === 0)
    return [required(configuration, 'resources', 'at least one resources is required')];
  const names = new Set<string>();
  return configuration.resources.flatMap((rule, index) =>
    ruleErrors(rule, `resources[${index}]`, names, reload),
  );
}

function ruleErrors(
  rule: ResourceRule,
  path: string,
  names: Set<string>,
  reload: boolean,
): readonly SaidAt[] {
  const [resources, providers] = [`${path}.resources`, `${path}.providers`];
  const missing = (at: string) => `at least one ${at} is required`;
  return [
    ...(rule.resources.items.length === 0 ? [required(rule.resources, resources, missing(resources))] : []),
    ...validateOverlap(rule.resources, resources),
    ...validateNames(rule.resources, resources),
    ...(rule.providers.items.length === 0 ? [required(rule.providers, providers, missing(providers))] : []),
    ...rule.providers.items.flatMap((element, index) =>
      providerErrors(element, `${providers}[${index}]`, names, reload),
    ),
  ];
}

function providerErrors(
  element: ProviderElement,
  path: string,
  names: Set<string>,
  reload: boolean,
): readonly SaidAt[] {
  return [...validateSingle(element, path), ...contentErrors(element, path, names, reload)];
}

/** Of several in one element Go looks into the first. */
function contentErrors(
  element: ProviderElement,
  path: string,
  names: Set<string>,
  reload: boolean,
): readonly SaidAt[] {
  const [kind] = kindsOf(element);
  if (kind === undefined || kind === 'identity') return [];
  if (kind !== 'kms') {
    const keys = element[kind]?.keys;
    return keys === undefined ? [] : validateKeys(keys, `${path}.${kind}.keys`, kind);
  }
  if (element.kms === undefined) return [];
  const errors = validateKms(element.kms, `${path}.kms`, names, reload);
  names.add(element.kms.name.text);
  return errors;
}
