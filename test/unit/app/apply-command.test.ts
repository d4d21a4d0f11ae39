import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { applyCommand } from '../../../src/app/apply-command.ts';
import { Workspace } from '../../support/workspace.ts';

const folder = new Workspace();
afterAll(() => folder.remove());

/** What a real shell makes of the command: what `purser` and `kubectl` are run with. */
function runInShell(path: string): string {
  for (const name of ['purser', 'kubectl'])
    chmodSync(
      folder.write(`bin/${name}`, `#!/bin/sh\nprintf '%s|' ${name} $# "$@"\n[ ${name} = purser ] || cat\n`),
      0o755,
    );
  const env = { PATH: `${folder.path('bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const ran = spawnSync('sh', ['-c', applyCommand(path) ?? 'false'], {
    cwd: folder.root,
    env,
    encoding: 'utf8',
  });
  return `${ran.stdout}${ran.stderr}`;
}

const shell = process.platform !== 'win32';

describe('the command that applies a file', () => {
  it('is easy to read for most', () => {
    expect(applyCommand('clusters/dev/db.yaml')).toBe(
      'purser decrypt clusters/dev/db.yaml | kubectl apply -f -',
    );
    expect(applyCommand('a b.yaml')).toBe("purser decrypt 'a b.yaml' | kubectl apply -f -");
  });

  it
    .skipIf(!shell)
    .each([
      'plain/a.yaml',
      'with space.yaml',
      "it's.yaml",
      '$(touch evil).yaml',
      '`id`;&|<>*?[a]{b,c}~!#"\\.yaml',
      'é/ü.yaml',
      '~/a.yaml',
      '=ls.yaml',
    ])('names %s to a real shell', (path) => {
    expect(runInShell(path)).toBe(`kubectl|3|apply|-f|-|purser|2|decrypt|${path}|`);
  });

  it.skipIf(!shell)('names every file as it is called', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => applyCommand(text) !== undefined);
    fc.assert(
      fc.property(name, (path) => {
        const spelled = path.startsWith('-') ? `./${path}` : path;
        expect(runInShell(path)).toBe(`kubectl|3|apply|-f|-|purser|2|decrypt|${spelled}|`);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['a\nb.yaml', 'a\u001b[201~b.yaml', 'a\u202eb.yaml', 'a\u0007.yaml'])(
    'is not made where pasting %j could do something else',
    (path) => {
      expect(applyCommand(path)).toBeUndefined();
    },
  );
});
