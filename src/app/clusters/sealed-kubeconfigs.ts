import type { Audited } from '../../audit/audit.ts';
import { saysKubeconfig } from '../../audit/looked-at.ts';
import { entryName, fullAddress, type Located, objectName } from '../../manifest/address.ts';
import { scan } from '../../manifest/scan.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { ValueSchemeId } from '../../schemes/scheme.ts';
import type { SealedKubeconfig } from './kubeconfig-source.ts';

/** Admin configurations as kubeadm names them. */
const kubeadmName = /^(?:super-)?admin\.conf$/i;
/** How Cluster API and Flux name the key in a Secret whose own name says what it is, and what people call a file of it. */
const plainKeys: ReadonlySet<string> = new Set(['value', 'value.yaml', 'config']);

/** The kubeconfigs that stand encrypted in a file, as far as names tell: no key is needed, and nothing is opened. */
export function sealedKubeconfigs(
  { groups, text, file }: Audited,
  path: () => string,
  registry: SchemeRegistry,
): readonly SealedKubeconfig[] {
  if (groups.length === 0) return isKubeconfigFile(file) ? wholeKubeconfig(text, path, registry) : [];
  const found = new Map<string, SealedKubeconfig>();
  for (const { scheme, envelopes } of groups) {
    for (const envelope of envelopes) {
      if (isKubeconfigEntry(envelope)) found.set(fullAddress(envelope), sealedAt(envelope, scheme, path()));
    }
  }
  return [...found.values()];
}

/** Everything that is sealed in a text, whatever it is called: the person says which of it is a kubeconfig. */
export function sealedIn(text: string, path: string, registry: SchemeRegistry): readonly SealedKubeconfig[] {
  const found = registry
    .find(scan(text))
    .groups.flatMap(({ scheme, envelopes }) => envelopes.map((envelope) => sealedAt(envelope, scheme, path)));
  return found.length > 0 ? found : wholeKubeconfig(text, () => path, registry);
}

function sealedAt({ object, entry }: Located, scheme: ValueSchemeId, path: string): SealedKubeconfig {
  return { path, scheme, entry: entryName(entry), object: objectName(object) };
}

/** By its name, or by the glob of the rule that wants it sealed as a whole. */
function isKubeconfigFile({ name, policy }: Audited['file']): boolean {
  if (saysKubeconfig(name)) return true;
  const rule = policy?.rule;
  return rule?.whole === true && saysKubeconfig(rule.path ?? '');
}

function wholeKubeconfig(
  text: string,
  path: () => string,
  registry: SchemeRegistry,
): readonly SealedKubeconfig[] {
  const scheme = registry.ofToken(text.trim());
  return scheme === undefined
    ? []
    : [{ path: path(), scheme: scheme.id, entry: undefined, object: undefined }];
}

function isKubeconfigEntry({ object, entry }: Located): boolean {
  if (saysKubeconfig(entry.key) || kubeadmName.test(entry.key)) return true;
  return plainKeys.has(entry.key) && saysKubeconfig(object.name ?? '');
}
