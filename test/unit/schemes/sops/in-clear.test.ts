import { expect, it } from 'vitest';
import { readSopsFile } from '../../../../src/schemes/sops/file.ts';
import { requireNoneInClear } from '../../../../src/schemes/sops/in-clear.ts';
import { compile, sealed } from './clear-keys.ts';

const rule = { name: 'encrypted_regex', text: '^secret$' } as const;
const check = (text: string) => requireNoneInClear(readSopsFile(text, 'yaml'), compile);

it('tells a value in the clear that the rule of the file covers, with its line', async () => {
  const text = await sealed('open: x\nsecret:\n  a: one\n  empty: ""\n  nothing:\n', { rule });
  check(text);
  expect(() => check(text.replace('secret:\n', 'secret:\n  late: two\n'))).toThrow(
    expect.objectContaining({ code: 'sops.clear-value', place: { line: 3, entry: 'secret.late' } }),
  );
});

it('does not mind what the rule leaves in the clear', async () => {
  const text = await sealed('open: x\nsecret: y\n', { rule });
  check(text.replace('open: x\n', 'open: x\nanother: z\n'));
});
