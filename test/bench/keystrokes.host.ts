import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { test } from '../e2e/host/harness.ts';

const ROUNDS = 60;
/** Not one and the same: a row of them would be a placeholder, and no longer underlined. */
const LETTERS = 'correcthorsebatterystaple';
const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: main
stringData:
  password: correct-horse-battery-staple-42
`;

/** A file of many documents with one Secret at its end. */
const content = `${'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  a: b\n---\n'.repeat(400)}${SECRET}`;

test('a typed character moves a squiggle', async () => {
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
  const editor = await vscode.window.showTextDocument(document);
  const extension = vscode.extensions.getExtension('purser.purser');
  assert.ok(extension);
  await extension.activate();
  await diagnosticsOf(document.uri, (found) => found.length > 0);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  const end = document.lineAt(document.lineCount - 2).range.end;
  editor.selection = new vscode.Selection(end, end);
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const column = end.character + round + 1;
    const moved = diagnosticsOf(document.uri, (found) =>
      found.some(({ range }) => range.end.character === column),
    );
    const start = performance.now();
    await vscode.commands.executeCommand('type', { text: LETTERS[round % LETTERS.length] });
    await moved;
    times.push(performance.now() - start);
  }
  await writeFile(
    process.env['PURSER_BENCH_REPORT'] ?? '',
    JSON.stringify({ times, activation: activationTime() }),
  );
});

/** Waits until the diagnostics of a document are as wanted. */
async function diagnosticsOf(
  uri: vscode.Uri,
  wanted: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<void> {
  if (wanted(vscode.languages.getDiagnostics(uri))) return;
  await new Promise<void>((resolve) => {
    const listener = vscode.languages.onDidChangeDiagnostics(() => {
      if (!wanted(vscode.languages.getDiagnostics(uri))) return;
      listener.dispose();
      resolve();
    });
  });
}

interface Mark {
  readonly name: string;
  readonly startTime: number;
}

/** Milliseconds from VS Code's own marks: loading the code, then activate(). */
function activationTime(): number {
  const marks = (globalThis as { MonacoPerformanceMarks?: { getMarks(): readonly Mark[] } })
    .MonacoPerformanceMarks;
  const at = (name: string) =>
    marks?.getMarks().find((mark) => mark.name.startsWith(`code/extHost/${name}/purser`));
  const [start, end] = [at('willLoadExtensionCode'), at('didActivateExtension')];
  return start === undefined || end === undefined ? Number.NaN : Math.round(end.startTime - start.startTime);
}
