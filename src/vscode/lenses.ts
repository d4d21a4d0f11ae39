import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  type Event,
  EventEmitter,
  Range,
  type TextDocument,
  workspace,
} from 'vscode';
import type { PolicyAnswer } from '../app/policy-finder.ts';
import type { Finding } from '../audit/finding.ts';
import { isSecret, type KubeObject } from '../manifest/manifest.ts';
import type { EnvelopeGroup } from '../schemes/scheme.ts';
import { count } from './counts.ts';
import { Disposables } from './disposables.ts';
import { isSealable } from './file-findings.ts';
import { type Examined, isManifestDocument, type Manifests } from './manifests.ts';
import type { Policies } from './policies.ts';
import { readSetting } from './settings.ts';
import type { Location } from './targets.ts';

/** Lenses are for reading: with more than this many, a Secret gets them above itself only. */
const entryLensesAtMost = 40;

/** Actions above Secrets and above ciphertext. Their arguments are places, never values. */
export class Lenses implements CodeLensProvider, Disposable {
  readonly #own = new Disposables();
  readonly #manifests: Manifests;
  readonly #changed = this.#own.add(new EventEmitter<void>());
  readonly onDidChangeCodeLenses: Event<void> = this.#changed.event;

  constructor(manifests: Manifests, policies: Pick<Policies, 'onDidChange'>) {
    this.#manifests = manifests;
    this.#own.add(policies.onDidChange(() => this.#changed.fire()));
    this.#own.add(
      workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('purser.codeLens') && this.#changed.fire(),
      ),
    );
  }

  dispose(): void {
    this.#own.dispose();
  }

  async provideCodeLenses(document: TextDocument): Promise<CodeLens[]> {
    if (!isManifestDocument(document) || !readSetting('codeLens.enabled', document.uri)) return [];
    const answer = await this.#manifests.policyOf(document);
    if (answer?.ignored === true) return [];
    const examined = this.#manifests.examine(document);
    const secrets = examined.manifest.documents.flatMap(({ objects }) => objects.filter(isSecret));
    return secrets.flatMap((secret) => lensesOf(document, secret, examined, answer));
  }
}

function lensesOf(
  document: TextDocument,
  secret: KubeObject,
  examined: Examined,
  answer: PolicyAnswer | undefined,
): CodeLens[] {
  const plaintext = examined.findings.filter(
    ({ place, rule }) => place.located?.object === secret && isSealable({ rule, entry: place.entry }),
  );
  const groups = examined.groups.filter(({ envelopes }) => envelopes[0]?.object === secret);
  const lenses: CodeLens[] = [];
  const top = { uri: document.uri.toString(), offset: secret.span.start };
  if (plaintext.length > 0) lenses.push(encryptLens(document, top, plaintext, answer));
  if (groups.length > 0)
    lenses.push(lens(document, top, `$(eye) Peek ${count(groups.length, 'value')}`, 'purser.peek'));
  if (groups.length <= entryLensesAtMost)
    lenses.push(...groups.flatMap((group) => groupLenses(document, group)));
  return lenses;
}

function encryptLens(
  document: TextDocument,
  at: Location,
  plaintext: readonly Finding[],
  answer: PolicyAnswer | undefined,
): CodeLens {
  const rule = answer?.rule;
  const key = rule?.keys[0];
  const how = rule === undefined ? '' : ` · ${rule.scheme}${key === undefined ? '' : ` ${shortKey(key)}`}`;
  return lens(
    document,
    at,
    `$(lock) Encrypt ${count(plaintext.length, 'value')}${how}`,
    'purser.encryptSecret',
  );
}

function shortKey(key: { readonly kind: string; readonly text: string; readonly path?: string }): string {
  return key.path === undefined ? key.text : key.path.slice(key.path.lastIndexOf('/') + 1);
}

function groupLenses(document: TextDocument, group: EnvelopeGroup): CodeLens[] {
  const [envelope] = group.envelopes;
  if (envelope === undefined) return [];
  const at = { uri: document.uri.toString(), offset: envelope.entry.keySpan.start };
  return [
    lens(document, at, '$(eye) Peek', 'purser.peek'),
    lens(document, at, '$(edit) Set…', 'purser.setValue'),
  ];
}

function lens(document: TextDocument, at: Location, title: string, command: string): CodeLens {
  const position = document.positionAt(at.offset);
  return new CodeLens(new Range(position, position), { title, command, arguments: [at] });
}
