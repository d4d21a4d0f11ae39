import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { JsonObject } from '../api/json.ts';
import { at, record, text } from './json.ts';
import { masked } from './masked.ts';
import { escaped, writeYaml } from './write-yaml.ts';

const bytesAtMost = 5 << 20;

/**
 * An object as YAML for reading: values of Secrets by their size only, invisible characters as escapes. The same object gives
 * the same text. Throws `live.too-large`.
 *
 * @param server where it comes from, as `host:port`
 */
export function liveYaml(json: unknown, server: string): string {
  const shown = record(masked(json));
  const bytes = Buffer.byteLength(JSON.stringify(shown));
  if (bytes > bytesAtMost)
    throw new Failure('live.too-large', { what: titleOf(json), bytes, limit: bytesAtMost });
  const title = l10n.t(
    '{0} as it is at {1}; read-only, and values of Secrets are not shown.',
    titleOf(json),
    server,
  );
  return `# ${escaped(title)}\n\n${writeYaml(inOrder(shown))}`;
}

function titleOf(json: unknown): string {
  const [kind, namespace, name] = [
    at(json, 'kind'),
    at(json, 'metadata', 'namespace'),
    at(json, 'metadata', 'name'),
  ].map(text);
  const place = namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`;
  return `${kind ?? l10n.t('Object')} ${place}`.trim().replaceAll(/\s+/g, ' ').slice(0, 300);
}

/** As manifests are written. */
function inOrder(object: JsonObject): JsonObject {
  const { apiVersion, kind, metadata, spec, status, ...rest } = object;
  const ordered = { apiVersion, kind, metadata, spec, ...rest, status };
  return Object.fromEntries(Object.entries(ordered).filter(([, value]) => value !== undefined));
}
