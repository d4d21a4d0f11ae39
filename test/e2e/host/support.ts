import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';

/** Every command that Purser contributes. */
export function purserCommands(): readonly string[] {
  const manifest = purser().packageJSON as {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
  };
  return manifest.contributes.commands.map(({ command }) => command);
}

export function purser(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('purser.purser');
  assert.ok(extension, 'purser.purser is not among the extensions');
  return extension;
}

/** Writes a file into the open folder and shows it. */
export async function show(path: string, content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(await write(path, content));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Writes a file into the open folder. */
export async function write(path: string, content: string): Promise<vscode.Uri> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'no folder is open');
  const file = join(folder.uri.fsPath, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return vscode.Uri.file(file);
}

/** Purser's diagnostics of a document, once there are `count` of them. */
export async function diagnosticsOf(
  document: vscode.TextDocument,
  count: number,
): Promise<vscode.Diagnostic[]> {
  return until(`${count} diagnostics`, () => {
    const found = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'purser');
    return found.length === count ? found : undefined;
  });
}

/** Asks until there is an answer. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`waited 20 seconds for ${what}`);
}

export async function lensesOf(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  return vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    10_000,
  );
}

/** Runs something and returns the longest time, in milliseconds, that the extension host's event loop stood still. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.round(Math.max(longest, performance.now() - last - 5));
}

/** One Secret with these `stringData` values. */
export function secret(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${value}\n`);
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: main\n  namespace: db\nstringData:\n${lines.join('')}`;
}
