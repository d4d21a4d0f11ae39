/** Where in the person's files a failure happened; every part is optional. Lines count from 1. */
export interface Place {
  readonly path?: string;
  readonly line?: number;
  /** `stringData.password`, as the command line spells entries. */
  readonly entry?: string;
  /** A cluster, as the person calls it. */
  readonly cluster?: string;
}

type Nothing = Readonly<Record<string, never>>;

/**
 * Every way an operation can fail, and what the failure carries. Details name files, keys and reasons; they
 * never hold a plaintext, key bytes or a token: `test/unit/app/messages.test.ts` walks every code to see to that.
 */
export interface ErrorDetails {
  'ciphertext.malformed': { readonly scheme: string; readonly reason: string };
  'ciphertext.refused': { readonly scheme: string; readonly reason: string };
  /** In order, but of a kind that Purser does not open. */
  'ciphertext.unsupported': { readonly scheme: string; readonly reason: string };
  'open.failed': { readonly scheme: string };
  'key.missing': { readonly scheme: string; readonly hint: string | undefined };
  'key.unusable': { readonly ref: string; readonly reason: string };
  /** A passphrase was not given, or another one was. */
  'key.locked': { readonly ref: string; readonly given: boolean };
  /** A key that a person types was to seal, and was not given, or not the same twice. */
  'key.password-missing': { readonly ref: string };
  'key.password-mistyped': { readonly ref: string };
  /** The password that a value is sealed with was not given, or another one was. */
  'password.failed': { readonly given: boolean };
  'key.not-found': { readonly ref: string };
  /** The person keeps none of their own. */
  'key.none-kept': Nothing;
  'key.unreadable': { readonly ref: string; readonly reason: string };
  'key.outside-repo': { readonly ref: string };
  'key.bad-reference': { readonly ref: string; readonly reason: string };
  'key.ambiguous': { readonly name: string; readonly kinds: string };
  'key.exists': { readonly name: string };
  'key.untrusted': { readonly ref: string; readonly fingerprint: string };
  'key.in-git': { readonly ref: string };
  'key.pin-mismatch': { readonly ref: string; readonly pinned: string; readonly actual: string | undefined };
  'policy.invalid': { readonly reason: string };
  'policy.none': Nothing;
  'policy.scheme-unavailable': { readonly scheme: string; readonly file: string };
  'file.unreadable': { readonly reason: string };
  'file.too-large': { readonly bytes: number; readonly limit: number };
  'file.not-text': { readonly reason: string };
  'file.exists': Nothing;
  'file.unwritable': { readonly reason: string };
  'manifest.unparsable': { readonly reason: string };
  'manifest.no-entries': Nothing;
  'entry.alias': { readonly line: number };
  'entry.duplicate': { readonly line: number };
  'entry.not-scalar': Nothing;
  'entry.tagged': { readonly tag: string };
  'entry.not-base64': Nothing;
  'entry.not-text': Nothing;
  /** A new value that is none, where text has to stand: `key` in the stringData of a Secret, or elsewhere. */
  'value.not-text': { readonly key: string | undefined };
  'entry.not-encrypted': Nothing;
  'entry.not-found': { readonly wanted: string };
  'entry.none-at-cursor': Nothing;
  'entry.ambiguous': { readonly wanted: string; readonly candidates: readonly string[] };
  'entry.in-document': { readonly scheme: string };
  'entry.moved': { readonly boundTo: string; readonly standsAt: string };
  'edit.unverified': Nothing;
  'document.changed': Nothing;
  'document.not-editable': { readonly reason: string };
  'document.unsaved': Nothing;
  'document.inexact': { readonly reason: string };
  'document.not-sealed': { readonly scheme: string };
  'rotate.other-scheme': { readonly sealed: string; readonly wanted: string };
  'line.plaintext': Nothing;
  'line.damaged': { readonly reason: string };
  /** A line of a database client that can be read in two ways. */
  'line.ambiguous': { readonly reason: string; readonly todo: string };
  'sealing.unplaced': { readonly missing: 'name' | 'namespace' };
  'sealing.empty': Nothing;
  /** A namespace that was found, and which file says so, that the person has not confirmed. */
  'sealing.unconfirmed': { readonly namespace: string; readonly from: string };
  /** `from` changes what a Secret says itself: `field` is the one that does. */
  'sealing.moves': {
    readonly part: 'name' | 'namespace';
    readonly stated: string;
    readonly becomes: string;
    readonly from: string;
    readonly field: string;
  };
  /** It ends up in several namespaces; each as `prod (apps/kustomization.yaml)`. */
  'sealing.ambiguous': { readonly namespaces: readonly string[] };
  'workspace.untrusted': Nothing;
  'git.missing': Nothing;
  'git.no-work-tree': Nothing;
  'git.unknown-revision': { readonly revision: string };
  'git.unrelated-revision': { readonly revision: string };
  'git.failed': { readonly reason: string };
  'hook.shared-folder': { readonly folder: string };
  'hook.not-shell': Nothing;
  'hook.no-folder': Nothing;
  'kubeconfig.unreadable': { readonly file: string; readonly reason: string };
  'kubeconfig.not-clear': { readonly source: string };
  'kubeconfig.ignored': { readonly path: string };
  'kubeconfig.outside-workspace': Nothing;
  'kubeconfig.no-folder': Nothing;
  'cluster.unreachable': { readonly server: string; readonly reason: string };
  'cluster.certificate': { readonly server: string; readonly reason: string };
  'cluster.timeout': { readonly server: string };
  'cluster.unauthorized': { readonly server: string };
  'cluster.forbidden': { readonly server: string; readonly what: string };
  'cluster.not-found': { readonly what: string };
  'cluster.conflict': { readonly what: string };
  'cluster.redirected': { readonly server: string; readonly to: string };
  'cluster.bad-answer': { readonly server: string; readonly reason: string };
  'cluster.refused': { readonly server: string; readonly reason: string };
  'cluster.closed': Nothing;
  'sealing.unreachable': { readonly host: string; readonly reason: string };
  'certificate.expired': { readonly ref: string; readonly on: string };
  'migration.failed': { readonly name: string; readonly reason: string };
  'migration.unanswered': { readonly name: string; readonly minutes: number; readonly hasBegun: boolean };
  'flux.suspended': { readonly what: string };
  'flux.unanswered': { readonly what: string; readonly minutes: number };
  'live.too-large': { readonly what: string; readonly bytes: number; readonly limit: number };
  'kubeconfig.malformed': { readonly reason: string };
  'kubeconfig.no-context': { readonly name: string | undefined };
  'kubeconfig.unsupported': { readonly reason: string; readonly todo: string };
  'kubeconfig.file-refused': { readonly field: string; readonly reason: string };
  'kubeconfig.unchecked': { readonly server: string };
  'exec.refused': { readonly command: string; readonly reason: string };
  'exec.failed': { readonly command: string; readonly reason: string };
  'stored.malformed': { readonly provider: string; readonly reason: string };
  'stored.unknown-provider': { readonly provider: string };
  'stored.key-missing': { readonly provider: string; readonly keyName: string };
  'stored.not-opened': { readonly provider: string; readonly keyName: string; readonly etcdKey: string };
  'stored.no-configuration': { readonly provider: string; readonly keyName: string };
  'stored.absent': { readonly etcdKey: string | undefined };
  'stored.several': { readonly count: number };
  'stored.kms': { readonly name: string; readonly version: string };
  'snapshot.malformed': { readonly reason: string };
  'snapshot.altered': Nothing;
  'configuration.unreadable': { readonly reason: string };
  'configuration.keys-stay-clear': { readonly by: string };
  'configuration.in-repository': Nothing;
  'configuration.no-keys': Nothing;
  'rotation.refused': { readonly reason: string };
  'kkp.refused': { readonly reason: string; readonly todo: string };
  'key.unsupported': { readonly service: string; readonly name: string };
  'gpg.missing': { readonly key: string };
  'gpg.failed': { readonly key: string; readonly cause: GpgCause };
  'sops.unreadable': { readonly reason: string };
  'sops.clear-value': Nothing;
  'sops.mac-mismatch': { readonly cause: SopsMacCause };
  'sops.encrypted-already': Nothing;
  'sops.nothing-selected': { readonly rule: string };
  'sops.unselected': Nothing;
  'sops.no-rule': Nothing;
  'sops.format': { readonly format: string };
  'sops.key-command': { readonly variable: string };
  'recipients.untrusted': { readonly file: string; readonly recipients: readonly string[] };
  usage: { readonly reason: string };
}

