import { window } from 'vscode';
import { eolOf } from '../manifest/edit.ts';
import { isRuleId } from '../policy/rule-ids.ts';
import { applyEdits } from './apply-edits.ts';
import type { Services } from './services.ts';
import { entryAt, targetOf } from './targets.ts';

/** Writes `# purser:ignore <rule> <reason>` above the value: the reason is what a reviewer will read. */
export async function ignoreFinding(argument: unknown, { manifests }: Services): Promise<void> {
  const target = await targetOf(argument);
  const rule =
    typeof argument === 'object' && argument !== null && 'rule' in argument ? argument.rule : undefined;
  if (target === undefined || typeof rule !== 'string' || !isRuleId(rule)) return;
  const { document, offset } = target;
  const { version } = document;
  const { manifest } = manifests.examine(document);
  const entry = entryAt(manifest, offset)?.entry;
  if (entry === undefined || entry.flow) return;
  const prompt = 'Why may this value stand here in plaintext?';
  const reason = await window.showInputBox({
    prompt,
    validateInput: (text) => (text.trim() === '' ? 'The reason is required.' : undefined),
  });
  if (reason === undefined) return;
  const lineStart = manifest.text.lastIndexOf('\n', entry.keySpan.start - 1) + 1;
  const comment = `${' '.repeat(entry.indent)}# purser:ignore ${rule} ${reason.trim()}${eolOf(manifest.text)}`;
  await applyEdits(document, version, [{ span: { start: lineStart, end: lineStart }, text: comment }]);
}
