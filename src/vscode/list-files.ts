import { CancellationTokenSource, type GlobPattern, type Uri, workspace } from 'vscode';

/**
 * The files of the workspace that match, but for those of packages and of git. Throws the signal's reason when it is to stop.
 * @param atMost how many are listed
 */
export async function listFiles(
  pattern: GlobPattern,
  atMost: number,
  signal: AbortSignal,
): Promise<readonly Uri[]> {
  const source = new CancellationTokenSource();
  const cancel = () => source.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    return await workspace.findFiles(pattern, '**/{node_modules,.git}/**', atMost, source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
    signal.throwIfAborted();
  }
}
