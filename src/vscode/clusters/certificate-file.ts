import { l10n, Uri, window, workspace } from 'vscode';
import type { Certificate } from '../../app/clusters/cluster-session.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { leadsInside } from '../inside-folder.ts';
import type { Services } from '../services.ts';

export type CertificateServices = Pick<Services, 'files' | 'policies' | 'registry' | 'trust'>;

/** Where a certificate is to be written. */
export interface CertificateFile {
  readonly path: string;
  /** Relative to the workspace folder. */
  readonly shown: string;
  /** The certificate there now. */
  readonly before: { readonly pem: string; readonly fingerprint: string } | undefined;
}

/**
 * Asks for a file inside the workspace folder. Undefined where the person gave up. Throws `key.outside-repo` where a symbolic
 * link leads out of it, `document.unsaved`, `file.exists` for a file that is something else.
 */
export async function askCertificateFile(
  clusterTitle: string,
  services: CertificateServices,
): Promise<CertificateFile | undefined> {
  const folder = await askFolder();
  if (folder === undefined) return undefined;
  const { files } = services;
  const relative = await window.showInputBox({
    title: l10n.t('Fetch Certificate'),
    prompt: l10n.t('Where to keep it, in the workspace folder'),
    value: `.purser/certs/${fileName(clusterTitle)}.pem`,
    ignoreFocusOut: true,
    validateInput: (text) => problemWith(text, folder, services),
  });
  if (relative === undefined || problemWith(relative, folder, services) !== undefined) return undefined;
  const path = files.join(folder, relative);
  if (!(await leadsInside(path, folder, files))) throw new Failure('key.outside-repo', { ref: relative });
  if (workspace.textDocuments.some(({ uri, isDirty }) => isDirty && uri.fsPath === path))
    throw new Failure('document.unsaved', {}, { path });
  const before = (await files.exists(path)) ? await readCertificate(path, services) : undefined;
  return { path, shown: files.relative(folder, path), before };
}

/** Writes it, and remembers that it was accepted for what policy says there. */
export async function writeCertificate(
  { path, before }: CertificateFile,
  { pem, fingerprint }: Certificate,
  { files, policies, trust }: CertificateServices,
): Promise<void> {
  const bytes = new TextEncoder().encode(pem);
  await files.makeFolder(files.parent(path));
  if (before === undefined) await files.create(path, bytes, 0o644);
  else await files.replaceSealed(path, bytes, new TextEncoder().encode(before.pem));
  const { root, base }: PolicyAnswer = await policies.require(Uri.file(path));
  await trust.remember({ root, ref: files.relative(base, path), fingerprint });
}

async function askFolder(): Promise<string | undefined> {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const folder = folders.length > 1 ? await window.showWorkspaceFolderPick() : folders[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}

function problemWith(text: string, folder: string, { files }: CertificateServices): string | undefined {
  const path = files.join(folder, text);
  if (!/[^/\\]\.(?:pem|crt|cer)$/i.test(text))
    return l10n.t('The name of a certificate ends with .pem, .crt or .cer.');
  return files.contains(folder, path) ? undefined : l10n.t('It must stand in the workspace folder.');
}

async function readCertificate(
  path: string,
  { files, registry }: CertificateServices,
): Promise<NonNullable<CertificateFile['before']>> {
  const bytes = new Plaintext(await files.read(path));
  const pem = bytes.exposeText();
  const crypto = await registry.byId('jwe').load();
  try {
    const { kind, fingerprint } = crypto.inspect({ ref: path, name: undefined, bytes });
    if (kind === 'public' && fingerprint !== undefined && pem !== undefined) return { pem, fingerprint };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  throw new Failure('file.exists', {}, { path });
}

/** A cluster's name as one of a file. */
function fileName(title: string): string {
  const plain = title.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return plain === '' ? 'cluster' : plain.slice(0, 60);
}
