import { l10n } from 'vscode';
import type { KkpEncryption, ListedKkpPhase } from '../../app/kkp/kkp-encryption.ts';
import { factsOf, type KkpFact } from '../../app/kkp/kkp-facts.ts';
import { isCaughtUp, phaseMeaning, phaseName } from '../../app/kkp/kkp-words.ts';
import { Failure } from '../../core/errors.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import type { EncryptionKnown, FactEntry, FactState } from './fact.ts';
import { failureText } from './message-rows.ts';

/** What KKP says of a cluster's encryption; nothing of one that is no user cluster. */
interface AskedKkp {
  readonly said: EncryptionKnown['said'];
  readonly facts: readonly FactEntry[];
}

const severities: { readonly [S in KkpFact['severity']]: FactState } = {
  information: 'plain',
  warning: 'doubtful',
  error: 'bad',
};

/** Asks the seed of a user cluster. What fails is one fact, and hides no other source. Throws the signal's reason. */
export async function askKkp(
  { source: from }: Cluster,
  clusters: Pick<Clusters, 'all'>,
  signal: AbortSignal,
): Promise<AskedKkp> {
  const seed = from.from === 'user-cluster' ? clusters.all().find(({ id }) => id === from.via) : undefined;
  if (from.from !== 'user-cluster' || seed?.session === undefined) return { said: undefined, facts: [] };
  try {
    const told = await seed.session.kkpEncryption(from.id, signal);
    return told === undefined ? { said: undefined, facts: [] } : answerOf(told);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const why = failureText(error);
    return {
      said: undefined,
      facts: [['kkp', { label: sourceTitle(), description: why, state: 'bad', tooltip: [why] }]],
    };
  }
}

/** All that KKP says of a user cluster's encryption, to stand below what names it. */
export function kkpFacts(told: KkpEncryption): readonly FactEntry[] {
  return factsOf(told).map(({ label, text: description, severity }, index): FactEntry => {
    const fact = {
      label,
      description,
      state: severities[severity],
      tooltip: [l10n.t('{0}: {1}', label, description)],
    };
    return [`${index} ${label}`, fact];
  });
}

function sourceTitle(): string {
  return l10n.t('KKP status');
}

function answerOf(told: KkpEncryption): AskedKkp {
  const phase = phaseName(told.status?.phase);
  const key = told.status?.activeKey;
  const state = stateOf(told);
  const text = key === undefined ? phase : `${phase} · ${key}`;
  const below = kkpFacts(told);
  const tooltip = [l10n.t('KKP says: {0}', text), phaseMeaning(told)];
  const fact = { label: sourceTitle(), description: text, state, icon: 'server-environment', tooltip, below };
  return { said: { text: l10n.t('KKP: {0}', text), state }, facts: [['kkp', fact]] };
}

function stateOf(told: KkpEncryption): FactState {
  const { status } = told;
  const isGood = status?.activeKey !== 'identity' && isCaughtUp(told);
  return status?.phase === 'Active' && !isGood ? 'doubtful' : stateOfPhase(status?.phase);
}

/** Of a phase alone. */
export function stateOfPhase(phase: ListedKkpPhase): FactState {
  if (phase === undefined) return 'plain';
  return phase === 'Failed' ? 'bad' : phase === 'Active' ? 'good' : 'doubtful';
}
