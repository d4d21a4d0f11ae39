import { type CopiedProgram, programName } from './copied-program.ts';

/** A Node that is too old says so with this exit code, and the next one is tried. */
const tooOld = 97;

/**
 * What `node -e` runs: it compares the copied command line with its digests, and starts it. Without single quotes, because
 * it stands between them in a shell script; in old JavaScript, so that an old Node gets to say that it is one.
 */
const loader = `
  var version = process.versions.node.split(".").map(Number);
  if (version[0] < 20 || (version[0] === 20 && version[1] < 16)) process.exit(${tooOld});
  var fs = require("fs"), path = require("path"), folder = process.argv[1];
  function refuse(reason) {
    fs.writeSync(2, "purser: nothing was checked, so nothing is committed: " + reason + "\\n");
    process.exit(1);
  }
  process.argv[2].split("\\n").forEach(function (line) {
    var digest = line.slice(0, 64), file = path.join(folder, line.slice(65)), found;
    try { found = require("crypto").createHash("sha256").update(fs.readFileSync(file)).digest("hex"); } catch (error) {}
    if (found === undefined) refuse(file + " is missing; run purser hook install again");
    if (found !== digest) refuse(file + " is not what was installed; find out who changed it, and run purser hook install again");
  });
  var program = path.join(folder, "${programName}");
  process.argv.splice(1, 2, program, "scan", "--staged", "--level", "error");
  delete process.env.ELECTRON_RUN_AS_NODE;
  import(require("url").pathToFileURL(program).href).catch(function (error) {
    refuse("it failed (" + (error && error.name) + "); report this, or commit with --no-verify");
  });
`;

/**
 * The script of one clone that runs the copied command line. Node is searched on the PATH, where neither relative folders
 * count nor those of the work tree or of any node_modules; `runtime` is what is run where there is none.
 */
export function launcherScript({ folder, digests }: CopiedProgram, runtime: string): string {
  const list = [...digests].map(([name, digest]) => `${digest} ${name}`).join('\n');
  return `#!/bin/sh
# Written by \`purser hook install\`, taken away by \`purser hook remove\`. Runs \`purser scan --staged\`.
folder=${quoted(folder)}
digests=${quoted(list)}
runtime=${quoted(runtime)}
loader=${quoted(loader)}
# Whatever is set here would be run before the loader.
unset NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS
top=$(pwd -P)

run() {
  ELECTRON_RUN_AS_NODE=1 "$1" -e "$loader" "$folder" "$digests"
  status=$?
  # 126 and 127: it stands for a Node that is not installed.
  case $status in ${tooOld} | 126 | 127) ;; *) exit "$status" ;; esac
}

set -f
IFS=:
for entry in $PATH; do
  case $entry in /*) ;; *) continue ;; esac
  [ -f "$entry/node" ] && [ -x "$entry/node" ] || continue
  entry=$(CDPATH= cd -- "$entry" && pwd -P) || continue
  case $entry/ in "$top"/* | */node_modules/*) continue ;; esac
  run "$entry/node"
done
[ -f "$runtime" ] && [ -x "$runtime" ] && run "$runtime"
echo 'purser: nothing was checked, so nothing is committed: there is no Node 20.16 or newer on the PATH, nor the editor that installed this hook; install one of them, run purser hook install again, or commit with --no-verify' >&2
exit 1
`;
}

/** A word for sh, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
