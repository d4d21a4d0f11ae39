import { ProgressLocation, window } from 'vscode';

/** Work longer than this shows progress with a Cancel button. */
const patience = 500;

/**
 * Does cancellable work: silently when it is quick, with progress when it is not. Cancelling aborts the signal.
 *
 * @param asker asks questions in between: meanwhile it is the person who is waited for, and there is no progress
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
  asker: { readonly isAsking: boolean } = { isAsking: false },
): Promise<T> {
  const controller = new AbortController();
  const done = work(controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<'slow'>((resolve) => {
    const look = () => {
      if (asker.isAsking) timer = setTimeout(look, patience);
      else resolve('slow');
    };
    timer = setTimeout(look, patience);
  });
  const first = await Promise.race([done.then(() => 'done' as const), slow]).finally(() =>
    clearTimeout(timer),
  );
  if (first === 'done') return done;
  const options = { location: ProgressLocation.Notification, title, cancellable: true };
  return window.withProgress(options, (_progress, token) => {
    token.onCancellationRequested(() => controller.abort());
    return done;
  });
}
