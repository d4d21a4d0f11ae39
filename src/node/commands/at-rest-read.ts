import { chooseValue, readEtcdInput } from '../../app/at-rest/etcd-input.ts';
import { writerInWords } from '../../app/at-rest/key-words.ts';
import { readEtcdValue } from '../../app/at-rest/stored-reading.ts';
import { shown } from '../../app/sentence.ts';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { manifestOf, readStoredObject } from '../../crypto/at-rest/read-stored-object.ts';
import { configurationFile } from './configuration-file.ts';
import type { CliContext, ExitCode } from './context.ts';
import { readInput, usage } from './file-io.ts';

export interface ReadOptions {
  /** Of a raw value, or of what `etcdctl get` printed. */
  readonly path: string;
  readonly config: string | undefined;
  readonly keys: readonly string[];
  readonly etcdKey: string | undefined;
}

/** `purser atrest read`: which key wrote a value of etcd, on stderr, and the object in it, on stdout. */
export async function readStored(options: ReadOptions, context: CliContext): Promise<ExitCode> {
  const { path, config, keys } = options;
  const configuration = await configurationFile(config, keys, context);
  try {
    const { bytes } = await readInput(path, context);
    const { etcdKey, value } = chooseValue(readEtcdInput(bytes), options.etcdKey);
    if (etcdKey === undefined) throw usage('name the path of the value in etcd with --etcd-key');
    const { writer, kmsKeyId, opened } = readEtcdValue(value, etcdKey, configuration);
    context.terminal.say(`purser: ${shown(path)}: ${writerInWords(writer, kmsKeyId)}`);
    if (!opened.ok) throw opened.failure;
    print(path, opened.value, context);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw error.at({ path: Failure.is(error, 'key.unusable') && config !== undefined ? config : path });
  }
}

/** A Secret as a manifest; what was stored as JSON as it was stored; of what else there is, what can be told. */
function print(path: string, plaintext: Plaintext, { terminal }: CliContext): void {
  const note = (text: string) => terminal.say(`purser: ${shown(path)}: ${text}`);
  try {
    const object = readStoredObject(plaintext);
    if (object.form === 'json' && object.secret === undefined) return terminal.out(endedLine(plaintext));
    if (object.secret === undefined)
      note(`of a ${shown(object.kind)} that is stored as protobuf, only its metadata is read`);
    terminal.out(endedLine(manifestOf(object)));
  } catch (error) {
    if (!Failure.is(error, 'stored.malformed')) throw error;
    note(`its plaintext is printed as it is: ${error.details.reason}`);
    terminal.out(plaintext.expose());
  }
}

function endedLine(plaintext: Plaintext): Uint8Array {
  const bytes = plaintext.expose();
  return bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
}
