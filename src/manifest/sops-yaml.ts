import { readBlockYaml } from './sops-block-yaml.ts';
import type { SopsText } from './sops-tree.ts';
import { parseSopsYaml } from './sops-yaml-tree.ts';

/**
 * Reads YAML as SOPS does, keeping positions: documents, keys and items in file order, scalars typed by Go's rules,
 * comments, aliases with what they refer to. Never throws; what SOPS would refuse is a problem.
 */
export function readSopsYaml(text: string): SopsText {
  const documents = readBlockYaml(text);
  return documents === undefined ? parseSopsYaml(text) : { text, format: 'yaml', documents, problems: [] };
}
