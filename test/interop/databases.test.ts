import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, useCli } from '../support/cli.ts';
import { type DatabaseKind, DatabaseServer, whyNoDatabase } from '../support/database-server.ts';
import { findPeer } from '../support/peers.ts';
import { runProgram } from '../support/run-program.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/databases.md', import.meta.url)), 'utf8');
const fernet = fileURLToPath(new URL('fernet.py', import.meta.url));
const python = findPeer('cryptography');
const { sandbox } = useCli();

/** The script that the page shows below a heading. */
function documented(heading: string): string {
  const section = page.slice(page.indexOf(`\n### ${heading}\n`));
  return /```bash\n([^`]+)```/.exec(section)?.[1] ?? '';
}

/** flux-orchestrator's tables, as its models make them (backend/internal/models), without the columns that are not sealed. */
const tables = `
CREATE TABLE clusters (id varchar(100) PRIMARY KEY, name varchar(255) UNIQUE NOT NULL, kubeconfig text NOT NULL);
CREATE TABLE azure_subscriptions (id varchar(100) PRIMARY KEY, name varchar(255) NOT NULL, credentials text NOT NULL);
CREATE TABLE o_auth_providers (id varchar(100) PRIMARY KEY, name varchar(255) NOT NULL, client_secret text NOT NULL);
`;
const columns = [
  ['clusters', 'kubeconfig'],
  ['azure_subscriptions', 'credentials'],
  ['o_auth_providers', 'client_secret'],
] as const;

const kubeconfig = (name: string) =>
  `apiVersion: v1\nkind: Config\nusers:\n\t- name: "${name}"\n  user: {token: 'it''s \\ ${name} é'}\r\n`;
const encode = (text: string) => Buffer.from(text).toString('base64');
const credentials = (id: number) =>
  encode(JSON.stringify({ tenant_id: `${id}`, client_secret: 'canary', subscription_id: `${id}` }));
const newKey = () => randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');

async function ask(what: 'seal' | 'open', key: string, values: readonly string[]): Promise<string[]> {
  const request = JSON.stringify({ do: what, keys: [key], values });
  return JSON.parse(await runProgram(python.file ?? '', [fernet], request)) as string[];
}

/** A table's rows: every tenth one empty, as of the cluster that the application runs in. */
function plaintexts(table: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, row) => {
    if (row % 10 === 9) return '';
    if (table === 'clusters') return kubeconfig(`cluster ${row}`);
    return table === 'azure_subscriptions' ? credentials(row) : `client-secret-canary\\${row}`;
  });
}

const setups: readonly { which: DatabaseKind; heading: string }[] = [
  { which: 'postgres', heading: 'PostgreSQL' },
  { which: 'mariadb', heading: 'MySQL and MariaDB' },
];

for (const { which, heading } of setups) {
  const absent = whyNoDatabase(which) ?? (python.file === undefined ? 'no Python cryptography' : undefined);
  const title = absent === undefined ? heading : `${heading} (${absent})`;
  describe.skipIf(absent !== undefined)(`the script that is documented for ${title}`, () => {
    let server: DatabaseServer;
    let repo: Sandbox;
    const [first, second] = [newKey(), newKey()];

    beforeAll(async () => {
      server = await DatabaseServer.start(which);
      repo = sandbox();
      repo.write('rotate.sh', documented(heading), 0o755);
      repo.write('bin/purser', `#!/bin/sh\nexec "${process.execPath}" "${repo.program}" "$@"\n`, 0o755);
      repo.write('old.key', repo.secret(first));
      repo.write('new.key', repo.secret(second));
      repo.secret('canary');
    }, 120_000);
    afterAll(() => server.stop());

    /** Runs the script with other programs first on its PATH. */
    async function rotate(args: readonly string[], bin = 'bin', script = 'rotate.sh') {
      const run = spawn('bash', [script, ...args], {
        cwd: repo.root,
        env: { ...server.env, PATH: `${repo.path(bin)}${delimiter}${server.env['PATH'] ?? ''}` },
        detached: true,
      });
      let stderr = '';
      run.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      run.stdout.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const code = await new Promise<number | null>((resolve) => run.on('close', resolve));
      return { code, stderr };
    }

    /** What stands in a column now, row by row. */
    function stored(table: string, column: string): string[] {
      const rows = server.query(`SELECT id, ${column} FROM ${table} ORDER BY id;`).trimEnd().split('\n');
      return rows.map((row) => row.split(/[\t|]/)[1] ?? '');
    }

    /** What is told of each column, below its name. */
    const said = (line: string) =>
      columns.map(([table, column]) => `${table}.${column}\npurser: ${line}\n`).join('');
    const everything = () => columns.map(([table, column]) => stored(table, column));

    async function fill(count: number, inClear = 0): Promise<void> {
      for (const [table] of columns) server.query(`DROP TABLE IF EXISTS ${table};`);
      server.query(tables);
      for (const [table, column] of columns) {
        const values = plaintexts(table, count);
        const tokens = await ask('seal', first, values.map(encode));
        const rows = values.map((value, row) => {
          const sealed = row < inClear ? value : value === '' ? '' : (tokens[row] ?? '');
          return `('${String(row).padStart(6, '0')}', '${table}\t${row} ''\\\\', ${literal(sealed)})`;
        });
        server.query(`INSERT INTO ${table} (id, name, ${column}) VALUES ${rows.join(',\n')};`);
      }
    }

    /** Every byte by number: what is to be stored is then not for a quoting rule to change. */
    function literal(text: string): string {
      const hex = Buffer.from(text).toString('hex');
      return which === 'postgres' ? `convert_from('\\x${hex}', 'UTF8')` : `CONVERT(X'${hex}' USING utf8mb4)`;
    }

    async function expectAllUnder(key: string, count: number): Promise<void> {
      for (const [table, column] of columns) {
        const values = plaintexts(table, count);
        const now = stored(table, column);
        expect(now.map((token) => token === '')).toEqual(values.map((value) => value === ''));
        const opened = await ask(
          'open',
          key,
          now.filter((token) => token !== ''),
        );
        expect(opened).toEqual(values.filter((value) => value !== '').map(encode));
      }
    }

    const keys = ['--key', 'new.key', '--key', 'old.key'];

    it('seals every row of all three columns to a new key, and once only', async () => {
      await fill(50);
      expect(await rotate(keys)).toEqual({ code: 0, stderr: said('45 sealed again') });
      await expectAllUnder(second, 50);
      const rotated = everything();
      const again = await rotate(keys);
      expect(again).toEqual({ code: 0, stderr: said("45 sealed to today's key already") });
      expect(everything()).toEqual(rotated);
    });

    it('changes nothing where a row is in clear, and encrypts it with --migrate', async () => {
      await fill(30, 5);
      const before = everything();
      const refused = await rotate(keys);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('purser: -:1: this line is no Fernet token; if it is plaintext');
      expect(refused.stderr).not.toContain('canary');
      expect(everything()).toEqual(before);
      const ran = await rotate([...keys, '--migrate']);
      expect(ran).toEqual({ code: 0, stderr: said('5 encrypted, 22 sealed again') });
      await expectAllUnder(second, 30);
    });

    it('changes nothing where no key opens a row of the last column', async () => {
      await fill(30);
      const [foreign = ''] = await ask('seal', newKey(), [encode('another')]);
      server.query(`UPDATE o_auth_providers SET client_secret = '${foreign}' WHERE id = '000017';`);
      const before = everything();
      const refused = await rotate(keys);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        /client_secret\npurser: -:17: none of the keys at hand opens this fernet ciphertext/,
      );
      expect(everything()).toEqual(before);
    });

    const uuid = (row: number) => `123e4567-e89b-42d3-a456-${String(row).padStart(12, '0')}`;
    it.each<[string, string, (row: number) => string]>([
      ['a whole number', 'int', (row) => `${row * 37 - 40}`],
      ['a decimal number', 'decimal(12,3)', (row) => `${row * 3.125}`],
      ['a UUID', which === 'postgres' ? 'uuid' : 'char(36)', (row) => `'${uuid(row)}'`],
      ...(which === 'postgres'
        ? []
        : ([['bytes', 'varbinary(16)', (row) => `X'00ff27${row}0'`]] as [
            string,
            string,
            (row: number) => string,
          ][])),
    ])('finds each row again by an id that is %s', async (_, type, id) => {
      const values = ['canary one', 'canary two', 'canary three'];
      const tokens = await ask('seal', first, values.map(encode));
      server.query(`DROP TABLE IF EXISTS others; CREATE TABLE others (id ${type} PRIMARY KEY, token text);`);
      const rows = tokens.map((token, row) => `(${id(row + 1)}, ${literal(token)})`);
      server.query(`INSERT INTO others (id, token) VALUES ${rows.join(', ')};`);
      const script = documented(heading).replace(/for name in .*; do/, 'for name in others.token; do');
      repo.write('rotate-others.sh', script, 0o755);
      const ran = await rotate(keys, 'bin', 'rotate-others.sh');
      expect(ran).toEqual({ code: 0, stderr: 'others.token\npurser: 3 sealed again\n' });
      const now = server.query('SELECT token FROM others ORDER BY id;').trimEnd().split('\n');
      expect(await ask('open', second, now)).toEqual(values.map(encode));
    });

    it.each([
      ['purser is killed half-way', 'kill -9 $$'],
      ['everything is killed half-way, and the power fails', 'kill -9 0'],
    ])('loses nothing when %s', async (_, kill) => {
      const count = 3000;
      await fill(count);
      const before = everything();
      // The first column goes through whole, the second ends inside a token.
      const purser = repo.path('bin', 'purser');
      repo.write(
        'cut/purser',
        `#!/bin/bash\n[ -e first ] || { touch first; exec ${purser} "$@"; }\n${purser} "$@" | head -c 300123\nrm first\n${kill}\n`,
        0o755,
      );
      const ran = await rotate(keys, 'cut');
      expect(ran.code).not.toBe(0);
      if (ran.code === null) await server.crash();
      expect(everything()).toEqual(before);
      expect((await rotate(keys)).code).toBe(0);
      await expectAllUnder(second, count);
    });
  });
}
