import { sealingCertificate } from '../../host/certificate.mjs';
import { sopsConfig } from '../../host/sample.mjs';
import { until } from '../../host/until.mjs';
import type { Workbench } from '../../host/workbench.mjs';
import { SopsHolders } from '../../support/sops.ts';
import { rsaPair } from '../../support/workspace.ts';
import { example } from './sample.ts';

/** The part of `examples/` that Flux applies, with keys made for this run as `npm start` makes them. */
export interface FluxSample {
  /** All of it but the two Secrets. */
  readonly files: Readonly<Record<string, string>>;
  /** The private halves, for the key folder. */
  readonly keys: Readonly<Record<string, string>>;
  /** The first has the key in the key folder; the others are colleagues. */
  readonly holders: SopsHolders;
  /** PEM: what the controller of the cluster gives out. */
  readonly certificate: string;
}

/** @param apps further manifests in `flux/apps/` than the two of the sample, for tests that each take one of their own */
export async function makeFluxSample(apps: Readonly<Record<string, string>>): Promise<FluxSample> {
  const holders = await SopsHolders.create();
  const { privatePem } = rsaPair();
  const certificate = sealingCertificate(privatePem);
  const names = Object.keys(apps);
  const resources = names.map((name) => `  - ${name}\n`).join('');
  const manifests = Object.entries(apps).map(([name, text]) => [`flux/apps/${name}`, text]);
  const policy = await example('.purser.yaml');
  return {
    files: {
      // Those that are named as the one of the sample are sealed as it is.
      '.purser.yaml': policy.replace('flux/apps/mail.yaml', 'flux/apps/mail*.yaml'),
      '.sops.yaml': sopsConfig(holders.recipients.slice(0, 1)),
      '.purser/certs/prod.pem': certificate,
      'flux/flux-system/apps.yaml': await example('flux/flux-system/apps.yaml'),
      'flux/apps/kustomization.yaml': `${await example('flux/apps/kustomization.yaml')}${resources}`,
      ...Object.fromEntries(manifests),
    },
    keys: { 'flux.age': holders.keyFile(0), 'controller.pem': privatePem },
    holders,
    certificate,
  };
}

/** A manifest in YAML as sops would encrypt it by the sample's rule, for the first of these people. */
export function sealFor(holders: SopsHolders, text: string): Promise<string> {
  const rule = 'encrypted_regex: ^(data|stringData)$';
  return holders.seal({ name: '', format: 'yaml', text, rule, groups: { count: 1, threshold: 0 } });
}

/** The only value of a key, as it stands on its line. */
export function valueOf(text: string, key: string): string {
  return new RegExp(`^ *${key}: *(.*)$`, 'm').exec(text)?.[1] ?? '';
}

/** The lines of a text, without those of these keys. */
export function linesWithout(text: string, ...keys: readonly string[]): readonly string[] {
  return text.split('\n').filter((line) => !keys.some((key) => line.trimStart().startsWith(`${key}:`)));
}

/** Waits until another text stands in the editor, and returns it. */
export function changed({ editor }: Workbench, before: string): Promise<string> {
  return until('another text', async () => {
    const text = await editor.text();
    return text !== before && text;
  });
}

/** Presses a button of a question that is followed by another one at once. @param next words of that */
export async function pressOn({ page }: Workbench, button: string, next: string): Promise<void> {
  const box = page.locator('.monaco-dialog-box');
  await box.getByRole('button', { name: button, exact: true }).click();
  await box.filter({ hasText: next }).waitFor();
}

/** Hovers make spaces unbreakable, to keep them as they are written. */
export function plainSpaces(text: string): string {
  return text.replaceAll('\u00a0', ' ');
}
