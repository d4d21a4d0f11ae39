import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CompilePattern } from '../../../../src/core/sops-selection.ts';
import type { AgeKey } from '../../../../src/crypto/age/age-key.ts';
import { readAgeKeyFile } from '../../../../src/crypto/age/key-file.ts';
import { ageKeySource } from '../../../../src/crypto/sops/age-keys.ts';
import { loadRe2 } from '../../../../src/policy/re2.ts';
import { readSopsText } from '../../../../src/schemes/sops/file.ts';
import { openSops } from '../../../../src/schemes/sops/open.ts';
import { isComment, walkSops } from '../../../../src/schemes/sops/walk.ts';
import { neverAsked } from '../../../support/age-keys.ts';
import { openingBy, plainValues, valuesOf } from '../../../support/sops.ts';

const folder = fileURLToPath(new URL('../../../golden/sops/', import.meta.url));
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
const formatOf = (name: string) => (name.endsWith('.json') ? 'json' : 'yaml');

/** `WHAT.CLEAR.yaml` opens to `clear/CLEAR.yaml`. */
const files = readdirSync(folder).filter((name) => /\.[a-z]+\.(?:yaml|json)$/.test(name));
const clearOf = (name: string) => textOf(join('clear', name.split('.').slice(-2).join('.')));

/** All comments, in no order: sops puts some elsewhere. */
function commentsIn(text: string): readonly string[] {
  const found: string[] = [];
  walkSops(readSopsText(text, 'yaml'), (leaf) => {
    if (isComment(leaf)) found.push(leaf.node.text);
  });
  return found.toSorted();
}

describe('what sops wrote', () => {
  let keys: readonly AgeKey[];
  let compile: CompilePattern;
  beforeAll(async () => {
    const names = readdirSync(join(folder, 'test-keys')).filter((name) => !name.endsWith('.pub'));
    const read = names.map((name) =>
      readAgeKeyFile(readFileSync(join(folder, 'test-keys', name)), name, neverAsked),
    );
    keys = (await Promise.all(read)).flatMap((file) => file.keys);
    compile = await loadRe2();
  });

  it('is all here', () => {
    expect(files.length).toBeGreaterThan(20);
    const described = textOf('README.md');
    expect(files.filter((name) => !described.includes(` > ${name}\n`))).toEqual([]);
  });

  it.each(files)('is opened with its MAC checked, and no tool: %s', async (name) => {
    const opening = await openingBy(textOf(name), formatOf(name), ageKeySource(keys), compile);
    const clear = clearOf(name);
    expect(valuesOf(opening)).toEqual(plainValues(clear, formatOf(name)));
    if (formatOf(name) === 'json') return;
    const { comments } = openSops(opening.file, opening.dataKey, opening.selects);
    const sealed = comments.map(({ plaintext }) => plaintext.exposeText() ?? '').toSorted();
    const inTheClear = commentsIn(textOf(name)).filter((text) => !text.startsWith('ENC['));
    expect([...sealed, ...inTheClear].toSorted()).toEqual(commentsIn(clear));
  });
});
