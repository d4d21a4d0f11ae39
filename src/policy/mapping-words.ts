import * as l10n from '@vscode/l10n';

/** What is said of a mapping that is none, or has a member that it cannot have. */
export interface MappingWords {
  readonly noMapping: () => string;
  /** @param known the members that it can have, as they are listed */
  readonly noMember: (key: string, known: string) => string;
}

export const purserPolicy: MappingWords = {
  noMapping: () => l10n.t('the policy must be a mapping'),
  noMember: (key, known) => l10n.t('unknown key {0}; the policy has {1}', key, known),
};

export const purserRule: MappingWords = {
  noMapping: () => l10n.t('a rule must be a mapping'),
  noMember: (key, known) => l10n.t('unknown key {0}; a rule has {1}', key, known),
};

/** A `.sops.yaml`, in which anything may stand besides. */
export const sopsFile: Pick<MappingWords, 'noMapping'> = {
  noMapping: () => l10n.t('the file must be a mapping'),
};

export const sopsRule: MappingWords = {
  noMapping: () => l10n.t('a rule must be a mapping'),
  noMember: (key, known) => l10n.t('a rule has no {0}; it has {1}', key, known),
};

export const sopsKeyGroup: MappingWords = {
  noMapping: () => l10n.t('a key group must be a mapping'),
  noMember: (key, known) => l10n.t('a key group has no {0}; it has {1}', key, known),
};

/** @param kind as the metadata of a SOPS file calls it */
export function sopsKeyOf(kind: string): MappingWords {
  return {
    noMapping: () => l10n.t('a key of {0} must be a mapping', kind),
    noMember: (key, known) => l10n.t('a key of {0} has no {1}; it has {2}', kind, key, known),
  };
}

/** What is called as it is written in the file. */
export function memberNamed(name: string): MappingWords {
  return {
    noMapping: () => l10n.t('{0} must be a mapping', name),
    noMember: (key, known) => l10n.t('{0} has no {1}; it has {2}', name, key, known),
  };
}
