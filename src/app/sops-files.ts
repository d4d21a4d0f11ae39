import type { SopsConfig } from '../policy/sops-rules.ts';
import { readPolicyText } from './policy-text.ts';
import type { Files } from './ports.ts';

/** Reads `.sops.yaml` files, and parses one again only where it says something else: many files ask for the same. */
export class SopsFiles {
  readonly #files: Files;
  readonly #parsed = new Map<string, { readonly text: string; readonly config: Promise<SopsConfig> }>();

  constructor(files: Files) {
    this.#files = files;
  }

  async read(file: string): Promise<SopsConfig> {
    const text = await readPolicyText(file, this.#files);
    if (typeof text !== 'string') return { rules: undefined, problems: [text] };
    const known = this.#parsed.get(file);
    if (known?.text === text) return known.config;
    const config = parse(text);
    this.#parsed.set(file, { text, config });
    return config;
  }
}

async function parse(text: string): Promise<SopsConfig> {
  const { SopsRules } = await import('../policy/sops-rules.ts');
  return SopsRules.read(text);
}
