// Changes one value of a SOPS file, as a program that is started for it does: node … FILE KEY_FILE KEY VALUE

import { readFileSync, writeFileSync } from 'node:fs';
import { selectionOf } from '../../src/core/sops-selection.ts';
import { applyEdits } from '../../src/core/span.ts';
import { readAgeKeyFile } from '../../src/crypto/age/key-file.ts';
import { ageKeySource } from '../../src/crypto/sops/age-keys.ts';
import { recoverDataKey } from '../../src/crypto/sops/data-key.ts';
import { loadRe2 } from '../../src/policy/re2.ts';
import { readSopsFile } from '../../src/schemes/sops/file.ts';
import { changeSopsValue } from '../../src/schemes/sops/set-value.ts';

const [path = '', keyFile = '', key = '', value = ''] = process.argv.slice(2);
const text = readFileSync(path, 'utf8');
const { keys } = await readAgeKeyFile(readFileSync(keyFile), 'bench', async () => undefined);
const file = readSopsFile(text, 'yaml');
const dataKey = await recoverDataKey(file.metadata, ageKeySource(keys));
const selects = selectionOf(file.metadata.rule, await loadRe2());
const typed = /** @type {const} */ ({ type: 'str', bytes: new TextEncoder().encode(value) });
const target = { document: 0, place: ['stringData', key] };
writeFileSync(path, applyEdits(text, changeSopsValue({ file, dataKey, selects }, target, typed, new Date())));
