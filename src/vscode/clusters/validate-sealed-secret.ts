import { l10n, type QuickPickItem, window } from 'vscode';
import type { SealedItems, SealedSecretsController } from '../../app/clusters/cluster-session.ts';
import { secretAt } from '../../app/documents/sealed-secrets-found.ts';
import type { SealingPlaces } from '../../app/documents/sealing-places.ts';
import { SecretPlaces } from '../../app/documents/secret-places.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import type { SealingPlace } from '../../core/sealing-place.ts';
import { documentFile } from '../document-file.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import { sealedNear } from '../sealed-at.ts';
import type { Services } from '../services.ts';
import { targetOrFile } from '../targets.ts';
import type { Cluster } from './cluster.ts';
import { inCluster } from './in-cluster.ts';
import type { OpenClusters } from './open-clusters.ts';
import { label } from './row-words.ts';

type ValidateServices = Pick<Services, 'files' | 'manifests' | 'policies'> & {
  readonly clusterActions: { readonly open: Pick<OpenClusters, 'all'> };
  readonly places: SealingPlaces;
};

/** Controllers answer two such questions a second. In milliseconds. */
const between = 600;

interface Asked extends QuickPickItem {
  readonly cluster: Cluster;
  readonly controller: SealedSecretsController;
}

/** Validate SealedSecret: asks a controller of an open cluster whether it can open all of it. Only ciphertexts are sent. */
export async function validateSealedSecret(argument: unknown, services: ValidateServices): Promise<void> {
  requireTrust();
  const target = await targetOrFile(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const sealed = sealedNear(services.manifests.examine(document), offset)?.sealed;
  if (sealed?.scheme !== 'sealed-secrets') return tell(l10n.t('There is no SealedSecret here.'));
  const file = await documentFile(document, services);
  const secret = secretAt(file.text, sealed);
  const asked = await askController(services);
  if (asked === undefined) return;
  const possible = await new SecretPlaces(services.places, file.path, file.answer.root).possible(
    secret.place,
  );
  const places = possible.filter(({ scope, namespace }) => scope === 'cluster-wide' || namespace !== '');
  if (places.length === 0) throw new Failure('sealing.unplaced', { missing: 'namespace' });
  const items = new Map(secret.entries.map(({ key, text }) => [key, text]));
  const opened = await firstOpened(asked, items, places);
  const { controller, cluster } = asked;
  const [who, where] = [shown(`${controller.namespace}/${controller.name}`), shown(cluster.title)];
  if (opened !== undefined)
    return tell(l10n.t('{0} in {1} opens every value of {2}.', who, where, nameOf(opened)));
  const sentence = l10n.t(
    '{0} in {1} cannot open all of {2}: something in it is sealed to another certificate, or for another name or namespace. Set it again, or seal it again.',
    who,
    where,
    nameOf(secret.place),
  );
  void window.showWarningMessage(plainMessage(sentence));
}

/** The controllers of the open clusters; asks where there are several. A cluster that fails hides no other one. */
async function askController({ clusterActions }: ValidateServices): Promise<Asked | undefined> {
  const open = clusterActions.open.all();
  const failures: unknown[] = [];
  const found = await withProgress(l10n.t('Looking for controllers of Sealed Secrets…'), (signal) =>
    Promise.all(
      open.map(async ({ cluster }) => {
        try {
          const controllers = await inCluster(cluster, (session) => session.sealedSecrets(signal));
          return controllers.map((controller) => rowOf(cluster, controller));
        } catch (error) {
          signal.throwIfAborted();
          failures.push(error);
          return [];
        }
      }),
    ),
  );
  const all = found.flat();
  if (all.length > 1)
    return window.showQuickPick(all, {
      placeHolder: l10n.t('Which controller is to open this SealedSecret?'),
    });
  const [only] = all;
  if (only === undefined && failures.length > 0) throw failures[0];
  if (only === undefined) tell(l10n.t('No cluster that is open has a controller of Sealed Secrets.'));
  return only;
}

function rowOf(cluster: Cluster, controller: SealedSecretsController): Asked {
  const { namespace, name } = controller;
  return { label: label(`${namespace}/${name}`), description: label(cluster.title), cluster, controller };
}

/** What it is sealed for as far as the controller can tell; undefined where it opens for no place. */
function firstOpened(
  { cluster, controller }: Asked,
  items: SealedItems['items'],
  places: readonly SealingPlace[],
): Promise<SealingPlace | undefined> {
  return inCluster(cluster, (session) =>
    withProgress(l10n.t('Asking the controller…'), async (signal) => {
      for (const [index, place] of places.entries()) {
        if (index > 0) await new Promise((resolve) => setTimeout(resolve, between));
        signal.throwIfAborted();
        if (await session.canOpen(controller, { place, items }, signal)) return place;
      }
      return undefined;
    }),
  );
}

function nameOf({ name, namespace }: SealingPlace): string {
  return shown(namespace === '' ? name : `${namespace}/${name}`);
}

function tell(sentence: string): void {
  void window.showInformationMessage(plainMessage(sentence));
}
