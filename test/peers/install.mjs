// Installs the reference tools that tests run against or compare with, pinned, into `peers` in the cache folder.
// Run by `npm run peers`. A tool whose installer (go, python3) is not here is reported and left out; its tests
// then skip by name.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../host/cache.mjs';

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} pin what is installed, with its version
 * @property {string} needs the program that installs it
 * @property {string} file the program that shows it is there
 * @property {() => void} install
 */

const folder = join(cacheFolder(), 'peers');
const windows = process.platform === 'win32';
const python = windows ? 'python' : 'python3';

const kubernetesVersion = '-X k8s.io/component-base/version.gitVersion=v1.36.3';

/**
 * How a build differs from what was published.
 * @typedef {object} Difference
 * @property {string} module
 * @property {string} file in the module
 * @property {[from: string, to: string][]} lines each of which stands in the file once
 */

/**
 * The controller of Sealed Secrets takes the credentials of the pod it runs in, from a folder that no flag names: this one takes a
 * kubeconfig.
 *
 * @type {Difference}
 */
const outsideOfPods = {
  module: 'github.com/bitnami/sealed-secrets',
  file: 'pkg/controller/main.go',
  lines: [
    ['\t"k8s.io/client-go/rest"\n', '\t"k8s.io/client-go/tools/clientcmd"\n'],
    ['rest.InClusterConfig()', 'clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))'],
  ],
};

/** @type {Peer[]} */
const peers = [
  goPeer('jose-util', 'github.com/go-jose/go-jose/v4/jose-util', 'v4.1.8'),
  // jose-util reads no symmetric keys: a program of our own over the same library does.
  goModulePeer('go-jose', 'go-jose', '.', { source: 'main.go' }),
  goPeer('gitleaks', 'github.com/zricethezav/gitleaks/v8', 'v8.30.1'),
  goPeer('age', 'filippo.io/age/cmd/age', 'v1.3.2'),
  goPeer('age-keygen', 'filippo.io/age/cmd/age-keygen', 'v1.3.2'),
  goPeer('sops', 'github.com/getsops/sops/v3/cmd/sops', 'v3.13.3'),
  // What seals with a passphrase where there is no terminal.
  goPeer('age-plugin-batchpass', 'filippo.io/age/cmd/age-plugin-batchpass', 'v1.3.2'),
  goModulePeer('etcd', 'etcd', 'go.etcd.io/etcd/server/v3'),
  goModulePeer('etcdctl', 'etcd', 'go.etcd.io/etcd/etcdctl/v3'),
  // The module proxy has it under the name it had before.
  goModulePeer('kubeseal', 'sealed-secrets', 'github.com/bitnami/sealed-secrets/cmd/kubeseal'),
  goModulePeer(
    'sealed-secrets-controller',
    'sealed-secrets',
    'github.com/bitnami/sealed-secrets/cmd/controller',
    {
      difference: outsideOfPods,
    },
  ),
  // Its version is what a release's build tells the linker.
  goModulePeer('kube-apiserver', 'kube-apiserver', 'k8s.io/kubernetes/cmd/kube-apiserver', {
    flags: kubernetesVersion,
  }),
  goModulePeer('kubectl', 'kube-apiserver', 'k8s.io/kubernetes/cmd/kubectl', { flags: kubernetesVersion }),
  // It migrates storage versions.
  goModulePeer('kube-controller-manager', 'kube-apiserver', 'k8s.io/kubernetes/cmd/kube-controller-manager', {
    flags: kubernetesVersion,
  }),
  goModulePeer('kustomize-controller', 'kustomize-controller', 'github.com/fluxcd/kustomize-controller'),
  pythonPeer('python', ['cryptography==50.0.2', 'PyNaCl==1.6.2', 'jwcrypto==1.6.1']),
];

/**
 * @param {string} name
 * @param {string} path import path of the command
 * @param {string} version
 * @returns {Peer}
 */
function goPeer(name, path, version) {
  const pin = `${path}@${version}`;
  return {
    name,
    pin,
    needs: 'go',
    file: join(folder, 'bin', windows ? `${name}.exe` : name),
    install: () => run('go', ['install', pin], { GOBIN: join(folder, 'bin'), GOFLAGS: '' }),
  };
}

/**
 * A command that `go install` refuses because its module replaces others: built from a module of our own, which says the
 * same in its go.mod, and whose go.sum pins every byte.
 *
 * @param {string} name
 * @param {string} module its folder beside this file
 * @param {string} path import path of the command
 * @param {{ flags?: string, difference?: Difference, source?: string }} [options] flags are for the linker; source is the file
 *   of a program of our own
 * @returns {Peer}
 */
