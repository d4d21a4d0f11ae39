/** Marks the lines of the console that are results; `test/host/host-suite.mjs` reads them. */
const MARK = 'purser-host-result ';
const NOTE = 'purser-host-note ';
const LIMIT_MS = 60_000;

interface HostTest {
  readonly name: string;
  readonly body: () => unknown;
}

const registered: HostTest[] = [];

/**
 * Registers a test that runs inside VS Code's extension host. Tests run one after the other, in the order of their files'
 * names, in one window: each leaves it as it was found. Toasts are not shown there and modal dialogs are refused.
 */
export function test(name: string, body: () => unknown): void {
  registered.push({ name, body });
}

/**
 * Called by VS Code with the extension installed. Rejects when a test has failed, which is the desktop's exit code.
 *
 * @public
 */
export async function run(): Promise<void> {
  let failed = 0;
  for (const { name, body } of registered) {
    const start = performance.now();
    const error = await outcome(body);
    if (error !== undefined) failed += 1;
    report({ name, ok: error === undefined, error, milliseconds: Math.round(performance.now() - start) });
  }
  report({ total: registered.length });
  if (failed > 0) throw new Error(`${failed} of ${registered.length} host tests failed`);
}

async function outcome(body: () => unknown): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([Promise.resolve().then(body), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Prints a figure beside the results. */
export function note(text: string): void {
  console.log(NOTE + text);
}

function report(line: object): void {
  console.log(MARK + JSON.stringify(line));
}
