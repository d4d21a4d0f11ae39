import type { KmsProvider } from '../../manifest/at-rest/configuration.ts';
import type { SaidAt } from '../../manifest/at-rest/decode-context.ts';
import { formatDuration } from '../../manifest/at-rest/go-duration.ts';
import { goQuote } from '../../manifest/at-rest/go-text.ts';
import { invalid, required } from './field-error.ts';
import { parseUrl } from './go-url.ts';

/** kube-apiserver's `validateKMSConfiguration`. `names` are those of the kms providers before it, of both versions. */
export function validateKms(
  kms: KmsProvider,
  path: string,
  names: ReadonlySet<string>,
  reload: boolean,
): readonly SaidAt[] {
  return [
    ...nameErrors(kms, `${path}.name`, names, reload),
    ...(kms.timeout.nanoseconds > 0n
      ? []
      : [
          invalid(
            kms.timeout,
            `${path}.timeout`,
            formatDuration(kms.timeout.nanoseconds),
            'timeout should be a positive value',
          ),
        ]),
    ...endpointErrors(kms, `${path}.endpoint`),
    ...cacheSizeErrors(kms, `${path}.cachesize`),
    ...versionErrors(kms, `${path}.apiVersion`),
  ];
}

function nameErrors(
  { name, apiVersion }: KmsProvider,
  path: string,
  names: ReadonlySet<string>,
  reload: boolean,
): readonly SaidAt[] {
  const isV1 = apiVersion.text === 'v1';
  const { text } = name;
  const colon = `invalid KMS provider name ${text}, must not contain ':'`;
  const twice = `duplicate KMS provider name ${text}, names must be unique`;
  return [
    ...(text === '' ? [required(name, path, 'name is a mandatory field for a provider')] : []),
    ...(!isV1 && text.includes(':') ? [invalid(name, path, text, colon)] : []),
    ...((reload || !isV1) && names.has(text) ? [invalid(name, path, text, twice)] : []),
  ];
}

function endpointErrors({ endpoint }: KmsProvider, path: string): readonly SaidAt[] {
  const { text } = endpoint;
  if (text === '') return [invalid(endpoint, path, '', 'endpoint is a mandatory field for a kms')];
  const url = parseUrl(text);
  if (!url.ok) {
    return [invalid(endpoint, path, text, `invalid endpoint for kms provider, error: ${url.reason}`)];
  }
  if (url.scheme === 'unix') return [];
  const scheme = `unsupported scheme ${goQuote(url.scheme)} for KMS provider, only unix is supported`;
  return [invalid(endpoint, path, text, scheme)];
}

function cacheSizeErrors({ apiVersion, cacheSize }: KmsProvider, path: string): readonly SaidAt[] {
  if (cacheSize === undefined) return [];
  if (apiVersion.text !== 'v1')
    return [invalid(cacheSize, path, cacheSize.value, 'cachesize is not supported in v2')];
  if (cacheSize.value !== 0) return [];
  return [invalid(cacheSize, path, 0, 'cachesize should be a positive value, or negative to disable')];
}

/** The message names the field where it means its value: so does kube-apiserver's. */
function versionErrors({ apiVersion }: KmsProvider, path: string): readonly SaidAt[] {
  if (apiVersion.text === 'v1' || apiVersion.text === 'v2') return [];
  const detail = 'unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported';
  return [invalid(apiVersion, path, apiVersion.text, detail)];
}
