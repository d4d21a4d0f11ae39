/** A Secret that SOPS encrypted, as far as its recipients go: groups of stanzas, `age1…`, or `pgp:FP`, `kms:ARN`. */
export function sealedTo(groups: readonly (readonly string[])[], threshold?: number): string {
  const [only] = groups;
  const keys =
    groups.length === 1 && only !== undefined
      ? lists(only, '    ')
      : `    key_groups:\n${groups.map((group) => `        - ${lists(group, '          ').trimStart()}`).join('')}`;
  return `apiVersion: v1
kind: Secret
metadata:
    name: db
stringData:
    password: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
sops:
${keys}${threshold === undefined ? '' : `    shamir_threshold: ${threshold}\n`}    lastmodified: "2026-01-02T03:04:05Z"
    mac: ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]
    encrypted_regex: ^(data|stringData)$
    version: 3.13.3
`;
}

const fields = { age: 'recipient', pgp: 'fp', kms: 'arn' } as const;

function lists(group: readonly string[], pad: string): string {
  return (['age', 'pgp', 'kms'] as const)
    .flatMap((kind) => {
      const own = group.flatMap((name) => nameOf(name, kind) ?? []);
      if (own.length === 0) return [];
      const items = own.map((name) => `${pad}    - ${fields[kind]}: ${name}\n${pad}      enc: x\n`);
      return [`${pad}${kind}:\n${items.join('')}`];
    })
    .join('');
}

function nameOf(name: string, kind: 'age' | 'pgp' | 'kms'): string | undefined {
  if (kind === 'age') return /^(?:pgp|kms):/.test(name) ? undefined : name;
  return name.startsWith(`${kind}:`) ? name.slice(4) : undefined;
}
