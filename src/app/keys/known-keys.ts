import * as l10n from '@vscode/l10n';
import { Failure } from '../../core/errors.ts';
import type { Plaintext } from '../../core/plaintext.ts';
import { kindTitle, recipientName } from '../../crypto/sops/stanza.ts';
import type { KeyReference } from '../../policy/key-reference.ts';
import type { PolicyRule } from '../../policy/policy.ts';
import type { SopsRecipient } from '../../policy/sops-rule.ts';
import type { SchemeRegistry } from '../../schemes/registry.ts';
import type { SchemeId } from '../../schemes/scheme.ts';
import type { JoinedVaults } from '../joined-vaults.ts';
import { keyExtensions } from '../key-extensions.ts';
import type { KeyRing } from '../key-ring.ts';
import { type Identified, identifyKey, type Opener } from './identify-key.ts';
import { joinKnown, type KnownKey } from './known-key.ts';
import { withoutComment } from './sealed-to.ts';

/** A `.purser.yaml` of the workspace. */
export interface PolicyKeys {
  readonly base: string;
  readonly root: string;
  readonly rules: readonly PolicyRule[];
}

/** A `.sops.yaml` of the workspace. */
export interface SopsConfigKeys {
  readonly path: string;
  readonly recipients: readonly { readonly recipient: SopsRecipient; readonly line: number }[];
}

/** A key file that no policy need name. */
export interface KeyFile {
  readonly path: string;
  readonly ref: string;
  readonly schemes: readonly SchemeId[];
  readonly bytes: Plaintext;
}

/** Where keys are looked for. */
export interface KeySources {
  readonly policies: readonly PolicyKeys[];
  readonly sopsConfigs: readonly SopsConfigKeys[];
  /** Of the repository. */
  readonly files: readonly KeyFile[];
  /** The person's, that other programs keep keys in. */
  readonly elsewhere: readonly KeyFile[];
}

/** Keys, and those of them that open values. */
interface Known {
  readonly keys: readonly KnownKey[];
  readonly openers: readonly Opener[];
}

/** Every key and recipient of the workspace and of the person. No variable is read, and nobody is asked for anything. */
export class KnownKeys {
  readonly #ring: KeyRing;
  readonly #vaults: Pick<JoinedVaults, 'kept'>;
  readonly #registry: SchemeRegistry;

  constructor(ring: KeyRing, vaults: Pick<JoinedVaults, 'kept'>, registry: SchemeRegistry) {
    this.#ring = ring;
    this.#vaults = vaults;
    this.#registry = registry;
  }

  /** Those of the repository first, in the order of their policies. */
  async all({ policies, sopsConfigs, files, elsewhere }: KeySources): Promise<Known> {
    const ofPolicies = await Promise.all(policies.map((policy) => this.#ofPolicy(policy)));
    const ofFiles = await Promise.all([
      ...files.map((file) => this.#ofFile(file, 'repository')),
      ...elsewhere.map((file) => this.#ofFile(file, 'elsewhere')),
    ]);
    const recipients = sopsConfigs.flatMap(recipientsOf).map((known) => ({ known, openers: [] }));
    const found = [...ofPolicies.flat(), ...ofFiles, ...recipients, ...(await this.#kept())];
    const keys = joinKnown(withoutRepeats(found.map(({ known }) => known)));
    return { keys, openers: found.flatMap(({ openers }) => openers) };
  }

  #ofFile({ path, ref, schemes, bytes }: KeyFile, where: 'repository' | 'elsewhere'): Promise<Identified> {
    return this.#identify({ title: ref, ref, bytes }, schemes, { in: where, path, ref });
  }

  async #ofPolicy({ base, root, rules }: PolicyKeys): Promise<readonly Identified[]> {
    const keys = rules.flatMap(({ scheme, keys: references }) =>
      references.map((reference) => this.#ofReference(reference, scheme, { base, root })),
    );
    return (await Promise.all(keys)).flat();
  }

  /** Keys of one's own are listed as such where they are kept; a variable is nobody's to read. */
  async #ofReference(
    reference: KeyReference,
    scheme: SchemeId,
    site: { readonly base: string; readonly root: string },
  ): Promise<readonly Identified[]> {
    const { text } = reference;
    if (reference.kind === 'env')
      return [named(text, scheme, l10n.t('a variable, read when it is used'), reference.name)];
    try {
      const { bytes, ref } = await this.#ring.resolve(reference, scheme, site);
      if (reference.kind === 'local') return [];
      const title = reference.path;
      const path = (await this.#ring.fileOf(reference, site)) ?? reference.path;
      return [await this.#identify({ title, ref, bytes }, [scheme], { in: 'repository', path, ref: title })];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'key.ambiguous') return [];
      const isLocal = reference.kind === 'local';
      const title = isLocal ? text : reference.path;
      const description = isLocal
        ? l10n.t('named by a policy, and not among your keys')
        : l10n.t('named by a policy, and not there');
      return [named(title, scheme, description, isLocal ? reference.name : undefined)];
    }
  }

  async #kept(): Promise<readonly Identified[]> {
    const keys = (await this.#vaults.kept()).map(async ({ key, vault }): Promise<readonly Identified[]> => {
      const schemes = (Object.keys(keyExtensions) as SchemeId[]).filter((scheme) =>
        keyExtensions[scheme].includes(key.extension),
      );
      const title = `local:${key.name}`;
      try {
        const { bytes } = await vault.read(key);
        const place = { in: 'vault', vault: vault.title, key } as const;
        return [await this.#identify({ title, ref: title, bytes }, schemes, place)];
      } catch (error) {
        if (error instanceof Failure) return [];
        throw error;
      }
    });
    return (await Promise.all(keys)).flat();
  }

  #identify(
    { title, ref, bytes }: { readonly title: string; readonly ref: string; readonly bytes: Plaintext },
    schemes: readonly SchemeId[],
    place: KnownKey['places'][number],
  ): Promise<Identified> {
    const material = { ref, name: place.in === 'vault' ? place.key.name : undefined, bytes };
    return identifyKey({ title, material, schemes, place }, this.#registry);
  }
}

/** A key of which only a policy speaks. Ciphertexts of secretbox call it what the policy does. */
function named(title: string, scheme: SchemeId, description: string, name?: string): Identified {
  const known: KnownKey = {
    id: JSON.stringify([scheme, title]),
    title,
    schemes: [scheme],
    description,
    fingerprint: undefined,
    opens: false,
    names: scheme === 'secretbox' && name !== undefined ? [{ scheme, name }] : [],
    places: [],
  };
  return { known, openers: [] };
}

function recipientsOf({ path, recipients }: SopsConfigKeys): readonly KnownKey[] {
  return recipients.map(({ recipient, line }) => {
    const name = withoutComment(recipientName(recipient));
    return {
      id: JSON.stringify([name]),
      title: name,
      schemes: ['sops'],
      description: kindTitle(recipient.kind),
      fingerprint: name,
      opens: false,
      names: [{ scheme: 'sops', name }],
      places: [{ in: 'sops-config', path, line }],
    };
  });
}

/** Several rules may name one key; it stands in one place all the same. */
function withoutRepeats(keys: readonly KnownKey[]): readonly KnownKey[] {
  const known = new Map(keys.map((key) => [JSON.stringify([key.id, key.places]), key]));
  return [...known.values()];
}
