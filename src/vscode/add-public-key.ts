import { l10n, Uri, window } from 'vscode';
import { shown } from '../app/sentence.ts';
import { Failure } from '../core/errors.ts';
import { Plaintext } from '../core/plaintext.ts';
import type { SchemeId } from '../schemes/scheme.ts';
import { addAgeRecipient } from './add-age-recipient.ts';
import { askGlob } from './ask-glob.ts';
import { askKeyName } from './ask-key.ts';
import { dayOf } from './clusters/row-words.ts';
import { askKeySource, type KeySource } from './key-source.ts';
import type { Services } from './services.ts';
import { targetFolder } from './target-folder.ts';
import { writeRule } from './write-rule.ts';

/**
 * Add Public Key to Repository: PEM, DER, X.509 or JWK, written as PEM with a pinned rule; a recipient of age goes into
 * `.sops.yaml`.
 */
export async function addPublicKey(services: Services): Promise<void> {
  const source = await askKeySource(l10n.t('Where is the public key or certificate?'), services);
  if (source !== undefined) await addPublicKeyFrom(source, services);
}

/** The same for one that is at hand. */
export async function addPublicKeyFrom(
  { bytes, ref }: Pick<KeySource, 'bytes' | 'ref'>,
  services: Services,
): Promise<void> {
  const text = bytes.exposeText() ?? '';
  const recipient = /^(?:age1|ssh-)\S.*$/m.exec(text)?.[0];
  if (recipient !== undefined) return addAgeRecipient(recipient, services);
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    return add(await jweKey(bytes, ref, services), undefined, services);
  const use = await window.showQuickPick(certificateUses(), {
    placeHolder: l10n.t('What is the certificate for?'),
  });
  if (use === undefined) return;
  await add(
    await (use.sealed ? sealingKeyFile(bytes, ref) : jweKey(bytes, ref, services)),
    undefined,
    services,
  );
}

function certificateUses() {
  return [
    {
      label: 'Sealed Secrets',
      detail: l10n.t('It is the certificate of a controller: files are sealed for its cluster.'),
      sealed: true,
    },
    { label: 'JWE', detail: l10n.t('Its public key encrypts single values.'), sealed: false },
  ];
}

/** The same for a public half that is at hand. */
export async function addPublicKeyPem(pem: string, name: string, services: Services): Promise<void> {
  await add(await jweKey(Plaintext.fromText(pem), `local:${name}`, services), name, services);
}

/** A public key as it is to stand in the repository. */
interface KeyFile {
  readonly scheme: SchemeId;
  /** Below `.purser`. */
  readonly folder: 'keys' | 'certs';
  readonly suffix: string;
  readonly pem: string;
  readonly fingerprint: string;
  /** What the person should know of it. */
  readonly facts: readonly string[];
}

/** @throws Failure `key.unusable`, `certificate.expired` */
async function sealingKeyFile(bytes: Plaintext, ref: string): Promise<KeyFile> {
  const { isOutdated, readSealingCertificate, requireUnexpired } = await import('../crypto/x509.ts');
  const certificate = readSealingCertificate(bytes.expose(), ref);
  const now = new Date();
  requireUnexpired(certificate, ref, now);
  const { pem, fingerprint, validFrom, validTo } = certificate;
  const facts = [
    l10n.t('Valid: {0} to {1}', dayOf(validFrom), dayOf(validTo)),
    ...(isOutdated(certificate, now) ? [l10n.t('The controller may have a newer one by now.')] : []),
  ];
  return { scheme: 'sealed-secrets', folder: 'certs', suffix: '.pem', pem, fingerprint, facts };
}

/** @throws Failure `key.unusable` */
async function jweKey(bytes: Plaintext, ref: string, services: Services): Promise<KeyFile> {
  const crypto = await services.registry.byId('jwe').load();
  const material = await services.keys.opened({ ref, name: undefined, bytes });
  const { publicPem, fingerprint, description } = crypto.inspect(material);
  if (publicPem === undefined || fingerprint === undefined) {
    throw new Failure('key.unusable', {
      ref,
      reason: l10n.t('it is a symmetric key, which must not stand in a repository'),
    });
  }
  const facts = [description];
  return { scheme: 'jwe', folder: 'keys', suffix: '.pub.pem', pem: publicPem, fingerprint, facts };
}

async function add(key: KeyFile, suggested: string | undefined, services: Services): Promise<void> {
  const { scheme, suffix, pem, fingerprint } = key;
  const folder = await targetFolder();
  if (folder === undefined) return;
  const answer = await services.policies.require(Uri.joinPath(folder, '.purser.yaml'));
  const name = suggested ?? (await askKeyName(promptFor(key)));
  const which = l10n.t('Which files are to be encrypted to it? A glob relative to .purser.yaml.');
  const path = name === undefined ? undefined : await askGlob(which);
  if (name === undefined || path === undefined) return;
  if (!(await confirm(`${name}${suffix}`, path, key))) return;
  const keyFolder = services.files.join(answer.root, `.purser/${key.folder}`);
  const file = services.files.join(keyFolder, `${name}${suffix}`);
  await services.files.makeFolder(keyFolder);
  await services.files.create(file, new TextEncoder().encode(pem), 0o644);
  const relative = services.files.relative(answer.base, file);
  await writeRule(answer, path, { scheme, ref: `${relative}#${fingerprint}` }, services);
  void window.showInformationMessage(
    l10n.t('{0} is in the repository, and .purser.yaml pins it for {1}.', relative, path),
  );
}

/** What is asked for is `NAME`. */
function promptFor({ folder, suffix }: KeyFile): string {
  return l10n.t('Name of the key file: {0}', `.purser/${folder}/NAME${suffix}`);
}

async function confirm(name: string, path: string, { facts, fingerprint }: KeyFile): Promise<boolean> {
  const action = l10n.t('Add Key');
  const detail = [
    [...facts, fingerprint].join('\n'),
    l10n.t('Files: {0}', shown(path)),
    l10n.t("Compare the fingerprint with its owner's before you add it."),
  ].join('\n\n');
  return (
    (await window.showInformationMessage(
      l10n.t('Add {0} to the repository?', name),
      { modal: true, detail },
      action,
    )) === action
  );
}
