import { l10n } from 'vscode';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import type { LensAction } from './lens-actions.ts';
import type { Examined } from './manifests.ts';

/** Above the first thing that is sealed in a file which a pipeline opens: what the pipeline runs, for who has to do it by hand. */
export function applyAction(
  { groups, sealed }: Pick<Examined, 'groups' | 'sealed'>,
  answer: Pick<PolicyAnswer, 'rule'> | undefined,
): LensAction | undefined {
  if (answer?.rule?.openedBy !== 'pipeline') return undefined;
  const places = [
    ...groups.flatMap(({ envelopes }) => envelopes.map(({ object }) => object.span.start)),
    ...sealed.documents.map(({ heading }) => heading),
  ];
  if (places.length === 0) return undefined;
  return {
    offset: Math.min(...places),
    title: `$(terminal) ${l10n.t('Copy Apply Command')}`,
    command: 'purser.copyApplyCommand',
  };
}
