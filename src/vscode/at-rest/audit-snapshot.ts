import { l10n, type Uri, window } from 'vscode';
import { auditScope } from '../../app/at-rest/audit-scope.ts';
import { auditText } from '../../app/at-rest/audit-text.ts';
import type { AuditedSnapshot } from '../../app/at-rest/audited-snapshot.ts';
import { Failure } from '../../core/errors.ts';
import type { EncryptionConfiguration } from '../../manifest/at-rest/configuration.ts';
import { requireTrust } from '../opening.ts';
import { plainMessage } from '../plain-text.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { chooseConfiguration } from './choose-configuration.ts';

/** Audit etcd Snapshot: what a snapshot holds, by names, as a document that can only be read. */
export async function auditSnapshot(services: Services): Promise<void> {
  requireTrust();
  const file = await askSnapshot();
  if (file === undefined) return;
  const chosen = await chooseConfiguration(
    l10n.t('Which EncryptionConfiguration should it agree with?'),
    l10n.t('None: list Secrets in plaintext'),
    services,
  );
  if (chosen === undefined) return;
  const snapshot = await lookThrough(file, chosen.configuration, services);
  await services.snapshots.reports.show(snapshot.path, auditText(snapshot));
}

/** Asks for the file of a snapshot. Undefined where the person gave up. */
export async function askSnapshot(): Promise<Uri | undefined> {
  const title = l10n.t('A snapshot that etcdctl snapshot save made');
  return (await window.showOpenDialog({ openLabel: l10n.t('Audit'), title }))?.[0];
}

/** Verifies a snapshot and looks through it, with progress that can be cancelled. Throws what reading it throws, with its path. */
export async function lookThrough(
  file: Uri,
  configuration: EncryptionConfiguration | undefined,
  { snapshots }: Pick<Services, 'snapshots'>,
): Promise<AuditedSnapshot> {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  try {
    const found = await withProgress(plainMessage(l10n.t('Auditing {0}…', name)), (signal) =>
      snapshots.lookThrough(file.fsPath, auditScope(configuration), signal),
    );
    return { ...found, path: name, configuration };
  } catch (error) {
    throw error instanceof Failure ? error.at({ path: file.fsPath }) : error;
  }
}
