import type { ErrorCode, ErrorDetails, Failure, SopsMacCause } from '../core/errors.ts';

/** What is wrong, and what to do about it. */
interface Sentence {
  readonly wrong: string;
  readonly todo: string;
}

/** SOPS' own tools say `MAC mismatch` to all of these. */
const macSentences: Readonly<Record<SopsMacCause, Sentence>> = {
  'no-mac': {
    wrong: 'this SOPS file has no MAC, so nothing shows whether it was altered',
    todo: 'compare it with version control, then encrypt it again',
  },
  lastmodified: {
    wrong: 'the MAC of this SOPS file does not open: mac or lastmodified was edited by hand or merged',
    todo: 'restore both from version control, from one version',
  },
  'list-comments': {
    wrong: 'the MAC of this SOPS file covers the comments in its lists, an error of SOPS 3.13.2',
    todo: 'encrypt it again with SOPS 3.13.3 or newer, or with Purser',
  },
  'mac-only-encrypted': {
    wrong: 'the MAC of this SOPS file does not match: mac_only_encrypted was added or removed by hand',
    todo: 'put it back as it was, or encrypt the file again',
  },
  documents: {
    wrong:
      'the MAC of this SOPS file does not match: its documents were put into another order, split or joined',
    todo: 'put them back as they were, or encrypt the file again',
  },
  'clear-value': {
    wrong:
      'the MAC of this SOPS file does not match, most likely because a value that is not encrypted was edited by hand',
    todo: 'compare it with version control, and set the value with Purser or sops',
  },
  values: {
    wrong:
      'the MAC of this SOPS file does not match: values were added, removed, restored or put into another order by hand',
    todo: 'compare it with version control, then encrypt it again',
  },
};

type Sentences = { readonly [C in ErrorCode]: (details: ErrorDetails[C]) => Sentence };

