import type { DurationField, KmsProvider, NumberField, TextField } from './configuration.ts';
import { type DecodeErrors, type DecodePath, decodeStruct } from './decode-context.ts';
import { decodeText } from './decode-text.ts';
import { parseDuration } from './go-duration.ts';
import type { GoValue } from './go-value.ts';

const threeSeconds = 3_000_000_000n;
const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };

/** Decodes a kms provider and fills in what kube-apiserver does (pkg/apis/apiserver/v1/defaults.go). */
export function decodeKms(
  errors: DecodeErrors,
  value: GoValue,
  path: DecodePath,
): Omit<KmsProvider, 'keySpan'> | undefined {
  const { start, end } = value;
  const none: TextField = { start, end, text: '' };
  const found = {
    apiVersion: none,
    name: none,
    endpoint: none,
    cacheSize: undefined as NumberField | undefined,
    timeout: { start, end, nanoseconds: threeSeconds } as DurationField,
  };
  const text = (field: 'apiVersion' | 'name' | 'endpoint') => (one: GoValue, at: DecodePath) => {
    found[field] = decodeText(errors, one, at);
  };
  const is = decodeStruct(errors, value, path, {
    struct: 'KMSConfiguration',
    fields: {
      apiVersion: text('apiVersion'),
      name: text('name'),
      endpoint: text('endpoint'),
      cachesize: (one, at) => {
        found.cacheSize = decodeInt32(errors, one, at);
      },
      timeout: (one, at) => {
        found.timeout = decodeDuration(errors, one, at) ?? found.timeout;
      },
    },
  });
  if (!is) return undefined;
  const { apiVersion, ...rest } = found;
  return { start, end, ...rest, apiVersion: { ...apiVersion, text: apiVersion.text || 'v1' } };
}

function decodeInt32(errors: DecodeErrors, value: GoValue, path: DecodePath): NumberField | undefined {
  const { start, end } = value;
  if (value.is === 'null') return undefined;
  const number = value.is === 'number' && /^-?[0-9]+$/.test(value.text) ? Number(value.text) : Number.NaN;
  if (number >= int32.least && number <= int32.most) return { start, end, value: number };
  errors.wrongType(value, 'int32', path);
  return undefined;
}

/** What is no duration ends Go's decoding: its type decodes itself. */
function decodeDuration(errors: DecodeErrors, value: GoValue, path: DecodePath): DurationField | undefined {
  const { start, end } = value;
  if (value.is === 'null') return undefined;
  if (value.is !== 'string') {
    const { struct, fields } = path;
    const message = `json: cannot unmarshal ${value.is} into Go struct field ${struct}.${fields} of type string`;
    errors.fatal ??= { start, end, message };
    return undefined;
  }
  const read = parseDuration(value.text);
  if (read.ok) return { start, end, nanoseconds: read.nanoseconds };
  errors.fatal ??= { start, end, message: read.reason };
  return undefined;
}
