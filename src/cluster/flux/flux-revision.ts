import { elementsOf, type JsonObject } from '../api/json.ts';
import { cut } from '../cut.ts';
import { at, record, text } from './json.ts';

const revisionAtMost = 300;

/** What was applied, fetched, chosen or pushed last; where that never was, what was attempted. */
export function revisionOf(kind: string, json: JsonObject): string | undefined {
  const found = saidBy(kind, record(json['status']), json);
  return found === undefined ? undefined : cut(found, revisionAtMost);
}

function saidBy(kind: string, status: JsonObject, json: JsonObject): string | undefined {
  switch (kind) {
    case 'HelmRelease':
      return text(at(elementsOf(status['history'])[0], 'chartVersion')) ?? applied(status);
    case 'ImageRepository':
      return text(at(status, 'lastScanResult', 'revision')) ?? text(at(status, 'lastScanResult', 'scanTime'));
    case 'ImagePolicy':
      return image(record(status['latestRef'])) ?? text(status['latestImage']);
    case 'ImageUpdateAutomation':
      return text(status['lastPushCommit']) ?? text(status['observedSourceRevision']);
    case 'ArtifactGenerator':
      return text(status['observedSourcesDigest']);
    case 'ResourceSetInputProvider':
      return text(status['lastExportedRevision']);
    case 'FluxReport':
      return text(at(json, 'spec', 'distribution', 'version'));
    default:
      return text(at(status, 'artifact', 'revision')) ?? applied(status);
  }
}

function applied(status: JsonObject): string | undefined {
  return text(status['lastAppliedRevision']) ?? text(status['lastAttemptedRevision']);
}

function image(ref: JsonObject): string | undefined {
  const [name, tag, digest] = [text(ref['name']), text(ref['tag']), text(ref['digest'])];
  if (name === undefined) return undefined;
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
