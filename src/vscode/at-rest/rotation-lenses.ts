import { CodeLens, type CodeLensProvider, l10n, Range, type TextDocument } from 'vscode';
import { isManifestDocument } from '../manifests.ts';
import { readSetting } from '../settings.ts';
import type { Location } from '../targets.ts';
import { configurationText } from './may-be-configuration.ts';

/** Where an EncryptionConfiguration says what it is; the older name too. */
const kind = /^[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?EncryptionConfig(?:uration)?\b/m;

/** *Rotate Encryption Key…*, above an EncryptionConfiguration. */
export class RotationLenses implements CodeLensProvider {
  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!isManifestDocument(document) || document.uri.scheme !== 'file') return [];
    if (!readSetting('codeLens.enabled', document.uri)) return [];
    const offset = configurationText(document)?.search(kind) ?? -1;
    if (offset === -1) return [];
    const position = document.positionAt(offset);
    const at: Location = { uri: document.uri.toString(), offset };
    const title = `$(key) ${l10n.t('Rotate Encryption Key…')}`;
    const command = { title, command: 'purser.rotateEncryptionKey', arguments: [at] };
    return [new CodeLens(new Range(position, position), command)];
  }
}
