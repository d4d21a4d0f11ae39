import { l10n } from 'vscode';
import type { ComparedFile } from '../../app/at-rest/compare-files.ts';
import type { EncryptionReport, ResourceReport } from '../../app/at-rest/encryption-report.ts';
import type { KeyUse } from '../../app/at-rest/key-uses.ts';
import { keyInWords } from '../../app/at-rest/key-words.ts';
import { phaseSentences } from '../../app/at-rest/phase-sentences.ts';
import type { ClusterEncryption, StaticApiServer } from '../../app/clusters/cluster-encryption.ts';
import { Failure } from '../../core/errors.ts';
import { parseGroupResource } from '../../manifest/at-rest/group-resource.ts';
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
  const tooltip = [...phaseLines(resource, judged), sourceLine(since)];
  const below: FactEntry[] = [
    ...judged.writers.map(
      (key): FactEntry => [
        `w ${keyInWords(key)}`,
        useFact(l10n.t('Writer: {0}', keyInWords(key)), key, since, 'edit'),
      ],
    ),
    ...judged.readers.map(
      (key): FactEntry => [
        `r ${keyInWords(key)}`,
        useFact(l10n.t('Reader: {0}', keyInWords(key)), key, since, 'book'),
      ],
    ),
  ];
  if (readers !== '')
    below.push([
      'may',
      plain(
        l10n.t('Configured to read'),
        readers,
        'list-ordered',
        l10n.t('In the order in which they are tried.'),
      ),
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

function useFact(text: string, key: KeyUse, since: string, icon: string): Fact {
  const times = timesText(key);
  const seen =
    since === '' ? l10n.t('{0}, {1}.', text, times) : l10n.t('{0}, {1} since {2}.', text, times, since);
  return plain(text, times, icon, `${seen} ${sourceLine('')}`);
}

function timesText({ count }: KeyUse): string {
  if (count === 0) return l10n.t('not seen yet');
  return count === 1 ? l10n.t('1 time') : l10n.t('{0} times', count);
}

function sourceLine(since: string): string {
  return since === ''
    ? l10n.t('Source: /metrics of this API server.')
    : l10n.t('Source: /metrics of this API server since {0}.', since);
}

function metricsFact({ metrics }: ClusterEncryption, since: string): Fact {
  const label = l10n.t('Source: /metrics');
  if (metrics.ok && metrics.value.isApiServer && !metrics.value.isCut)
    return plain(
      label,
      since === '' ? l10n.t('of this API server') : l10n.t('of this API server since {0}', since),
      'pulse',
      l10n.t('One API server answered; others are not seen.'),
    );
  if (metrics.ok) {
    const why = phaseSentences[metrics.value.isApiServer ? 'page-cut' : 'no-api-server'];
    return { label, description: why, state: 'doubtful', tooltip: [l10n.t('{0}.', upperFirst(why))] };
  }
  const isForbidden = Failure.is(metrics.failure, 'cluster.forbidden');
  const why = isForbidden ? phaseSentences['no-right'] : failureText(metrics.failure);
  const todo = l10n.t('A ClusterRole with nonResourceURLs: [/metrics] and verbs: [get] gives it.');
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
  const description = isForbidden ? l10n.t('the right to list pods in kube-system is missing') : why;
  return [['pods', { label: l10n.t('Source: static pods'), description, state: 'doubtful', tooltip: [why] }]];
}

function staticPodFact({ pod, configuration, reloads }: StaticApiServer): Fact {
  const flag = '--encryption-provider-config';
  const how = reloads
    ? l10n.t('It reads the file again every minute.')
    : l10n.t('It reads the file when it starts: after a change it must be restarted.');
  return {
    label: l10n.t('Source: static pod {0}', pod),
    description: configuration ?? l10n.t('no {0}', flag),
    state: configuration === undefined ? 'bad' : 'plain',
    icon: 'server-process',
    tooltip:
      configuration === undefined
        ? [l10n.t('It runs without {0}.', flag)]
        : [`${flag}=${configuration}`, how],
  };
}

function configurationFacts(
  { files, runs }: EncryptionReport,
  found: readonly WorkspaceConfiguration[],
): readonly FactEntry[] {
  const facts = files.map((each): FactEntry => [`file ${each.file.path}`, fileFact(each, found)]);
  if (runs === undefined || files.some(({ verdict }) => verdict === 'runs')) return facts;
  const none = plain(
    l10n.t('Configuration'),
    l10n.t('none in the workspace is what this API server runs'),
    'file-code',
    l10n.t('It runs {0}.', runs),
  );
  return [['running', none], ...facts];
}

function fileFact(compared: ComparedFile, found: readonly WorkspaceConfiguration[]): Fact {
  const { path } = compared.file;
  const uri = found.find((each) => each.path === path)?.uri;
  const open = { title: l10n.t('Open'), command: 'vscode.open', arguments: [uri] };
  const { changes, verdict } = compared;
  return {
    label: path,
    description: verdictText(compared),
    state: verdict === 'runs' ? 'good' : 'plain',
    icon: 'file-code',
    tooltip: [
      verdictLine(compared),
      l10n.t('Compared by the SHA-256 of the file on disk.'),
      ...(changes === undefined ? [] : changeLines(changes)),
    ],
    ...(uri === undefined ? {} : { command: open }),
  };
}

function coveredFacts({ covered }: EncryptionReport): readonly FactEntry[] {
  if (covered.length === 0) return [];
  const below = covered.map(({ name, writer }): FactEntry => {
    const key = keyInWords(writer);
    return [name, plain(name, key, 'symbol-namespace', l10n.t('{0}: written by {1}.', name, key))];
  });
  const says = l10n.t('What the configuration that runs names. All other resources are stored in plaintext.');
  const fact = plain(l10n.t('Covered Resources'), String(covered.length), 'checklist', says);
  return [['covered', { ...fact, below }]];
}

function plain(label: string, description: string, icon: string, ...tooltip: readonly string[]): Fact {
  return { label, description, state: 'plain', icon, tooltip };
}

function startOf(seconds: number | undefined): string {
  return seconds === undefined ? '' : timeOf(new Date(seconds * 1000));
}
