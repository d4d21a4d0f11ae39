/** A file as git lists it. */
export interface GitEntry {
  /** Relative to the top folder, with `/`. What is no UTF-8 in a name is replaced. */
  readonly path: string;
  /** The name as the file system has it. */
  readonly name: Buffer;
  readonly mode: string;
  readonly object: string;
  /** The object that it takes the place of; undefined for a new file, and where only one is told. */
  readonly before?: string;
}

const regular: ReadonlySet<string> = new Set(['100644', '100755']);

/** Neither a symbolic link nor a submodule. */
export function isRegular({ mode }: GitEntry): boolean {
  return regular.has(mode);
}

/** `git ls-files --stage -z`: `MODE OBJECT STAGE\tPATH`. Of a conflict there are up to three. */
export function readStage(output: Buffer): GitEntry[] {
  return splitAtNul(output).map((record) => {
    const tab = record.indexOf(0x09);
    const [mode = '', object = ''] = record.toString('latin1', 0, tab).split(' ');
    return entry(mode, object, record.subarray(tab + 1));
  });
}

/** `git diff --raw -z --no-renames`: `:MODE MODE OBJECT OBJECT STATUS`, then the path. The second of each is the new one. */
export function readRawDiff(output: Buffer): GitEntry[] {
  const fields = splitAtNul(output);
  const entries: GitEntry[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = '', before = '', object = ''] = fields[i]?.toString('latin1').split(' ') ?? [];
    const own = entry(mode, object, fields[i + 1] ?? Buffer.alloc(0));
    entries.push(/^0*$/.test(before) ? own : { ...own, before });
  }
  return entries;
}

/** `git ls-files -z` and its like: nothing but names. */
export function readNames(output: Buffer): GitEntry[] {
  return splitAtNul(output).map((name) => entry('', '', name));
}

function entry(mode: string, object: string, name: Buffer): GitEntry {
  return { path: name.toString('utf8'), name, mode, object };
}

function splitAtNul(output: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    if (end === -1) break;
    parts.push(output.subarray(at, end));
    at = end + 1;
  }
  return parts;
}
