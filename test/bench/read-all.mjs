// The least an audit of a snapshot can cost: node read-all.mjs FILE reads all of it, a megabyte at a time.

import { openSync, readSync } from 'node:fs';

const file = openSync(process.argv[2] ?? '', 'r');
const room = Buffer.alloc(1024 * 1024);
let bytes = 0;
for (let read = -1; read !== 0; bytes += read) read = readSync(file, room, 0, room.length, null);
console.log(bytes);