/**
 * What a wrong MAC of a SOPS file looks like. `list-comments`: written or read by a SOPS with that bug. `clear-value`: a value
 * that is not encrypted was changed. `values`: something was added, removed or put into another order.
 */
export type SopsMacCause =
  | 'no-mac'
  | 'lastmodified'
  | 'list-comments'
  | 'mac-only-encrypted'
  | 'documents'
  | 'clear-value'
  | 'values';

/** Why gpg did not do what it was asked to do. */
export type GpgCause =
  | 'cancelled'
  | 'passphrase'
  | 'timeout'
  | 'no-pinentry'
  | 'no-public-key'
  | 'unusable-public-key'
  | 'too-long'
  | 'too-much'
  | 'not-started'
  | 'unknown';

export type ErrorCode = keyof ErrorDetails;

/**
 * An operation that failed as a whole, with a code to match on. Sentences for people are made from it in one
 * place (`app/messages.ts`); `message` here is only the code.
 */
export class Failure<C extends ErrorCode = ErrorCode> extends Error {
  readonly code: C;
  readonly details: ErrorDetails[C];
  readonly place: Place;

  constructor(code: C, details: ErrorDetails[C], place: Place = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = 'Failure';
    this.code = code;
    this.details = details;
    this.place = place;
  }

  /** The same failure, told where it happened. What is already known of the place is kept. */
  at(place: Place): Failure<C> {
    return new Failure(this.code, this.details, { ...place, ...this.place }, this.cause);
  }

  /** The same failure for a place that shows the entry already. */
  withoutEntry(): Failure<C> {
    const { entry: _entry, ...place } = this.place;
    return new Failure(this.code, this.details, place, this.cause);
  }

  static is<K extends ErrorCode>(error: unknown, code: K): error is Failure<K> {
    return error instanceof Failure && error.code === code;
  }
}
