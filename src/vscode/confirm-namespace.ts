import { l10n, window } from 'vscode';
import { shown } from '../app/sentence.ts';

/** Asks whether a Secret that states no namespace is sealed for the one that something else in the repository gives it. */
export async function confirmNamespace(namespace: string, from: string): Promise<boolean> {
  const seal = l10n.t('Seal');
  const detail = l10n.t(
    'What is sealed for one namespace opens in no other. To be asked no more, state the namespace in the Secret.',
  );
  const question = l10n.t(
    'Seal for the namespace {0}, which {1} says it goes to?',
    shown(namespace),
    shown(from),
  );
  return (await window.showInformationMessage(question, { modal: true, detail }, seal)) === seal;
}
