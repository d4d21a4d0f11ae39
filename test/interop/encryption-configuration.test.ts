import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asPrinted, judgeConfiguration } from '../../src/audit/at-rest/judge-configuration.ts';
import { goQuote } from '../../src/manifest/at-rest/go-text.ts';
import { tellDocument } from '../../src/manifest/parse.ts';
import { freePorts } from '../support/background-program.ts';
import { find } from '../support/control-plane-programs.ts';
import {
  configurationFiles,
  configurationFolder,
  structureCases,
  structureText,
  wildcardCases,
  wildcardText,
} from '../support/encryption-configurations.ts';
import { readVector } from '../support/vectors.ts';
import said from '../unit/audit/at-rest/said-by-kube-apiserver.json' with { type: 'json' };

interface Case {
  readonly text: string;
  readonly reload?: boolean;
  readonly kmsV1?: boolean;
}

const program = find('kube-apiserver');

const texts: readonly (readonly [name: string, one: Case])[] = [
  ...said.cases.map((one: Case, index) => [`text ${index}`, one] as const),
  ...(['valid-configs', 'invalid-configs'] as const)
    .flatMap(configurationFiles)
    .map((name) => [name, { text: readVector(`${configurationFolder}/${name}`) }] as const),
  ...structureCases().map(
    (one) => [`structure: ${one.desc}`, { text: structureText(one), reload: one.reload }] as const,
  ),
  ...wildcardCases().map((one) => [`wildcards: ${one.desc}`, { text: wildcardText(one) }] as const),
];

describe.skipIf(program === undefined)(
  program === undefined
    ? 'a real kube-apiserver (none: npm run peers, or KUBEBUILDER_ASSETS)'
    : 'a real kube-apiserver that is given an EncryptionConfiguration',
  { concurrent: true },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'purser-configuration-'));
    const signing = join(folder, 'service-account.pem');

    beforeAll(async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(signing, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      // The first one makes the certificates that the others use, several at a time.
      await start(join(folder, 'none.yaml'), {});
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    /**
     * What it writes before it ends. It always ends: what is wanted next, once it has taken the configuration, is a CA for etcd that
     * is not there.
     */
    async function start(configuration: string, { reload = false, kmsV1 = true }: Omit<Case, 'text'>) {
      const [port] = await freePorts(1);
      const flags = [
        '--etcd-servers=https://127.0.0.1:1',
        `--etcd-cafile=${join(folder, 'none.pem')}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${signing}`,
        `--service-account-signing-key-file=${signing}`,
        `--cert-dir=${join(folder, 'certificates')}`,
        `--encryption-provider-config=${configuration}`,
        `--encryption-provider-config-automatic-reload=${reload}`,
        `--feature-gates=KMSv1=${kmsV1}`,
      ];
      return new Promise<string>((resolve) => {
        execFile(program ?? '', flags, { timeout: 60_000, env: { HOME: folder } }, (_error, _out, errors) =>
          resolve(errors),
        );
      });
    }

    it.each(texts.map(([name, one], index) => [name, index, one] as const))(
      'judges %s as Purser does, in the same words',
      async (_name, index, one) => {
        const path = join(folder, `${index}.yaml`);
        writeFileSync(path, one.text);
        const { reload = false, kmsV1 = true } = one;
        const wanted = asPrinted(judgeConfiguration(one.text, { reload, kmsV1 }, tellDocument), path);
        const errors = failureIn(await start(path, one));
        if (wanted === undefined) expect(errors).toContain('error creating storage factory: open ');
        else expect(errors).toContain(logged(wanted.replace('[the file]', () => one.text)));
      },
    );
  },
);

/** What kube-apiserver says last, without keys, which it quotes where an element has two providers. */
function failureIn(log: string): string {
  const last = log.slice(log.lastIndexOf('"command failed"'));
  return last.replaceAll(/\\"Secret\\":\\"(?:[^"\\]|\\[^"])*\\"/g, '\\"Secret\\":\\"REDACTED\\"');
}

/** A message as it is logged. */
function logged(message: string): string {
  const lines = message.split('\n');
  return lines.length === 1
    ? `err=${goQuote(message)}`
    : `err=<\n${lines.map((line) => `\t${line}\n`).join('')} >`;
}
