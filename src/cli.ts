#!/usr/bin/env node
import { KeyRing } from './app/key-ring.ts';
import { PolicyFinder } from './app/policy-finder.ts';
import { runCommand } from './node/arguments.ts';
import { BlockingFiles } from './node/blocking-files.ts';
import { report } from './node/commands/report.ts';
import { defaultKeyFolder, KeyFolder } from './node/key-folder.ts';
import { processTerminal } from './node/terminal.ts';
import { fernetScheme } from './schemes/fernet.ts';
import { jweScheme } from './schemes/jwe.ts';
import { SchemeRegistry } from './schemes/registry.ts';
import { secretboxScheme } from './schemes/secretbox.ts';

const terminal = processTerminal();
const files = new BlockingFiles();
const keyFolder = new KeyFolder(() => defaultKeyFolder(process.env, process.platform), files);

process.exitCode = await runCommand(process.argv.slice(2), {
  terminal,
  files,
  keys: new KeyRing(files, keyFolder, { read: async (name) => process.env[name] }),
  policies: new PolicyFinder(files, () => terminal.cwd),
  // At the command line nothing is accepted by asking: keys are named, pinned, or given with --accept-key.
  trust: { accepts: async () => false },
  registry: new SchemeRegistry([jweScheme(), fernetScheme(() => new Date()), secretboxScheme()]),
}).catch((error: unknown) => report(error, terminal));
