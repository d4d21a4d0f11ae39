import { l10n, window } from 'vscode';
import type { Finding } from '../audit/finding.ts';
import { Failure } from '../core/errors.ts';
import { type Edit, applyEdits as edited } from '../core/span.ts';
import { eolOf } from '../manifest/edit.ts';
import { readFields } from '../manifest/fields.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { scan } from '../manifest/scan.ts';
import { applyEdits } from './apply-edits.ts';
import { mayTakeComment } from './file-findings.ts';
import type { Services } from './services.ts';
import { property, targetOf } from './targets.ts';

/** Writes `# purser:ignore <rule> <reason>` above the value: the reason is what a reviewer will read. */
export async function ignoreFinding(argument: unknown, { manifests }: Services): Promise<void> {
  const target = await targetOf(argument);
  if (target === undefined) return;
  const { document, offset } = target;
  const { version } = document;
  const { findings, manifest } = manifests.examine(document);
  const rule = property(argument, 'rule');
  const finding = findings.find((one) => one.rule === rule && isAt(one, offset));
  if (finding === undefined) throw new Failure('document.changed', {});
  if (!mayTakeComment(document, finding)) return tellNoComment();
  const prompt = l10n.t('Why may this value stand here as it is?');
  const reason = await window.showInputBox({
    prompt,
    validateInput: (text) => (text.trim() === '' ? l10n.t('The reason is required.') : undefined),
  });
  if (reason === undefined) return;
  const comment = commentAbove(finding, reason.trim(), manifest.text);
  if (!readsTheSame(manifest, comment)) return tellNoComment();
  await applyEdits(document, version, [comment]);
}

function isAt({ span, place }: Finding, offset: number): boolean {
  return span.start === offset || place.located?.entry.keySpan.start === offset;
}

function commentAbove({ rule, span, place }: Finding, reason: string, text: string): Edit {
  const start = place.located?.entry.keySpan.start ?? span.start;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const [indentation = ''] = /^[ \t]*/.exec(text.slice(lineStart, start)) ?? [];
  const comment = `${indentation}# purser:ignore ${rule} ${reason}${eolOf(text)}`;
  return { span: { start: lineStart, end: lineStart }, text: comment };
}

/** In a block scalar or a key file the line would be no comment. */
function readsTheSame(before: Manifest, comment: Edit): boolean {
  return valuesOf(before) === valuesOf(scan(edited(before.text, [comment])));
}

function valuesOf({ text, documents }: Manifest): string {
  return JSON.stringify(
    documents.map((document) => readFields(text, document).map((field) => [field.name, field.text])),
  );
}

function tellNoComment(): void {
  void window.showInformationMessage(
    l10n.t('No comment can stand here. To leave it as it is, name the file under ignore in .purser.yaml.'),
  );
}