const sentences: Sentences = {
  'ciphertext.malformed': ({ scheme, reason }) => ({
    wrong: `this ${scheme} ciphertext is damaged: ${reason}`,
    todo: 'restore it from version control, or set the value again',
  }),
  'ciphertext.refused': ({ scheme, reason }) => ({
    wrong: `this ${scheme} ciphertext is not safe to open: ${reason}`,
    todo: 'have it sealed again with an algorithm that is allowed',
  }),
  'open.failed': ({ scheme }) => ({
    wrong: `none of the keys at hand opens this ${scheme} ciphertext`,
    todo: 'check that it was not altered, and that the key is the one it was sealed to',
  }),
  'key.missing': ({ scheme, hint }) => ({
    wrong:
      hint === undefined
        ? `no key at hand opens this ${scheme} ciphertext`
        : `no key at hand opens this ${scheme} ciphertext, which is sealed to ${shown(hint)}`,
    todo: 'import that key, or name its file with --key',
  }),
  'key.unusable': ({ ref, reason }) => ({
    wrong: `the key ${shown(ref)} cannot be used: ${reason}`,
    todo: 'name a key of the right kind',
  }),
  'key.not-found': ({ ref }) => ({
    wrong: `there is no key ${shown(ref)}`,
    todo: 'create or import it, or correct the reference',
  }),
  'key.unreadable': ({ ref, reason }) => ({
    wrong: `the key ${shown(ref)} cannot be read: ${reason}`,
    todo: 'check the file and its permissions',
  }),
  'key.outside-repo': ({ ref }) => ({
    wrong: `the key ${shown(ref)} leads out of the repository`,
    todo: 'keep public keys inside it, and name your own keys local:NAME',
  }),
  'key.bad-reference': ({ ref, reason }) => ({
    wrong: `${shown(ref)} is no key reference: ${reason}`,
    todo: 'correct it',
  }),
  'key.ambiguous': ({ name, kinds }) => ({
    wrong: `two different keys are called ${shown(name)} (${kinds})`,
    todo: 'rename or remove one of them',
  }),
  'key.exists': ({ name }) => ({
    wrong: `there is a key ${shown(name)} already`,
    todo: 'choose another name, or forget that key first',
  }),
  'key.untrusted': ({ ref, fingerprint }) => ({
    wrong: `the key ${shown(ref)} (${fingerprint}) was never accepted here`,
    todo: `compare the fingerprint with its owner's, then pin it in .purser.yaml (path#${fingerprint}) or pass --accept-key ${fingerprint}`,
  }),
  'key.in-git': ({ ref }) => ({
    wrong: `the key ${shown(ref)} opens what it seals, and git tracks it or would: whoever reads the repository could open the values`,
    todo: 'make a new key outside of the repository and name it local:NAME; one that was never committed may be listed in .gitignore instead',
  }),
  'key.pin-mismatch': ({ ref, pinned, actual }) => ({
    wrong: `the key ${shown(ref)} is ${actual}, but the policy pins ${pinned}`,
    todo: 'find out who changed it before you seal anything',
  }),
  'policy.invalid': ({ reason }) => ({
    wrong: `the policy cannot be followed: ${reason}`,
    todo: 'correct it',
  }),
  'policy.none': () => ({
    wrong: 'nothing says how to encrypt this file',
    todo: 'add a rule to .purser.yaml, or name --scheme and --key',
  }),
  'policy.scheme-unavailable': ({ scheme, file }) => ({
    wrong: `${file} says to use ${scheme} here, which this version of Purser cannot write yet`,
    todo: `use the ${scheme === 'sops' ? 'sops' : 'kubeseal'} command for it`,
  }),
  'file.unreadable': ({ reason }) => ({
    wrong: `it cannot be read: ${reason}`,
    todo: 'check the path and its permissions',
  }),
  'file.too-large': ({ bytes, limit }) => ({
    wrong: `it is too large (${megabytes(bytes)} MB; the limit is ${megabytes(limit)} MB)`,
    todo: 'split it',
  }),
  'file.not-text': ({ reason }) => ({
    wrong: `it is not a text file: ${reason}`,
    todo: 'check that it is the right file, saved as UTF-8',
  }),
  'file.exists': () => ({ wrong: 'it exists already', todo: 'choose another name or remove it first' }),
  'file.unwritable': ({ reason }) => ({
    wrong: `it cannot be written: ${reason}`,
    todo: 'check the folder and its permissions',
  }),
  'manifest.unparsable': ({ reason }) => ({
    wrong: `the document around this value does not parse (${reason}), so the value cannot be replaced safely`,
    todo: 'correct the document, or write the value on one line',
  }),
  'manifest.no-entries': () => ({ wrong: 'there is no Secret with values in it', todo: 'check the file' }),
  'entry.alias': ({ line }) => ({
    wrong: `this value is shared by an anchor and an alias (line ${line})`,
    todo: 'write it out at both places first',
  }),
  'entry.duplicate': ({ line }) => ({
    wrong: `this key stands twice (line ${line})`,
    todo: 'remove one of the two',
  }),
  'entry.not-scalar': () => ({
    wrong: 'this value is a list or a mapping, which a Secret cannot hold',
    todo: 'write it as text',
  }),
  'entry.tagged': ({ tag }) => ({
    wrong: `this value has the YAML tag ${shown(tag)}`,
    todo: 'remove the tag',
  }),
  'entry.not-base64': () => ({
    wrong: 'this value under data is not base64',
    todo: 'encode it, or move it to stringData',
  }),
  'entry.not-text': () => ({
    wrong: 'this value is binary, which stringData cannot hold',
    todo: 'move the entry to data',
  }),
  'entry.not-encrypted': () => ({
    wrong: 'there is nothing encrypted here',
    todo: 'check the file and the entry',
  }),
  'entry.not-found': ({ wanted }) => ({
    wrong: `there is no entry ${shown(wanted)}`,
    todo: 'check its spelling: [Kind/namespace/name#]data.KEY',
  }),
  'entry.ambiguous': ({ wanted, candidates }) => ({
    wrong: `${shown(wanted)} may be ${listed(candidates)}`,
    todo: 'write it in full, and give objects different names',
  }),
  'entry.moved': ({ boundTo, standsAt }) => ({
    wrong: `this ciphertext was made for ${shown(boundTo)} but stands at ${shown(standsAt)}`,
    todo: 'find out who moved it, or set the value again',
  }),
  'edit.unverified': () => ({
    wrong: 'the file would not read back as it should after this change, so nothing was written',
    todo: 'report this with the shape of the file (not its values)',
  }),
  'document.changed': () => ({
    wrong: 'the document changed in the meantime, so nothing was written',
    todo: 'try again',
  }),
  'document.not-editable': ({ reason }) => ({
    wrong: `this object cannot be rewritten safely: ${reason}`,
    todo: 'write it out plainly first, each key once and on a line of its own',
  }),
  'document.unsaved': () => ({
    wrong: 'it has changes that are not saved',
    todo: 'save or revert them first',
  }),
  'sealing.unplaced': ({ missing }) => ({
    wrong: `this Secret has no ${missing} that it could be sealed for`,
    todo:
      missing === 'name'
        ? 'give it one in its metadata'
        : 'state it in its metadata, or seal it cluster-wide',
  }),
  'sealing.empty': () => ({
    wrong: 'this Secret has no values to seal',
    todo: 'add one first',
  }),
  'workspace.untrusted': () => ({
    wrong: 'this needs a trusted workspace',
    todo: 'trust it first (Workspaces: Manage Workspace Trust)',
  }),
  'git.missing': () => ({
    wrong: 'git is not found on the PATH',
    todo: 'install it, or correct the PATH',
  }),
  'git.no-work-tree': () => ({
    wrong: 'this folder is in no work tree of git',
    todo: 'go to one, or run git init',
  }),
  'git.unknown-revision': ({ revision }) => ({
    wrong: `there is no commit ${shown(revision)} in this clone`,
    todo: 'correct its name, or fetch it (in CI: with the whole history, such as fetch-depth: 0)',
  }),
  'git.unrelated-revision': ({ revision }) => ({
    wrong: `this clone has no common ancestor of ${shown(revision)} and HEAD`,
    todo: 'fetch the whole history (git fetch --unshallow; in CI: fetch-depth: 0)',
  }),
  'git.failed': ({ reason }) => ({
    wrong: `git cannot do this: ${shown(reason)}`,
    todo: 'see what git status says',
  }),
  'hook.no-folder': () => ({
    wrong: 'core.hooksPath is empty, so git runs no hook of this repository',
    todo: 'unset it with git config --unset core.hooksPath, or give the hooks a folder there',
  }),
  'hook.shared-folder': ({ folder }) => ({
    wrong: `core.hooksPath is not set for this repository alone, and ${shown(folder)} is outside of it`,
    todo: 'call purser scan --staged in the hook there, or give this repository a folder of its own with git config --local core.hooksPath',
  }),
  'hook.not-shell': () => ({
    wrong: 'this hook belongs to the repository and is no shell script',
    todo: 'call purser scan --staged in it',
  }),
  'kubeconfig.unreadable': ({ file, reason }) => ({
    wrong: `the kubeconfig ${shown(file)} cannot be read: ${reason}`,
    todo: 'check the path and its permissions, and KUBECONFIG where it names it',
  }),
  'kubeconfig.not-clear': ({ source }) => ({
    wrong: `${shown(source)} is encrypted already`,
    todo: 'choose Encrypted Kubeconfig in the Workspace in Add Cluster',
  }),
  'kubeconfig.ignored': ({ path }) => ({
    wrong: `the policy's ignore list matches ${shown(path)}, so the cluster would not be found there`,
    todo: 'choose another folder, or change the list',
  }),
  'kubeconfig.no-folder': () => ({
    wrong: 'no folder is open that the encrypted kubeconfig could be kept in',
    todo: 'open one first',
  }),
  'kubeconfig.outside-workspace': () => ({
    wrong: 'this file is in none of the open folders',
    todo: 'choose one that is, or open its folder',
  }),
  'cluster.unreachable': ({ server, reason }) => ({
    wrong: `no connection to ${shown(server)}: ${shown(reason)}`,
    todo: 'check the network, the proxy, and the server in the kubeconfig',
  }),
  'cluster.certificate': ({ server, reason }) => ({
    wrong: `the certificate of ${shown(server)} is not accepted: ${shown(reason)}`,
    todo: 'check the certificate authority and the server in the kubeconfig',
  }),
  'cluster.timeout': ({ server }) => ({
    wrong: `no answer in time from ${shown(server)}`,
    todo: 'try again, or check the network',
  }),
  'cluster.unauthorized': ({ server }) => ({
    wrong: `these credentials are not accepted by ${shown(server)}`,
    todo: 'renew the kubeconfig, or sign in again',
  }),
  'cluster.forbidden': ({ server, what }) => ({
    wrong: `you may not ${shown(what)} at ${shown(server)}`,
    todo: 'ask for a role that allows it, or use another kubeconfig',
  }),
  'cluster.not-found': ({ what }) => ({
    wrong: `the cluster has no ${shown(what)}`,
    todo: 'refresh, or check that it was not removed',
  }),
  'cluster.conflict': ({ what }) => ({
    wrong: `${shown(what)} was changed by somebody else in the meantime`,
    todo: 'refresh and try again',
  }),
  'cluster.redirected': ({ server, to }) => ({
    wrong: `a redirect to ${shown(to)} is not followed: credentials go to ${shown(server)} alone`,
    todo: 'correct the server in the kubeconfig',
  }),
  'cluster.bad-answer': ({ server, reason }) => ({
    wrong: `an answer that cannot be understood from ${shown(server)}: ${shown(reason)}`,
    todo: 'check that it is the API server of a cluster',
  }),
  'cluster.refused': ({ server, reason }) => ({
    wrong: `refused by ${shown(server)}: ${onOneLine(reason)}`,
    todo: 'try again later, or ask who runs the cluster',
  }),
  'cluster.closed': () => ({
    wrong: 'this cluster is not open',
    todo: 'open it in the Clusters view',
  }),
  'certificate.expired': ({ ref, on }) => ({
    wrong: `the certificate of ${shown(ref)} expired on ${on}`,
    todo: 'have the controller make a new sealing key first',
  }),
  'flux.suspended': ({ what }) => ({
    wrong: `${shown(what)} is suspended, so nothing reconciles it`,
    todo: 'resume it first',
  }),
  'flux.unanswered': ({ what, minutes }) => ({
    wrong: `${shown(what)} was asked to reconcile ${minutes} minutes ago, and its controller is not done with it`,
    todo: "see its events, and whether Flux' controllers run",
  }),
  'live.too-large': ({ what, bytes, limit }) => ({
    wrong: `${shown(what)} is too large to show (${megabytes(bytes)} MB; the limit is ${megabytes(limit)} MB)`,
    todo: 'use kubectl get for it',
  }),
  'kubeconfig.malformed': ({ reason }) => ({
    wrong: `this is no kubeconfig that can be used: ${shown(reason)}`,
    todo: 'correct it, or have it made again',
  }),
  'kubeconfig.no-context': ({ name }) => ({
    wrong:
      name === undefined
        ? 'this kubeconfig does not say which context is the current one'
        : `this kubeconfig has no context ${shown(name)}`,
    todo: 'choose one of its contexts, or correct current-context',
  }),
  'kubeconfig.unsupported': ({ reason, todo }) => ({ wrong: `this kubeconfig is not used: ${reason}`, todo }),
  'kubeconfig.file-refused': ({ field, reason }) => ({
    wrong: `the file that ${shown(field)} names in this kubeconfig is not read: ${shown(reason)}`,
    todo: 'put its content into the kubeconfig (kubectl config view --flatten --minify)',
  }),
  'kubeconfig.unchecked': ({ server }) => ({
    wrong: `this kubeconfig leaves the certificate of ${shown(server)} unchecked, and you did not agree`,
    todo: 'put its certificate authority into the kubeconfig',
  }),
  'exec.refused': ({ command, reason }) => ({
    wrong: `not run: ${shown(reason)} (${shown(command)}, which this kubeconfig wants to run for credentials)`,
    todo: 'allow it, or use a kubeconfig that needs no program',
  }),
  'exec.failed': ({ command, reason }) => ({
    wrong: `no credentials: ${shown(reason)} (from ${shown(command)}, which this kubeconfig runs for them)`,
    todo: 'run it in a terminal to see why',
  }),
  'sops.unreadable': ({ reason }) => ({
    wrong: `SOPS would not read this file: ${shown(reason)}`,
    todo: 'correct it, or restore it from version control',
  }),
  'sops.clear-value': () => ({
    wrong: "this file's SOPS rule says that this value is encrypted, but it stands in the clear",
    todo: 'set it again with Purser, and change the secret if anybody else could read it',
  }),
  'sops.mac-mismatch': ({ cause }) => macSentences[cause],
  'sops.encrypted-already': () => ({
    wrong: 'this file is encrypted with SOPS already, or has a key called sops at its top',
    todo: 'set its values one by one, or rename that key',
  }),
  'sops.nothing-selected': ({ rule }) => ({
    wrong: `the rule ${shown(rule)} matches no value of this file, so nothing would be encrypted`,
    todo: 'correct the rule in .sops.yaml, or the names in the file',
  }),
  usage: ({ reason }) => ({ wrong: reason, todo: 'see purser --help' }),
};

/** What is wrong and what to do, in one sentence; never a value, a key or a token. */
export function sentenceOf(failure: Failure): string {
  const say = sentences[failure.code] as (details: ErrorDetails[ErrorCode]) => Sentence;
  const { wrong, todo } = say(failure.details);
  const { cluster, entry } = failure.place;
  const where = [cluster, entry].filter((part) => part !== undefined).map((part) => `${shown(part)}: `);
  return onOneLine(`${where.join('')}${wrong}; ${todo}`);
}

/** Text from a file in a message: short, and without characters that could disguise it (bidi, control, newline). */
export function shown(text: string): string {
  const plain = onOneLine(text);
  return plain.length > 120 ? `${plain.slice(0, 117)}…` : plain;
}

/** Text without characters that could disguise it: bidi and other format controls, control characters, line breaks. */
export function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

const listedAtMost = 20;

function listed(candidates: readonly string[]): string {
  const first = candidates.slice(0, listedAtMost).map(shown).join(' or ');
  const more = candidates.length - listedAtMost;
  return more > 0 ? `${first} or one of ${more} more` : first;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
