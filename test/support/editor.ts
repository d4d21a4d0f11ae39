import { DocumentWorks } from '../../src/app/documents/document-work.ts';
import { SealedSecretsWork } from '../../src/app/documents/sealed-secrets-work.ts';
import { SopsWork } from '../../src/app/documents/sops-work.ts';
import { JoinedVaults } from '../../src/app/joined-vaults.ts';
import { KeyLocks } from '../../src/app/key-locks.ts';
import { KeyRing } from '../../src/app/key-ring.ts';
import { PolicyFactsFinder } from '../../src/app/policy-facts.ts';
import { PolicyFinder } from '../../src/app/policy-finder.ts';
import { Failure } from '../../src/core/errors.ts';
import { generateAgeKey } from '../../src/crypto/age/keygen.ts';
import { sopsKeyFile } from '../../src/node/age-identities.ts';
import { GitHistory } from '../../src/node/git-history.ts';
import { KeyFolder } from '../../src/node/key-folder.ts';
import { NodeFiles } from '../../src/node/node-files.ts';
import { fernetScheme } from '../../src/schemes/fernet.ts';
import { jweScheme } from '../../src/schemes/jwe.ts';
import { SchemeRegistry } from '../../src/schemes/registry.ts';
import { sealedSecretsScheme } from '../../src/schemes/sealed-secrets/scheme.ts';
import { secretboxScheme } from '../../src/schemes/secretbox.ts';
import { sopsScheme } from '../../src/schemes/sops/scheme.ts';
import { AcceptedKeys } from '../../src/vscode/accepted-keys.ts';
import { askSecret } from '../../src/vscode/ask-passphrase.ts';
import { Clipboard } from '../../src/vscode/clipboard.ts';
import { Findings } from '../../src/vscode/findings.ts';
import { Manifests } from '../../src/vscode/manifests.ts';
import { Policies } from '../../src/vscode/policies.ts';
import type { Services } from '../../src/vscode/services.ts';
import {
  answers,
  inputBoxes,
  messages,
  picks,
  questions,
  registered,
  statusMessages,
  Uri,
  workspace,
} from './fake-vscode.ts';
import { Workspace } from './workspace.ts';

/** What the editor's commands work with, over a folder of its own; what a person is asked is answered by `answers`. */
export class Editor {
  readonly folder = new Workspace();
  readonly services: Services;
  /** What was written to the log. */
  readonly logged: string[] = [];
  readonly #policies: Policies;
  readonly #manifests: Manifests;
  readonly #clipboard = new Clipboard();

  constructor() {
    registered.clear();
    for (const told of [answers, inputBoxes, messages, picks, questions, statusMessages]) told.length = 0;
    workspace.workspaceFolders = [{ uri: Uri.file(this.folder.root) }];
    workspace.textDocuments = [];
    this.folder.write('.git/HEAD', 'ref: refs/heads/main\n');
    const files = new NodeFiles();
    const registry = new SchemeRegistry(
      [jweScheme(), fernetScheme(() => new Date(0)), secretboxScheme()],
      [sealedSecretsScheme, sopsScheme],
    );
    const vaults = new JoinedVaults([new KeyFolder(() => this.folder.path('keys'), files)]);
    const trust = new AcceptedKeys(memento());
    const locks = new KeyLocks((what, ref) => trust.whileAsking(askSecret(what, ref)));
    const keys = new KeyRing(files, vaults, { read: async () => undefined }, locks);
    const finder = new PolicyFinder(files, () => this.folder.root);
    this.#policies = new Policies(finder);
    this.#manifests = new Manifests(
      registry,
      this.#policies,
      () => new PolicyFactsFinder(finder, keys, registry),
    );
    const documents = worksOver(keys, trust);
    const services = {
      registry,
      documents,
      policies: this.#policies,
      manifests: this.#manifests,
      keys,
      vaults,
      keysElsewhere: () =>
        sopsKeyFile({ files, home: this.folder.root, configFolder: this.folder.path('.config') }),
      trust,
      files,
      finder,
      clipboard: this.#clipboard,
      findings: new Findings(),
      repository: { holds: async () => false },
      history: new GitHistory(process.env),
      log: { warn: (text: string) => void this.logged.push(text) },
      // No view is drawn here.
      keysView: { refresh: () => undefined, rowOf: () => undefined },
    };
    this.services = services as unknown as Services;
  }

  /** A key of the person's own, for SOPS. */
  async ownAgeKey(name = 'own'): Promise<string> {
    const { keyFile, recipient } = await generateAgeKey(new Date(0));
    this.folder.write(`keys/${name}.age`, keyFile.exposeText() ?? '', 0o600);
    return recipient;
  }

  /** A file, open in the editor. */
  async open(path: string, text: string) {
    this.folder.write(path, text);
    const document = await workspace.openTextDocument(Uri.file(this.folder.path(path)));
    workspace.textDocuments = [document];
    return document;
  }

  close(): void {
    this.#policies.dispose();
    this.#manifests.dispose();
    this.#clipboard.dispose();
    this.folder.remove();
    workspace.workspaceFolders = [];
    workspace.textDocuments = [];
    workspace.isTrusted = true;
  }
}

function memento(): never {
  const kept = new Map<string, unknown>();
  return {
    get: (key: string, fallback: unknown) => kept.get(key) ?? fallback,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  } as never;
}

function worksOver(keys: KeyRing, trust: AcceptedKeys): DocumentWorks {
  const now = () => new Date();
  const pgp = () => ({
    unwrap: async () => undefined,
    wrap: async () => Promise.reject(new Failure('gpg.missing', { key: 'any' })),
  });
  const identities = async () => ({ found: [], commands: [] });
  const ask = async () => undefined;
  const places = { waysTo: async () => [], confirmNamespace: async () => false };
  return new DocumentWorks({
    sops: async () => new SopsWork({ keys, identities, ask, pgp, trust, now }),
    'sealed-secrets': async () => new SealedSecretsWork({ keys, trust, places, now, annotate: () => true }),
  });
}
