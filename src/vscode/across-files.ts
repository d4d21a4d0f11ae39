import { type Disposable, workspace } from 'vscode';
import { copiedCiphertext } from '../app/copied-ciphertext.ts';
import { fluxFindings } from '../app/flux-findings.ts';
import type { ReportedFinding } from '../app/scan-file.ts';
import type { SealedToken } from '../app/sealed-token.ts';
import { isAtOrBelow } from '../app/workspace-scan.ts';
import { Debounce } from './debounce.ts';
import { Disposables } from './disposables.ts';
import type { Findings } from './findings.ts';

/** A look across all files is not for each keystroke. */
const delay = 300;

type ByFile = ReadonlyMap<string, readonly ReportedFinding[]>;

/** Finds what no file tells alone: the same ciphertext in two places, and what Flux applies and cannot decrypt. */
export class AcrossFiles implements Disposable {
  readonly #own = new Disposables();
  readonly #looking = this.#own.add(new Debounce(delay));

  constructor(findings: Findings) {
    this.#own.add(
      findings.onDidChange(() =>
        this.#looking.schedule(() => findings.setAcross(merged(copiesIn(findings), fluxIn(findings)))),
      ),
    );
  }

  dispose(): void {
    this.#own.dispose();
  }
}

function copiesIn(findings: Findings): ByFile {
  const reports = new Map<string, { readonly tokens: readonly SealedToken[] }>();
  for (const { uri, sealed, tokens } of findings.files()) {
    const own = sealed ? tokens() : [];
    const path = workspace.asRelativePath(uri);
    if (own.length > 0) reports.set(uri.toString(), { tokens: own.map((token) => ({ ...token, path })) });
  }
  return copiedCiphertext(reports);
}

/** Of repositories that are open as a whole. */
function fluxIn(findings: Findings): ByFile {
  const folders = new Set(workspace.workspaceFolders?.map(({ uri }) => uri.fsPath));
  return fluxFindings(
    new Map([...findings.flux()].filter(([, { flux }]) => isAtOrBelow(flux.root, folders))),
  );
}

function merged(one: ByFile, other: ByFile): ByFile {
  const all = new Map(one);
  for (const [file, more] of other) all.set(file, [...(all.get(file) ?? []), ...more]);
  return all;
}
