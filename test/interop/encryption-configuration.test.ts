import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asPrinted, judgeConfiguration } from '../../src/audit/at-rest/judge-configuration.ts';
import { goQuote } from '../../src/manifest/at-rest/go-text.ts';
import { find } from '../support/kube-api.ts';
import said from '../unit/audit/at-rest/said-by-kube-apiserver.json' with { type: 'json' };

const program = find('kube-apiserver');
/** How many of the texts are tried: each starts an API server, which takes a third of a second to refuse it. */
const every = 5;

/** Those that it refuses with a message of one line that holds no key and no file, which Purser leaves out. */
const refused = said.cases.filter(
  ({ said: message }) => message !== '' && !/\n|\[the file\]|"Keys":\[\{/.test(message),
);

describe.skipIf(program === undefined)(
  program === undefined
    ? 'a real kube-apiserver (none: npm run peers, or KUBEBUILDER_ASSETS)'
    : 'a real kube-apiserver that is given an EncryptionConfiguration',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'purser-configuration-'));
    const signing = join(folder, 'service-account.pem');
    beforeAll(() => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      writeFileSync(signing, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    /** What it writes before it ends. There is no etcd, so that it ends with any file. */
    const start = (configuration: string, more: readonly string[]) => {
      const flags = [
        '--etcd-servers=http://127.0.0.1:1',
        '--bind-address=127.0.0.1',
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${signing}`,
        `--service-account-signing-key-file=${signing}`,
        `--cert-dir=${join(folder, 'certificates')}`,
        `--encryption-provider-config=${configuration}`,
        ...more,
      ];
      return new Promise<string>((resolve) => {
        execFile(program ?? '', flags, { timeout: 20_000, env: { HOME: folder } }, (_error, _out, errors) =>
          resolve(errors),
        );
      });
    };

    it.each(refused.filter((_one, index) => index % every === 0).map((one, index) => [index, one] as const))(
      'refuses text %i in the words that Purser has for it',
      async (index, one) => {
        const path = join(folder, `${index}.yaml`);
        writeFileSync(path, one.text);
        const reload = 'reload' in one;
        const kmsV1 = !('kmsV1' in one);
        const wanted = asPrinted(judgeConfiguration(one.text, { reload, kmsV1 }), path);
        const errors = await start(path, [
          `--encryption-provider-config-automatic-reload=${reload}`,
          `--feature-gates=KMSv1=${kmsV1}`,
        ]);
        expect(errors).toContain(`err=${goQuote(wanted ?? 'nothing')}`);
      },
    );
  },
);
