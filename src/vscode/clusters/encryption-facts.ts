import type { ComparedFile } from '../../app/at-rest/compare-files.ts';
import type { EncryptionReport, ResourceReport } from '../../app/at-rest/encryption-report.ts';
import type { KeyUse } from '../../app/at-rest/key-uses.ts';
import { keyInWords } from '../../app/at-rest/key-words.ts';
import { phaseSentences } from '../../app/at-rest/phase-sentences.ts';
import type { ClusterEncryption, StaticApiServer } from '../../app/clusters/cluster-encryption.ts';
import { Failure } from '../../core/errors.ts';
import { parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
import { count } from '../counts.ts';
import { upperFirst } from '../failure-sentence.ts';
import type { WorkspaceConfiguration } from './configuration-files.ts';
import {
  changeLines,
  phaseLines,
  resourceText,
  stateOf,
  verdictLine,
  verdictText,
} from './encryption-words.ts';
import type { Fact, FactEntry } from './fact.ts';
import { failureText } from './message-rows.ts';
import { timeOf } from './row-words.ts';

const metricsSource = '/metrics of this API server';

/** What stands below *Encryption at Rest*: the resources, where that is known from, and the configurations of the workspace. */
export function encryptionFacts(
  report: EncryptionReport,
  told: ClusterEncryption,
  files: readonly WorkspaceConfiguration[],
): readonly FactEntry[] {
  const since = told.metrics.ok ? startOf(told.metrics.value.startedSeconds) : '';
  return [
    ...report.resources.map((each): FactEntry => [`resource ${each.resource}`, resourceFact(each, since)]),
    ['metrics', metricsFact(told, since)],
    ...staticPodFacts(told),
    ...configurationFacts(report, files),
    ...coveredFacts(report),
  ];
}

function resourceFact(report: ResourceReport, since: string): Fact {
  const { resource, judged, configured } = report;
  const readers = configured?.readers.join(', ') ?? '';
  const tooltip = [...phaseLines(resource, judged), `Source: ${metricsSource}${since}.`];
  const below: FactEntry[] = [
    ...judged.writers.map(
      (key): FactEntry => [`w ${keyInWords(key)}`, useFact('Writer', key, since, 'edit')],
    ),
    ...judged.readers.map(
      (key): FactEntry => [`r ${keyInWords(key)}`, useFact('Reader', key, since, 'book')],
    ),
  ];
  if (readers !== '')
    below.push([
      'may',
      plain('Configured to read', readers, 'list-ordered', 'In the order in which they are tried.'),
    ]);
  return {
    label: resource,
    description: resourceText(report),
    state: stateOf(judged),
    tooltip,
    resource: parseGroupResource(resource),
    ...(below.length === 0 ? {} : { below }),
  };
}

function useFact(role: 'Writer' | 'Reader', key: KeyUse, since: string, icon: string): Fact {
  const times = key.count === 0 ? 'not seen yet' : count(key.count, 'time');
  const text = `${role}: ${keyInWords(key)}`;
  return plain(text, times, icon, `${text}, ${times}${since}. Source: ${metricsSource}.`);
}

function metricsFact({ metrics }: ClusterEncryption, since: string): Fact {
  const label = 'Source: /metrics';
  if (metrics.ok && metrics.value.isApiServer && !metrics.value.isCut)
    return plain(
      label,
      `of this API server${since}`,
      'pulse',
      'One API server answered; others are not seen.',
    );
  if (metrics.ok) {
    const why = phaseSentences[metrics.value.isApiServer ? 'page-cut' : 'no-api-server'];
    return { label, description: why, state: 'doubtful', tooltip: [`${upperFirst(why)}.`] };
  }
  const isForbidden = Failure.is(metrics.failure, 'cluster.forbidden');
  const why = isForbidden ? phaseSentences['no-right'] : failureText(metrics.failure);
  const todo = 'A ClusterRole with nonResourceURLs: [/metrics] and verbs: [get] gives it.';
  return {
    label,
    description: why,
    state: isForbidden ? 'doubtful' : 'bad',
    tooltip: [failureText(metrics.failure), ...(isForbidden ? [todo] : [])],
  };
}

function staticPodFacts({ apiServers }: ClusterEncryption): readonly FactEntry[] {
  if (apiServers.ok) return apiServers.value.map((each) => [`pod ${each.pod}`, staticPodFact(each)]);
  const why = failureText(apiServers.failure);
  const isForbidden = Failure.is(apiServers.failure, 'cluster.forbidden');
  const description = isForbidden ? 'the right to list pods in kube-system is missing' : why;
  return [['pods', { label: 'Source: static pods', description, state: 'doubtful', tooltip: [why] }]];
}

function staticPodFact({ pod, configuration, reloads }: StaticApiServer): Fact {
  const flag = '--encryption-provider-config';
  const how = reloads
    ? 'It reads the file again every minute.'
    : 'It reads the file when it starts: after a change it must be restarted.';
  return {
    label: `Source: static pod ${pod}`,
    description: configuration ?? `no ${flag}`,
    state: configuration === undefined ? 'bad' : 'plain',
    icon: 'server-process',
    tooltip: configuration === undefined ? [`It runs without ${flag}.`] : [`${flag}=${configuration}`, how],
  };
}

function configurationFacts(
  { files, runs }: EncryptionReport,
  found: readonly WorkspaceConfiguration[],
): readonly FactEntry[] {
  const facts = files.map((each): FactEntry => [`file ${each.file.path}`, fileFact(each, found)]);
  if (runs === undefined || files.some(({ verdict }) => verdict === 'runs')) return facts;
  const none = plain(
    'Configuration',
    'none in the workspace is what this API server runs',
    'file-code',
    `It runs ${runs}.`,
  );
  return [['running', none], ...facts];
}

function fileFact(compared: ComparedFile, found: readonly WorkspaceConfiguration[]): Fact {
  const { path } = compared.file;
  const uri = found.find((each) => each.path === path)?.uri;
  const open = { title: 'Open', command: 'vscode.open', arguments: [uri] };
  const { changes, verdict } = compared;
  return {
    label: path,
    description: verdictText(compared),
    state: verdict === 'runs' ? 'good' : 'plain',
    icon: 'file-code',
    tooltip: [
      verdictLine(compared),
      'Compared by the SHA-256 of the file on disk.',
      ...(changes === undefined ? [] : changeLines(changes)),
    ],
    ...(uri === undefined ? {} : { command: open }),
  };
}

function coveredFacts({ covered }: EncryptionReport): readonly FactEntry[] {
  if (covered.length === 0) return [];
  const below = covered.map(
    ({ name, writer }): FactEntry => [
      name,
      plain(name, keyInWords(writer), 'symbol-namespace', `${name}: written by ${keyInWords(writer)}.`),
    ],
  );
  const says = 'What the configuration that runs names. All other resources are stored in plaintext.';
  return [['covered', { ...plain('Covered Resources', String(covered.length), 'checklist', says), below }]];
}

function plain(label: string, description: string, icon: string, ...tooltip: readonly string[]): Fact {
  return { label, description, state: 'plain', icon, tooltip };
}

function startOf(seconds: number | undefined): string {
  const time = seconds === undefined ? '' : timeOf(new Date(seconds * 1000));
  return time === '' ? '' : ` since ${time}`;
}
