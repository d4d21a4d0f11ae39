import { l10n, Uri } from 'vscode';
import { onOneLine } from '../../app/sentence.ts';

/** Of documents that show how far a rotation is. */
export const rotationScheme = 'purser-rotation';

/** What a rotation is known by: one a file and cluster. */
export function rotationId({ file, cluster }: { readonly file: string; readonly cluster: string }): string {
  return JSON.stringify([file, cluster]);
}

/** The path is for reading only: it is what the tab is called. */
export function rotationUri(id: string, clusterTitle: string): Uri {
  const name = l10n.t('Rotate the key of {0}', onOneLine(clusterTitle) || '_').replace(/[\\/]/g, '_');
  return Uri.from({
    scheme: rotationScheme,
    path: `/${name}`,
    query: encodeURIComponent(id.toWellFormed()),
  });
}

/** Undefined for a URI that was not made here. */
export function rotationOf({ scheme, query }: Pick<Uri, 'scheme' | 'query'>): string | undefined {
  if (scheme !== rotationScheme) return undefined;
  try {
    return decodeURIComponent(query);
  } catch {
    // A stray percent sign.
    return undefined;
  }
}
