/**
 * The history of a repository of manifests, for `git fast-import`: each commit writes two files of some hundred, a Deployment
 * with a new image, and a Secret with new ciphertext. The same each time.
 *
 * @param {number} commits
 * @param {(commit: number) => string | undefined} extra the content of a file that this commit writes besides
 */
export function longHistory(commits, extra = () => undefined) {
  const parts = [];
  for (let commit = 1; commit <= commits; commit++) {
    const app = `app-${commit % 97}`;
    parts.push(
      `commit refs/heads/main\nmark :${commit}\ncommitter Ann <ann@example.com> ${1_700_000_000 + commit * 600} +0000\n`,
    );
    parts.push(data(`release ${app} ${commit}`));
    if (commit > 1) parts.push(`from :${commit - 1}\n`);
    parts.push(file(`apps/${app}/deployment.yaml`, deployment(app, commit)));
    parts.push(file(`apps/${app}/secret.yaml`, secret(app, commit)));
    const more = extra(commit);
    if (more !== undefined) parts.push(file('apps/extra.yaml', more));
  }
  return parts.join('');
}

/** @param {string} path @param {string} content */
function file(path, content) {
  return `M 100644 inline ${path}\n${data(content)}`;
}

/** @param {string} content */
function data(content) {
  return `data ${Buffer.byteLength(content)}\n${content}\n`;
}

/** @param {string} app @param {number} commit */
function deployment(app, commit) {
  const variables = Array.from(
    { length: 40 },
    (_, at) => `            - {name: SETTING_${at}, value: "${app}-${at}"}\n`,
  );
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${app}\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${app}\n          image: registry.example.com/${app}:1.0.${commit}\n          env:\n${variables.join('')}`;
}

/** @param {string} app @param {number} commit */
function secret(app, commit) {
  return `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${app}\nstringData:\n  password: ${token(commit)}\n  token: ${token(commit + 0.5)}\n`;
}

/** As long and as hard to compress as a ciphertext. @param {number} seed */
function token(seed) {
  let state = Math.floor(seed * 2_654_435_761) >>> 0;
  const bytes = Buffer.alloc(400);
  for (let at = 0; at < bytes.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return `gAAAAA${bytes.toString('base64url')}`;
}
