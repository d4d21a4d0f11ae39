// Prints the milliseconds that importing a module and running its activate() take: node activate.js ./dist/extension.js

// VS Code's extension host has loaded these long before.
import 'node:crypto';
import 'node:fs/promises';
import 'node:module';
import 'node:os';
import 'node:path';

const start = performance.now();
const { activate } = await import(process.argv[2] ?? '');
const store = { get: async () => undefined, keys: async () => [] };
activate({
  subscriptions: [],
  secrets: store,
  extensionUri: { path: '/' },
  workspaceState: { get: (/** @type {string} */ _, /** @type {unknown} */ otherwise) => otherwise },
  globalState: { get: (/** @type {string} */ _, /** @type {unknown} */ otherwise) => otherwise },
});
console.log(performance.now() - start);
process.exit(0);
