import { commands, l10n, Uri, window } from 'vscode';
import type { Certificate } from '../../app/clusters/cluster-session.ts';
import type { PolicyAnswer } from '../../app/policy-finder.ts';
import { sameFingerprint } from '../../app/sealing-key.ts';
import { askGlob } from '../ask-glob.ts';
import { plainMessage } from '../plain-text.ts';
import { planPolicy, writeRule } from '../write-rule.ts';
import type { CertificateFile, CertificateServices } from './certificate-file.ts';

/** What policy says of a certificate's file. */
export interface CertificateRule {
  readonly answer: PolicyAnswer;
  /** The file, as policy names it. */
  readonly ref: string;
  /** How policy names it, wherever it does. */
  readonly named: readonly { readonly text: string; readonly pin: string | undefined }[];
}

export async function certificateRule(
  { path }: CertificateFile,
  { policies, files }: CertificateServices,
): Promise<CertificateRule> {
  const answer = await policies.require(Uri.file(path));
  const ref = files.relative(answer.base, path);
  const all = answer.policy?.rules.flatMap(({ keys }) => keys) ?? [];
  const named = all.flatMap((key) => (key.kind === 'path' && key.path === ref ? [key] : []));
  return { answer, ref, named };
}

/** The pins of another certificate than this one. */
export function otherPins({ named }: CertificateRule, { fingerprint }: Certificate): readonly string[] {
  return named.flatMap(({ text, pin }) =>
    pin === undefined || sameFingerprint(pin, fingerprint) ? [] : [text],
  );
}

/** Has policy pin this certificate where it pins another one. Throws as the writing of a policy does. */
export async function movePins(
  rule: CertificateRule,
  certificate: Certificate,
  services: CertificateServices,
): Promise<void> {
  const pins = otherPins(rule, certificate);
  const { answer, ref } = rule;
  if (pins.length === 0) return;
  const moved = `${ref}#${certificate.fingerprint}`;
  const change = (text = '') => pins.reduce((all, pin) => all.replaceAll(pin, moved), text);
  await (await planPolicy(answer, answer.root, change)).write(services);
}

/** A first certificate needs a rule; what was sealed to the one before is to be sealed again. */
export async function offerNext(
  { shown, before }: CertificateFile,
  { fingerprint }: Certificate,
  { answer, ref, named }: CertificateRule,
  services: CertificateServices,
): Promise<void> {
  const [write, again] = [l10n.t('Write Rule…'), l10n.t('Seal Again…')];
  const isOther = before !== undefined && !sameFingerprint(before.fingerprint, fingerprint);
  const next = named.length === 0 ? write : isOther ? again : undefined;
  const done = l10n.t('{0} is written. Commit it; outside of Purser, seal with: kubeseal --cert {0}', shown);
  const buttons = next === undefined ? [] : [next];
  const chosen = await window.showInformationMessage(plainMessage(done), ...buttons);
  if (chosen === again) await commands.executeCommand('purser.sealAgain');
  if (chosen !== write) return;
  const glob = await askGlob(l10n.t('Which files are to be sealed to it? A glob relative to .purser.yaml.'));
  if (glob === undefined) return;
  await writeRule(answer, glob, { scheme: 'sealed-secrets', ref: `${ref}#${fingerprint}` }, services);
}
