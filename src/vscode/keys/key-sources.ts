import { Uri, workspace } from 'vscode';
import type { KeyFile, KeySources, PolicyKeys, SopsConfigKeys } from '../../app/keys/known-keys.ts';
import type { Files } from '../../app/ports.ts';
import { SopsFiles } from '../../app/sops-files.ts';
import { Failure } from '../../core/errors.ts';
import { Plaintext } from '../../core/plaintext.ts';
import { LineIndex } from '../../core/span.ts';
import type { FindKeyFiles } from '../ciphertext-lines.ts';
import { listFiles } from '../list-files.ts';
import type { Policies } from '../policies.ts';

/** More than that is no repository of manifests. */
const configsAtMost = 200;
const keysAtMost = 500;

/** What is read to find keys. */
export interface KeyReading {
  readonly files: Files;
  readonly policies: Pick<Policies, 'require' | 'onDidChange'>;
  readonly keysElsewhere: FindKeyFiles;
}

/** Where the workspace says who its keys are (its policies, its `.sops.yaml` files, what lies in `.purser`), and the person's keys elsewhere. */
export async function keySources(services: KeyReading, signal: AbortSignal): Promise<KeySources> {
  const [policies, sopsConfigs, keys] = await Promise.all([
    listFiles('**/.purser.yaml', configsAtMost, signal),
    listFiles('**/.sops.yaml', configsAtMost, signal),
    listFiles('**/.purser/{keys,certs}/*', keysAtMost, signal),
  ]);
  return {
    policies: await each(policies, (uri) => policyKeys(uri, services)),
    sopsConfigs: await each(sopsConfigs, (uri) => sopsConfigKeys(uri, services)),
    files: await each(keys, (uri) => keyFile(uri, services)),
    elsewhere: await services.keysElsewhere(),
  };
}

/** A file that cannot be read says nothing of keys; what is wrong with it stands in *Problems*. */
async function each<T>(uris: readonly Uri[], read: (uri: Uri) => Promise<T>): Promise<readonly T[]> {
  const all = uris.map(async (uri) => {
    try {
      return [await read(uri)];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
  return (await Promise.all(all)).flat();
}

async function policyKeys(uri: Uri, { policies }: KeyReading): Promise<PolicyKeys> {
  const { base, root, policy } = await policies.require(uri);
  return { base, root, rules: policy?.rules ?? [] };
}

async function sopsConfigKeys(uri: Uri, { files }: KeyReading): Promise<SopsConfigKeys> {
  const path = uri.fsPath;
  const { rules } = await new SopsFiles(files).read(path);
  const lines = new LineIndex(new TextDecoder().decode(await files.read(path)));
  const recipients = (rules?.all ?? []).flatMap(({ groups }) =>
    groups.flat().map((recipient) => ({ recipient, line: lines.positionAt(recipient.span.start).line })),
  );
  return { path, recipients };
}

async function keyFile({ fsPath: path }: Uri, { files }: KeyReading): Promise<KeyFile> {
  const bytes = new Plaintext(await files.read(path));
  const schemes = /[/\\]certs[/\\][^/\\]+$/.test(path) ? (['sealed-secrets'] as const) : (['jwe'] as const);
  return { path, ref: workspace.asRelativePath(Uri.file(path), false), schemes, bytes };
}
