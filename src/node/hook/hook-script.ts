/** Where the script of one clone stands, from git's common folder. */
export const launcherPath = 'purser/pre-commit';
/** The name of the hook that was there before, beside ours. */
export const previousName = 'pre-commit.before-purser';

const begin = '# >>> purser: no plaintext secret is committed. Taken away by: purser hook remove\n';
const end = '# <<< purser\n';

/** The same in every clone, because a hook folder may be a part of the repository. */
const block = `${begin}purser_hook=$(git rev-parse --git-common-dir)/${launcherPath}
if [ ! -f "$purser_hook" ]; then
  echo 'purser: nothing was checked, so nothing is committed: this repository asks for Purser, and it is not set up in this clone; run purser hook install (Purser: Install Pre-Commit Hook), or commit with --no-verify' >&2
  exit 1
fi
sh "$purser_hook" || exit $?
${end}`;

/**
 * A hook of our own. It runs the one that was there before under that one's old name, by which some know what they are for,
 * and looks again where that one has staged something.
 */
export const ownHook = `#!/bin/sh
${block}purser_previous=\${0%/*}/${previousName}
[ -x "$purser_previous" ] || exit 0
purser_index=$(git rev-parse --git-path index)
purser_before=$(cksum < "$purser_index" 2>/dev/null)
read -r purser_shebang < "$purser_previous"
case $purser_shebang in
  '#!'*[/\\ ]bash) bash -c 'purser_previous=$1; shift; . "$purser_previous"' "$0" "$purser_previous" "$@" || exit $? ;;
  '#!'*[/\\ ]sh | '#!'*[/\\ ]dash) sh -c 'purser_previous=$1; shift; . "$purser_previous"' "$0" "$purser_previous" "$@" || exit $? ;;
  *) "$purser_previous" "$@" || exit $? ;;
esac
[ "$purser_before" = "$(cksum < "$purser_index" 2>/dev/null)" ] || sh "$purser_hook"
`;

/** What a hook of a shared folder begins with where there was none. */
const made = '#!/bin/sh\n# This file was made by: purser hook install\n';

/** Lines that the block must follow: the first line of a script, and what starts husky 5 to 8, which runs the script anew. */
const shebang = /^#![^\n]*\n/;
const huskyStart = /^\. .*\/_\/husky\.sh"?\r?\n/m;
const shellShebang = /^#!.*[/ ](?:ba|da|k|z)?sh\b/;

/** Whether this is a script that the block can stand in; husky's need no first line. */
export function isShellScript(text: string): boolean {
  return !text.startsWith('#!') || shellShebang.test(text);
}

export function hasBlock(text: string): boolean {
  return text.includes(begin) && text.includes(end);
}

/** A hook with our block before all that it does; text without one is a new hook. */
export function withBlock(text: string | undefined): string {
  const bare = text === undefined ? undefined : withoutBlock(text);
  if (bare === undefined) return made + block;
  const start = huskyStart.exec(bare) ?? shebang.exec(bare);
  const at = start === null ? 0 : start.index + start[0].length;
  return `${bare.slice(0, at)}${block}${bare.slice(at)}`;
}

/** The hook without our block, as it was; undefined where there was none. */
export function withoutBlock(text: string): string | undefined {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) return text;
  const bare = text.slice(0, from) + text.slice(to + end.length);
  return bare === made ? undefined : bare;
}
