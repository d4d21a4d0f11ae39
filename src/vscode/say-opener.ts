import { type QuickPickItem, window } from 'vscode';
import { Failure } from '../core/errors.ts';
import type { Opener } from '../policy/state-opener.ts';
import type { Services } from './services.ts';
import { targetOf } from './targets.ts';
import { planPolicy } from './write-rule.ts';

const openers: readonly (QuickPickItem & { readonly opener: Opener })[] = [
  {
    label: 'A webhook',
    detail: 'An admission webhook in the cluster opens the values before a workload gets them.',
    opener: 'webhook',
  },
  {
    label: 'A pipeline',
    detail: 'purser decrypt runs before the manifests are applied.',
    opener: 'pipeline',
  },
];

/** Says in the rule of a file what opens its values in the cluster. The person knows; Purser takes their word for it. */
export async function sayOpener(argument: unknown, services: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const answer = await services.policies.require(target.document.uri);
  const { rule } = answer;
  if (rule === undefined || answer.file === undefined) throw new Failure('document.changed', {});
  const placeHolder = `What opens the values of ${rule.path} in the cluster?`;
  const chosen = await window.showQuickPick(openers, { placeHolder });
  if (chosen === undefined) return;
  const { stateOpener } = await import('../policy/state-opener.ts');
  const plan = await planPolicy(answer, answer.root, (text) =>
    stateOpener(text ?? '', rule.line, chosen.opener),
  );
  await plan.write(services);
}
