#!/usr/bin/env node
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DocumentWorks } from './app/documents/document-work.ts';
import { KeyLocks } from './app/key-locks.ts';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFinder } from './app/policy-finder.ts';
import type { Files, History } from './app/ports.ts';
import { shown } from './app/sentence.ts';
import { findAgeIdentities, sopsConfigFolder } from './node/age-identities.ts';
import { runCommand } from './node/arguments.ts';
import { BlockingFiles } from './node/blocking-files.ts';
import { report } from './node/commands/report.ts';
import { defaultKeyFolder } from './node/default-key-folder.ts';
import { gitHolds } from './node/git-holds.ts';
import { KeyFolder } from './node/key-folder.ts';
import { processTerminal } from './node/terminal.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { sealedSecretsScheme } from './schemes/sealed-secrets/scheme.ts';
import { secretboxScheme } from './schemes/secretbox.ts';
import { sopsScheme } from './schemes/sops/scheme.ts';

const terminal = processTerminal();
const files = new BlockingFiles();
const keyFolder = new KeyFolder(() => defaultKeyFolder(process.env, process.platform), files);

/** A passphrase or a password is asked for where somebody is there to give it. */
async function askSecret(what: string, ref: string): Promise<string | undefined> {
  // It is kept for as long as this process lives, as any other.
  const asked = what === 'sealing password' ? 'password' : what;
  const prompt = `${asked.slice(0, 1).toUpperCase()}${asked.slice(1)} of ${shown(ref)}: `;
  return terminal.interactive ? terminal.readMasked(prompt) : undefined;
}

const locks = new KeyLocks(askSecret);
const environment = { read: async (name: string) => process.env[name] };
const over = (some: Files) => ({
  files: some,
  keys: new KeyRing(some, keyFolder, environment, locks),
  policies: new PolicyFinder(some, () => terminal.cwd),
});

const disk = over(files);

// At the command line nothing is accepted by asking: keys are named, pinned, or given with --accept-key.
const trust = { accepts: async () => false, acceptsRecipients: async () => false };

const history: History = {
  async find(path, values, signal) {
    const { GitHistory } = await import('./node/git-history.ts');
    return new GitHistory(process.env).find(path, values, signal);
  },
};

async function sopsWork() {
  const [{ SopsWork }, { Gpg }] = await Promise.all([
    import('./app/documents/sops-work.ts'),
    import('./node/gpg.ts'),
  ]);
  const [home, workingFolder] = [homedir(), terminal.cwd];
  const configFolder = sopsConfigFolder(process.env, process.platform, home);
  const { root: folder } = await disk.policies.findPolicy(join(workingFolder, 'any'));
  return new SopsWork({
    keys: disk.keys,
    identities: () => findAgeIdentities({ files, environment, home, configFolder, workingFolder }),
    ask: (ref) => askSecret('passphrase', ref),
    pgp: (_path, signal) => new Gpg({ program: undefined, env: process.env, folder, signal }),
    trust,
    now: () => new Date(),
  });
}

async function sealedSecretsWork() {
  const [{ SealedSecretsWork }, { AppliedRepositories }] = await Promise.all([
    import('./app/documents/sealed-secrets-work.ts'),
    import('./node/applied-repositories.ts'),
  ]);
  const repositories = new AppliedRepositories(files);
  const places = {
    waysTo: (path: string, root: string) => repositories.waysTo(path, root),
    confirmNamespace: async (namespace: string, from: string) =>
      terminal.interactive &&
      terminal.confirm(`${shown(from)} puts it into the namespace ${shown(namespace)}. Seal it for that?`),
  };
  return new SealedSecretsWork({
    keys: disk.keys,
    trust,
    places,
    now: () => new Date(),
    annotate: () => true,
  });
}

process.exitCode = await runCommand(process.argv.slice(2), {
  program: fileURLToPath(import.meta.url),
  env: process.env,
  terminal,
  ...disk,
  files,
  over,
  trust,
  repository: { holds: async (path, root) => gitHolds(path, root) },
  history,
  registry: new SchemeRegistry(
    [jweScheme(), fernetScheme(() => new Date()), secretboxScheme()],
    [sealedSecretsScheme, sopsScheme],
  ),
  documents: new DocumentWorks({
    sops: sopsWork,
    'sealed-secrets': sealedSecretsWork,
  }),
}).catch((error: unknown) => report(error, terminal));
