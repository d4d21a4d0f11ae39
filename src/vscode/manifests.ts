import { type Disposable, type TextDocument, workspace } from 'vscode';
import { isSealed } from '../app/is-sealed.ts';
import type { PolicyFactsFinder } from '../app/policy-facts.ts';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import { type Audited, audit } from '../audit/audit.ts';
import type { AuditedFile, PolicyFacts } from '../audit/audited-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { rescan, scan } from '../manifest/scan.ts';
import type { SchemeRegistry } from '../schemes/registry.ts';
import { Disposables } from './disposables.ts';
import type { Policies } from './policies.ts';

const languages: ReadonlySet<string> = new Set(['yaml', 'json', 'jsonc', 'helm']);

/** What is known of an open document at one version. */
export interface Examined extends Audited {
  readonly version: number;
  readonly manifest: Manifest;
  /** What it was examined with. */
  readonly registry: SchemeRegistry;
}

/** What policy says of an open document. */
interface Ruled {
  readonly answer: PolicyAnswer | undefined;
  readonly file: AuditedFile;
  /** Whether the names of its keys were worked out, as far as they can be. */
  readonly withKeys: boolean;
}

/** Whether Purser looks into a document at all. Virtual documents and outputs of other extensions are left alone. */
export function isManifestDocument(document: TextDocument): boolean {
  return (
    languages.has(document.languageId) &&
    (document.uri.scheme === 'file' || document.uri.scheme === 'untitled')
  );
}

/** The open manifests, examined once a version; a change costs the documents it touched. */
export class Manifests implements Disposable {
  readonly #own = new Disposables();
  readonly #registry: SchemeRegistry;
  readonly #policies: Pick<Policies, 'find'>;
  #facts: PolicyFactsFinder;
  readonly #known = new Map<string, Examined>();
  readonly #ruled = new Map<string, Ruled>();

  /** @param newFacts what policy's answers come to, worked out anew after a policy changed */
  constructor(
    registry: SchemeRegistry,
    policies: Pick<Policies, 'find' | 'onDidChange'>,
    newFacts: () => PolicyFactsFinder,
  ) {
    this.#registry = registry;
    this.#policies = policies;
    this.#facts = newFacts();
    this.#own.add(policies.onDidChange(() => (this.#facts = newFacts())));
    this.#own.add(workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri.toString())));
  }

  /** By what policy was last known to say of it. */
  examine(document: TextDocument): Examined {
    const id = document.uri.toString();
    const known = this.#known.get(id);
    const file = this.#ruled.get(id)?.file ?? { name: nameOf(document), policy: undefined };
    if (known?.version === document.version && isSame(known.file, file)) return known;
    const text = document.getText();
    const manifest = known === undefined ? scan(text) : rescan(known.manifest, text);
    const examined = {
      version: document.version,
      manifest,
      registry: this.#registry,
      ...audit(manifest, this.#registry, file, known),
    };
    this.#known.set(id, examined);
    return examined;
  }

  /** Asks policy about a document: from then on it is examined by the answer. */
  async policyOf(document: TextDocument): Promise<PolicyAnswer | undefined> {
    const answer = await this.#policies.find(document.uri);
    if (document.isClosed || answer === undefined) return answer;
    const path = document.uri.fsPath;
    const known = this.#ruled.get(document.uri.toString());
    const facts = this.#facts;
    if (known?.answer !== answer) this.#rule(document, answer, await facts.of(path, answer), false);
    else if (known.withKeys) return answer;
    // Keys are read only where there is something that may be sealed to them.
    if (answer.rule !== undefined && isSealed({ audited: this.examine(document) }))
      this.#rule(document, answer, await facts.ofSealed(path, answer), true);
    return answer;
  }

  #rule(
    document: TextDocument,
    answer: PolicyAnswer,
    policy: PolicyFacts | undefined,
    withKeys: boolean,
  ): void {
    if (document.isClosed) return;
    const file = { name: nameOf(document), policy };
    this.#ruled.set(document.uri.toString(), { answer, file, withKeys });
  }

  dispose(): void {
    this.#own.dispose();
    this.#known.clear();
    this.#ruled.clear();
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#ruled.delete(id);
  }
}

function isSame(a: AuditedFile, b: AuditedFile): boolean {
  return a.name === b.name && a.policy === b.policy;
}

function nameOf({ uri }: TextDocument): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
