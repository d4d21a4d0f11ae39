import { window } from 'vscode';
import { shown } from '../app/sentence.ts';

/** Asks whether a Secret that states no namespace is sealed for the one that something else in the repository gives it. */
export async function confirmNamespace(namespace: string, from: string): Promise<boolean> {
  const seal = 'Seal';
  const detail =
    'What is sealed for one namespace opens in no other. To be asked no more, state the namespace in the Secret.';
  const question = `Seal for the namespace ${shown(namespace)}, which ${shown(from)} says it goes to?`;
  return (await window.showInformationMessage(question, { modal: true, detail }, seal)) === seal;
}
