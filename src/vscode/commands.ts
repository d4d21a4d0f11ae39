import { commands, type Disposable, window } from 'vscode';
import { sentenceOf } from '../app/messages.ts';
import { Failure } from '../core/errors.ts';
import type { Clipboard } from './clipboard.ts';
import { Disposables } from './disposables.ts';
import type { Services } from './services.ts';

/** Every command id; what each does is imported when it first runs. */
export const commandIds = [
  'encryptValue',
  'encryptSecret',
  'encryptAllValues',
  'encryptFile',
  'decryptValue',
  'decryptSecret',
  'peek',
  'setValue',
  'copyValue',
  'createKey',
  'importKey',
  'addPublicKey',
  'backUpKey',
  'forgetKey',
  'ignoreFinding',
  'showLog',
] as const;

type CommandId = (typeof commandIds)[number];
type Handlers = { readonly [Id in CommandId]: (argument: unknown) => Promise<void> };

/** Registers the commands. Each tells its own failure, in one sentence; bugs go to the log. Nothing is returned to callers. */
export function registerCommands(services: Services, clipboard: Clipboard): Disposable {
  const own = new Disposables();
  const handlers = handlersFor(services, clipboard);
  for (const id of commandIds) {
    own.add(
      commands.registerCommand(`purser.${id}`, (argument: unknown) => run(handlers[id], argument, services)),
    );
  }
  return own;
}

async function run(
  handler: (argument: unknown) => Promise<void>,
  argument: unknown,
  { log }: Services,
): Promise<void> {
  try {
    await handler(argument);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return;
    const expected = error instanceof Failure;
    if (!expected) log.error(error instanceof Error ? (error.stack ?? error.name) : 'an unknown error');
    const sentence = expected ? upperFirst(error) : 'Something went wrong, and nothing was changed.';
    const show = 'Show Log';
    const chosen = await window.showErrorMessage(sentence, ...(expected ? [] : [show]));
    if (chosen === show) log.show();
  }
}

/** A name at the beginning keeps its case. */
function upperFirst(failure: Failure): string {
  const sentence = sentenceOf(failure);
  return failure.place.entry === undefined ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : sentence;
}

function handlersFor(services: Services, clipboard: Clipboard): Handlers {
  return {
    encryptValue: async (at) => (await import('./encrypt-commands.ts')).encryptValue(at, services),
    encryptSecret: async (at) => (await import('./encrypt-commands.ts')).encryptSecret(at, services),
    encryptAllValues: async (at) => (await import('./encrypt-commands.ts')).encryptAllValues(at, services),
    encryptFile: async (at) => (await import('./encrypt-commands.ts')).encryptFile(at, services),
    decryptValue: async (at) => (await import('./decrypt-commands.ts')).decryptValue(at, services),
    decryptSecret: async (at) => (await import('./decrypt-commands.ts')).decryptSecret(at, services),
    peek: async (at) => (await import('./peek.ts')).peek(at, services, clipboard),
    setValue: async (at) => (await import('./set-value.ts')).setValue(at, services),
    copyValue: async (at) => (await import('./peek.ts')).copyValue(at, services, clipboard),
    createKey: async () => (await import('./create-key.ts')).createKey(services),
    importKey: async () => (await import('./import-key.ts')).importKey(services),
    addPublicKey: async () => (await import('./add-public-key.ts')).addPublicKey(services),
    backUpKey: async () => (await import('./keep-keys.ts')).backUpKey(services),
    forgetKey: async () => (await import('./keep-keys.ts')).forgetKey(services),
    ignoreFinding: async (at) => (await import('./ignore-finding.ts')).ignoreFinding(at, services),
    showLog: async () => services.log.show(),
  };
}
