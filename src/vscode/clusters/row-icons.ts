import { ThemeColor, ThemeIcon } from 'vscode';
import type { FluxSection, FluxState, Health } from '../../app/clusters/flux-object.ts';
import type { Cluster } from './cluster.ts';
import type { Fact, FactState } from './fact.ts';
import { isOutOfReach } from './flux-order.ts';
import { stateOfPhase } from './kkp-facts.ts';
import type { Row } from './rows.ts';

const states: { readonly [S in FluxState]: readonly [icon: string, color?: string] } = {
  ready: ['pass', 'testing.iconPassed'],
  'not-ready': ['error', 'testing.iconFailed'],
  reconciling: ['sync', 'charts.blue'],
  suspended: ['debug-pause', 'charts.yellow'],
  unknown: ['question', 'charts.yellow'],
  static: ['circle-outline'],
};
const healths: { readonly [H in Health]: readonly [icon: string, color?: string] } = {
  healthy: states.ready,
  progressing: states.reconciling,
  degraded: states['not-ready'],
  missing: ['circle-slash', 'testing.iconFailed'],
  unknown: states.unknown,
  elsewhere: ['server-environment'],
};
const sections: { readonly [S in FluxSection]: string } = {
  workloads: 'layers',
  sources: 'repo',
  images: 'package',
  notifications: 'bell',
  operator: 'gear',
};

/** Where an icon is a part of a text. */
export function stateIcon(state: FluxState): string {
  return `$(${states[state][0]})`;
}

/** What each row wears. What it says is repeated where a screen reader finds it. */
export function iconOf(row: Row): ThemeIcon | undefined {
  switch (row.row) {
    case 'cluster':
      return clusterIcon(row.cluster);
    case 'kubeconfig':
      return new ThemeIcon('file-code');
    case 'section':
      return new ThemeIcon(sections[row.section]);
    case 'kind':
      return row.list.state === 'failed' ? themed(['warning', 'list.warningForeground']) : undefined;
    case 'flux':
      return themed(states[row.object.state]);
    case 'item':
      return themed(healths[row.item.health]);
    case 'link':
      return new ThemeIcon('link');
    case 'inventory':
      return new ThemeIcon('list-tree');
    case 'events':
      return new ThemeIcon('history');
    case 'event':
      return row.event.type === 'Warning'
        ? themed(['warning', 'list.warningForeground'])
        : new ThemeIcon('info');
    case 'sealed-secrets':
      return new ThemeIcon('lock');
    case 'controller':
      return new ThemeIcon('server-process');
    case 'sealing-key':
      return new ThemeIcon('key');
    case 'encryption':
    case 'kkp-cluster':
      return shield(factStateOf(row));
    case 'fact':
      return factIcon(row.fact);
    case 'kkp-encryption':
      return new ThemeIcon('shield');
    case 'remotes':
      return new ThemeIcon('server-environment');
    case 'message':
      break;
  }
  return messageIcon(row.severity);
}

const facts: { readonly [S in FactState]: readonly [icon: string, color?: string] } = {
  good: states.ready,
  doubtful: ['warning', 'list.warningForeground'],
  bad: states['not-ready'],
  unknown: states.unknown,
  plain: ['info'],
};

function factIcon({ state, icon }: Fact): ThemeIcon {
  const [own, color] = facts[state];
  return color === undefined ? new ThemeIcon(icon ?? own) : themed([icon ?? own, color]);
}

/** Whether what a row tells is as it should be; plain before it was asked for, and of rows that tell no such thing. */
export function factStateOf(row: Row): FactState {
  if (row.row === 'fact') return row.fact.state;
  if (row.row === 'encryption') return row.known.said?.state ?? 'plain';
  return row.row === 'kkp-cluster' ? stateOfPhase(row.user.encryption) : 'plain';
}

function shield(state: FactState): ThemeIcon {
  return factIcon({ label: '', description: '', tooltip: [], state, icon: 'shield' });
}

/** Whether a cluster that is connected is not as it should be. */
export function isDoubtful({ session }: Cluster): boolean {
  return session !== undefined && (session.insecure || isOutOfReach(session.flux()));
}

function clusterIcon(cluster: Cluster): ThemeIcon {
  const { state } = cluster;
  if (state === 'opening') return new ThemeIcon('loading~spin');
  if (state === 'failed') return themed(['error', 'list.errorForeground']);
  if (isDoubtful(cluster)) return themed(['warning', 'list.warningForeground']);
  return state === 'open' ? themed(['vm-active', 'testing.iconPassed']) : new ThemeIcon('vm-outline');
}

function messageIcon(severity: Extract<Row, { row: 'message' }>['severity']): ThemeIcon {
  return severity === 'information' ? new ThemeIcon('info') : themed(['error', 'list.errorForeground']);
}

function themed([icon, color]: readonly [icon: string, color?: string]): ThemeIcon {
  return color === undefined ? new ThemeIcon(icon) : new ThemeIcon(icon, new ThemeColor(color));
}
