import { commands, l10n, type TextDocument, window } from 'vscode';
import { cleanText } from '../../app/clusters/clean-text.ts';
import type { FluxObject } from '../../app/clusters/flux-object.ts';
import { whyDecryptionFails as diagnose } from '../../app/clusters/why-decryption-fails.ts';
import { shown } from '../../app/sentence.ts';
import type { FluxKustomization } from '../../audit/flux-facts.ts';
import { isSopsFile } from '../../audit/flux-file-size.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import type { Cluster } from './cluster.ts';
import { liveOf } from './flux-lenses.ts';
import { inCluster } from './in-cluster.ts';
import { objectWords } from './object-words.ts';
import { type OpenCluster, objectsOfKind } from './open-clusters.ts';
import { showWhy, type WhySection } from './why-panel.ts';
import { type OpenRepository, openRepositories, repositoryFor } from './why-repositories.ts';

type WhyServices = Pick<Services, 'clustersView' | 'clusterActions' | 'files' | 'policies'>;

const kind = { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization' };
/** Controllers' messages can be whole logs. */
const saysAtMost = 1000;

/** Why Does Decryption Fail?: of a Kustomization's row, else of the file in the editor. */
export async function whyDecryptionFails(argument: unknown, services: WhyServices): Promise<void> {
  requireTrust();
  const row = services.clustersView.rowOf(argument);
  if (row?.row === 'flux' && row.object.ref.kind === kind.kind) {
    const { cluster, object } = row;
    const section = await looking((signal) => ofObject(cluster, object, services, signal));
    showWhy(object.ref.name, [section]);
    return;
  }
  const document = window.activeTextEditor?.document;
  if (row === undefined && document !== undefined) await aboutFile(document, services);
}

function looking<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withProgress(l10n.t('Comparing keys with recipients…'), work);
}

async function ofObject(
  cluster: Cluster,
  object: FluxObject,
  services: WhyServices,
  signal: AbortSignal,
): Promise<WhySection> {
  const decryption = await inCluster(cluster, (session) => session.decryption(object.ref, signal));
  const found = await repositoryFor(object.ref, decryption.path, services, signal);
  const asked = { cluster: shown(cluster.title), object: objectWords(object.ref) };
  const diagnosis = diagnose(asked, decryption, found?.repository.sealedFiles(decryption.path));
  const title = l10n.t('{0} in {1}', asked.object, asked.cluster);
  return { title, says: saysOf(object), diagnosis, root: found?.root };
}

function saysOf({ state, message }: FluxObject): string {
  return state === 'not-ready' ? cleanText(message, saysAtMost) : '';
}

/** A Kustomization that applies a file, in a cluster that has it. */
interface Applier {
  readonly cluster: Cluster;
  readonly object: FluxObject;
}

async function aboutFile(document: TextDocument, services: WhyServices): Promise<void> {
  if (document.uri.scheme !== 'file' || !isSopsFile(document.getText()))
    return tell(l10n.t('This file is not encrypted by SOPS.'));
  const open = services.clusterActions.open.all();
  if (open.length === 0) return tellClosed();
  const repositories = await looking((signal) => openRepositories(document.uri, services, signal));
  const [own] = repositories;
  if (own === undefined) return;
  const path = services.files.relative(own.root, document.uri.fsPath);
  const written = appliersIn(own, repositories, path);
  if (written.length === 0)
    return tell(
      l10n.t("No Kustomization of Flux' that is written in this workspace applies {0}.", shown(path)),
    );
  const live = open.flatMap((each) => liveOnes(written, each));
  if (live.length === 0) return tell(notLive(written, open, path));
  const file = { path, text: document.getText() };
  const sections = await looking((signal) =>
    Promise.all(live.map((each) => ofFile(each, file, own.root, signal))),
  );
  showWhy(path.slice(path.lastIndexOf('/') + 1), sections);
}

/** Written anywhere in the workspace: what applies one repository may stand in another. */
function appliersIn(
  own: OpenRepository,
  repositories: readonly OpenRepository[],
  path: string,
): readonly FluxKustomization[] {
  const all = repositories.flatMap(({ repository }) => repository.kustomizations);
  return own.repository.appliersOf(path, all);
}

function liveOnes(written: readonly FluxKustomization[], { cluster, session }: OpenCluster): Applier[] {
  const objects = objectsOfKind(session, kind);
  const found = written.flatMap(({ object: { name, namespace } }) => {
    const live = name === undefined ? undefined : liveOf({ name, namespace }, objects);
    return live ?? [];
  });
  return [...new Set(found)].map((object) => ({ cluster, object }));
}

async function ofFile(
  { cluster, object }: Applier,
  file: { readonly path: string; readonly text: string },
  root: string,
  signal: AbortSignal,
): Promise<WhySection> {
  const decryption = await inCluster(cluster, (session) => session.decryption(object.ref, signal));
  const asked = { cluster: shown(cluster.title), object: objectWords(object.ref) };
  const diagnosis = diagnose(asked, decryption, [file]);
  const title = l10n.t('{0} in {1}', asked.object, asked.cluster);
  return { title, says: saysOf(object), diagnosis, root };
}

function notLive(written: readonly FluxKustomization[], open: readonly OpenCluster[], path: string): string {
  const names = written.map(({ object: { namespace, name } }) =>
    shown(`${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`),
  );
  const clusters = open.map(({ cluster }) => shown(cluster.title));
  return l10n.t(
    '{0} is applied by the Kustomization {1}, which is not in {2}: connect the cluster that has it.',
    shown(path),
    names.join(', '),
    clusters.join(', '),
  );
}

function tell(sentence: string): void {
  void window.showInformationMessage(plainMessage(sentence));
}

async function tellClosed(): Promise<void> {
  const show = l10n.t('Show Clusters');
  const sentence = l10n.t(
    'No cluster is open, and only a cluster can tell which keys it decrypts with: connect one in the Clusters view, and ask again.',
  );
  if ((await window.showInformationMessage(sentence, show)) === show)
    await commands.executeCommand('purser.clusters.focus');
}