function goModulePeer(name, module, path, { flags = '', difference, source } = {}) {
  const home = fileURLToPath(new URL(module, import.meta.url));
  const file = join(folder, 'bin', windows ? `${name}.exe` : name);
  const sums = shortHash(readFileSync(join(home, 'go.sum')));
  const differs =
    difference === undefined ? '' : `${difference.file} ${shortHash(JSON.stringify(difference))}`;
  const own = source === undefined ? '' : `${source} ${shortHash(readFileSync(join(home, source)))}`;
  const build = (/** @type {string[]} */ ...more) =>
    run('go', ['build', '-C', home, ...more, `-ldflags=-s -w ${flags}`, '-o', file, path], { GOFLAGS: '' });
  return {
    name,
    pin: [path, flags, differs, own, `go.sum ${sums}`].filter((part) => part !== '').join(', '),
    needs: 'go',
    file,
    install: () => (difference === undefined ? build() : withCopy(home, difference, build)),
  };
}

/**
 * Builds from a copy of a module: the module cache is not to be changed.
 *
 * @param {string} home of the module that is built
 * @param {Difference} difference
 * @param {(flag: string) => void} build
 */
function withCopy(home, { module, file, lines }, build) {
  const temporary = mkdtempSync(join(tmpdir(), 'purser-module-'));
  try {
    const { Dir } = JSON.parse(run('go', ['mod', 'download', '-C', home, '-json', module], { GOFLAGS: '' }));
    const copy = join(temporary, 'module');
    for (const entry of readdirSync(Dir, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) copyInto(join(copy, relative(Dir, entry.parentPath)), entry.parentPath, entry.name);
    const published = readFileSync(join(copy, file), 'utf8');
    writeFileSync(join(copy, file), lines.reduce(replacedOnce, published));
    for (const name of ['go.mod', 'go.sum']) copyInto(temporary, home, name);
    const modFile = join(temporary, 'go.mod');
    run('go', ['mod', 'edit', `-replace=${module}=${copy}`, modFile], { GOFLAGS: '' });
    build(`-modfile=${modFile}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * The module cache is read-only, and its copy is not.
 *
 * @param {string} to
 * @param {string} from
 * @param {string} name
 */
function copyInto(to, from, name) {
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, name), readFileSync(join(from, name)));
}

/**
 * @param {string} text
 * @param {[string, string]} line
 */
function replacedOnce(text, [from, to]) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`there is not one ${from.trim()}`);
  return parts.join(to);
}

/** @param {string | Buffer} content */
function shortHash(content) {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/**
 * @param {string} name of the virtual environment
 * @param {string[]} packages pinned
 * @returns {Peer}
 */
function pythonPeer(name, packages) {
  const home = join(folder, name);
  const file = windows ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python3');
  return {
    name,
    pin: packages.join(' '),
    needs: python,
    file,
    install: () => {
      rmSync(home, { recursive: true, force: true });
      run(python, ['-m', 'venv', home]);
      run(file, ['-m', 'pip', 'install', '--quiet', '--only-binary=:all:', ...packages]);
    },
  };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {string} what it wrote to stdout
 */
function run(command, args, env = {}) {
  const done = spawnSync(command, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (done.status === 0) return done.stdout;
  throw new Error((done.stderr || String(done.error)).trim().split('\n').slice(-3).join('\n'));
}

/** @param {string} command */
function have(command) {
  return spawnSync(command, [command === 'go' ? 'version' : '--version']).status === 0;
}

/**
 * A peer is there when its file is, and the stamp beside it names the same pin.
 *
 * @param {Peer} peer
 * @returns {string} how it stands now
 */
function ensure(peer) {
  const stamp = join(folder, `${peer.name}.pin`);
  const ready = existsSync(peer.file) && existsSync(stamp) && readFileSync(stamp, 'utf8') === peer.pin;
  if (ready) return 'ready';
  if (!have(peer.needs)) return `missing: ${peer.needs} is not installed`;
  try {
    peer.install();
    writeFileSync(stamp, peer.pin);
    return 'installed';
  } catch (error) {
    return `missing: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const started = performance.now();
mkdirSync(join(folder, 'bin'), { recursive: true });
console.log(`peers in ${folder}`);
for (const peer of peers) console.log(`  ${peer.name} (${peer.pin}): ${ensure(peer)}`);
console.log(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
