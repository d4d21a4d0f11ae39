import { onOneLine } from '../app/sentence.ts';

/**
 * Text from elsewhere for a notification: without control and bidirectional characters, and without links, which a
 * notification would follow even where they name a command.
 */
export function plainMessage(text: string): string {
  return onOneLine(text).replaceAll('](', '] (');
}

/** Text from elsewhere for a label, a lens or the status bar, where `$(name)` would be drawn as an icon. */
export function plainLabel(text: string): string {
  return onOneLine(text).replaceAll('$(', '$ (');
}
