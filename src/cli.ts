#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { KeyRing } from './app/key-ring.ts';
import { PolicyFinder } from './app/policy-finder.ts';
import type { Files } from './app/ports.ts';
import { runCommand } from './node/arguments.ts';
import { BlockingFiles } from './node/blocking-files.ts';
import { report } from './node/commands/report.ts';
import { gitHolds } from './node/git-holds.ts';
import { defaultKeyFolder, KeyFolder } from './node/key-folder.ts';
import { processTerminal } from './node/terminal.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { secretboxScheme } from './schemes/secretbox.ts';

const terminal = processTerminal();
const files = new BlockingFiles();
const keyFolder = new KeyFolder(() => defaultKeyFolder(process.env, process.platform), files);

const environment = { read: async (name: string) => process.env[name] };
const over = (some: Files) => ({
  files: some,
  keys: new KeyRing(some, keyFolder, environment),
  policies: new PolicyFinder(some, () => terminal.cwd),
});

process.exitCode = await runCommand(process.argv.slice(2), {
  program: fileURLToPath(import.meta.url),
  env: process.env,
  terminal,
  ...over(files),
  files,
  over,
  // At the command line nothing is accepted by asking: keys are named, pinned, or given with --accept-key.
  trust: { accepts: async () => false },
  repository: { holds: async (path, root) => gitHolds(path, root) },
  registry: new SchemeRegistry([jweScheme(), fernetScheme(() => new Date()), secretboxScheme()]),
}).catch((error: unknown) => report(error, terminal));
