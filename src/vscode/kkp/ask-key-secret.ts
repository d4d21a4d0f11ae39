import { l10n, window } from 'vscode';
import { copiedSecretName } from '../../app/kkp/key-secret.ts';
import { leadsInside } from '../inside-folder.ts';
import type { Services } from '../services.ts';

/** Where a Secret with keys is to be. */
export interface KeySecretPlace {
  readonly name: string;
  readonly namespace: string;
  /** The user cluster that KKP copies it to. */
  readonly copiedTo: string | undefined;
}

/** What the person decides about it. */
interface PlaceQuestion {
  readonly title: string;
  readonly cluster: string;
  /** For a Secret of its own on the seed. */
  readonly name: string;
  /** The Secrets that the Cluster refers to already: another manifest of one would replace it, with the keys in it. */
  readonly taken: readonly string[];
}

/** On the seed itself, or on the master, from where KKP copies it. Undefined where the person gave up. */
export async function askPlace({
  title,
  cluster,
  name,
  taken,
}: PlaceQuestion): Promise<KeySecretPlace | undefined> {
  const copied = copiedSecretName(cluster);
  const isTaken = taken.includes(copied);
  const items = [
    {
      label: `$(server) ${l10n.t('On the Seed')}`,
      detail: l10n.t(
        'Secret {0} in the namespace {1}, which KKP reads keys from.',
        name,
        `cluster-${cluster}`,
      ),
      on: 'seed',
    },
    {
      label: `$(${isTaken ? 'lock' : 'cloud'}) ${l10n.t('On the Master')}`,
      detail: isTaken
        ? l10n.t(
            'The Cluster refers to the Secret {0} already: a new manifest would replace it. Add the key to the one there is.',
            copied,
          )
        : l10n.t("Secret {0} in KKP's namespace, which KKP copies to the seed.", copied),
      on: 'master',
    },
  ] as const;
  const options = { title, placeHolder: l10n.t('Which cluster is the Secret with the key applied to?') };
  const picked = await window.showQuickPick(items, options);
  if (picked?.on === 'seed') return { name, namespace: `cluster-${cluster}`, copiedTo: undefined };
  if (picked === undefined || isTaken) return undefined;
  const namespace = await window.showInputBox({
    title,
    prompt: l10n.t("KKP's namespace on the master"),
    value: 'kubermatic',
    validateInput: (text) =>
      /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)
        ? ''
        : l10n.t('Type the name of a namespace: lower-case letters, digits and hyphens.'),
  });
  return namespace === undefined ? undefined : { name: copied, namespace, copiedTo: cluster };
}

/** The file that the Secret is to be written to, absolute; it is in the folder and not there yet. Undefined where the person gave up. */
export async function askSecretFile(
  title: string,
  folder: string,
  name: string,
  { files }: Pick<Services, 'files'>,
): Promise<string | undefined> {
  const typed = await window.showInputBox({
    title,
    prompt: l10n.t(
      'File for the Secret, in the folder of the Cluster. The key in it is encrypted before it is written.',
    ),
    value: `${name}.yaml`,
    async validateInput(text) {
      const path = files.join(folder, text);
      if (
        !/\.ya?ml$/.test(text) ||
        !files.contains(folder, path) ||
        !(await leadsInside(path, folder, files))
      )
        return l10n.t('A YAML file in the folder of the Cluster.');
      return (await files.exists(path)) ? l10n.t('There is such a file already.') : '';
    },
  });
  return typed === undefined ? undefined : files.join(folder, typed);
}
