import { l10n, type QuickPickItem, window } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { Opener } from '../policy/state-opener.ts';
import type { Services } from './services.ts';
import { targetOf } from './targets.ts';
import { planPolicy } from './write-rule.ts';

function openers(): readonly (QuickPickItem & { readonly opener: Opener })[] {
  return [
    {
      label: l10n.t('A webhook'),
      detail: l10n.t('An admission webhook in the cluster opens the values before a workload gets them.'),
      opener: 'webhook',
    },
    {
      label: l10n.t('A pipeline'),
      detail: l10n.t('purser decrypt runs before the manifests are applied.'),
      opener: 'pipeline',
    },
  ];
}

/** Says in the rule of a file what opens its values in the cluster. The person knows; Purser takes their word for it. */
export async function sayOpener(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const answer = await services.policies.require(target.document.uri);
  const { rule } = answer;
  if (rule === undefined || answer.file === undefined) throw new Failure('document.changed', {});
  const placeHolder = l10n.t('What opens the values of {0} in the cluster?', rule.path);
  const chosen = await window.showQuickPick(openers(), { placeHolder });
  if (chosen === undefined) return;
  const { stateOpener } = await import('../policy/state-opener.ts');
  const plan = await planPolicy(answer, answer.root, (text) =>
    stateOpener(text ?? '', rule.line, chosen.opener),
  );
  await plan.write(services);
}
