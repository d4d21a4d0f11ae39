import { type Disposable, workspace } from 'vscode';
import { copiedCiphertext } from '../app/copied-ciphertext.ts';
import type { SealedToken } from '../app/sealed-token.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import type { Findings } from './findings.ts';

/** A look across all files is not for each keystroke. */
const delay = 300;

/** Finds the same ciphertext in two places, whichever files they are in. */
export class Copies implements Disposable {
  readonly #own = new Disposables();
  readonly #looking = this.#own.add(new Debounce(delay));

  constructor(findings: Findings) {
    this.#own.add(findings.onDidChange(() => this.#looking.schedule(() => look(findings))));
  }

  dispose(): void {
    this.#own.dispose();
  }
}

function look(findings: Findings): void {
  const reports = new Map<string, { readonly tokens: readonly SealedToken[] }>();
  for (const { uri, sealed, tokens } of findings.files()) {
    const own = sealed ? tokens() : [];
    const path = workspace.asRelativePath(uri);
    if (own.length > 0) reports.set(uri.toString(), { tokens: own.map((token) => ({ ...token, path })) });
  }
  findings.setCopied(copiedCiphertext(reports));
}
