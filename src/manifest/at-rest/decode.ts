import { Plaintext } from '../../core/plaintext.ts';
import type { Span } from '../../core/span.ts';
import type {
  ConfiguredKey,
  EncryptionConfiguration,
  KeyedProvider,
  ListOf,
  ProviderElement,
  ResourceRule,
  SecretField,
  TextField,
} from './configuration.ts';
import { type DecodeErrors, type DecodePath, decodeItems, decodeStruct } from './decode-context.ts';
import { decodeKms } from './decode-kms.ts';
import { decodeText } from './decode-text.ts';
import type { GoValue } from './go-value.ts';

/** Decodes the whole document, strictly (kubernetes/apiserver, pkg/apis/apiserver/v1). */
export function decodeConfiguration(
  errors: DecodeErrors,
  value: GoValue,
  legacy: boolean,
): EncryptionConfiguration {
  let resources: readonly ResourceRule[] = [];
  const ignored = () => undefined;
  decodeStruct(
    errors,
    value,
    { struct: '', fields: '', strict: '' },
    {
      struct: 'EncryptionConfiguration',
      fields: {
        kind: ignored,
        apiVersion: ignored,
        resources: (list, path) => {
          const item = (one: GoValue, at: DecodePath) => decodeRule(errors, one, at);
          resources = decodeItems(errors, list, path, { type: 'v1.ResourceConfiguration', item });
        },
      },
    },
  );
  return { ...placeOf(value), legacy, resources };
}

function decodeRule(errors: DecodeErrors, value: GoValue, path: DecodePath): ResourceRule {
  let resources: ListOf<TextField> = nothingAt(value);
  let providers: ListOf<ProviderElement> = nothingAt(value);
  decodeStruct(errors, value, path, {
    struct: 'ResourceConfiguration',
    fields: {
      resources: (list, at) => {
        const item = (one: GoValue, path: DecodePath) => decodeText(errors, one, path);
        resources = {
          ...placeOf(list),
          isNull: list.is === 'null',
          items: decodeItems(errors, list, at, { type: 'string', item }),
        };
      },
      providers: (list, at) => {
        const item = (one: GoValue, path: DecodePath) => decodeProvider(errors, one, path);
        const type = 'v1.ProviderConfiguration';
        providers = {
          ...placeOf(list),
          isNull: list.is === 'null',
          items: decodeItems(errors, list, at, { type, item }),
        };
      },
    },
  });
  return { ...placeOf(value), resources, providers };
}

function decodeProvider(errors: DecodeErrors, value: GoValue, path: DecodePath): ProviderElement {
  const found: { -readonly [K in keyof ProviderElement]: ProviderElement[K] } = {
    ...placeOf(value),
    aesgcm: undefined,
    aescbc: undefined,
    secretbox: undefined,
    identity: undefined,
    kms: undefined,
  };
  const keyed =
    (kind: 'aesgcm' | 'aescbc' | 'secretbox', struct: string) =>
    (one: GoValue, at: DecodePath, keySpan: Span) => {
      const keys = decodeKeyed(errors, one, at, struct);
      found[kind] = keys && { ...placeOf(one), keySpan, keys };
    };
  decodeStruct(errors, value, path, {
    struct: 'ProviderConfiguration',
    fields: {
      aesgcm: keyed('aesgcm', 'AESConfiguration'),
      aescbc: keyed('aescbc', 'AESConfiguration'),
      secretbox: keyed('secretbox', 'SecretboxConfiguration'),
      identity: (one, at, keySpan) => {
        const is = decodeStruct(errors, one, at, { struct: 'IdentityConfiguration', fields: {} });
        found.identity = is ? { ...placeOf(one), keySpan } : undefined;
      },
      kms: (one, at, keySpan) => {
        const kms = decodeKms(errors, one, at);
        found.kms = kms && { ...kms, keySpan };
      },
    },
  });
  return found;
}

function decodeKeyed(
  errors: DecodeErrors,
  value: GoValue,
  path: DecodePath,
  struct: string,
): KeyedProvider['keys'] | undefined {
  let keys: ListOf<ConfiguredKey> = nothingAt(value);
  const is = decodeStruct(errors, value, path, {
    struct,
    fields: {
      keys: (list, at) => {
        const item = (one: GoValue, path: DecodePath) => decodeKey(errors, one, path);
        keys = {
          ...placeOf(list),
          isNull: list.is === 'null',
          items: decodeItems(errors, list, at, { type: 'v1.Key', item }),
        };
      },
    },
  });
  return is ? keys : undefined;
}

function decodeKey(errors: DecodeErrors, value: GoValue, path: DecodePath): ConfiguredKey {
  let name: TextField = { ...placeOf(value), text: '' };
  let secret: SecretField = { ...placeOf(value), text: Plaintext.fromText('') };
  decodeStruct(errors, value, path, {
    struct: 'Key',
    fields: {
      name: (one, at) => {
        name = decodeText(errors, one, at);
      },
      secret: (one, at) => {
        const { text, ...place } = decodeText(errors, one, at);
        secret = { ...place, text: Plaintext.fromText(text) };
      },
    },
  });
  return { ...placeOf(value), name, secret };
}

function nothingAt(value: Span): ListOf<never> {
  return { ...placeOf(value), items: [], isNull: true };
}

function placeOf({ start, end }: Span): Span {
  return { start, end };
}
