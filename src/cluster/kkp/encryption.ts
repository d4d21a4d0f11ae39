import * as l10n from '@vscode/l10n';
import type {
  KkpCondition,
  KkpEncryption,
  KkpKey,
  KkpPhase,
  ListedKkpPhase,
} from '../../app/kkp/kkp-encryption.ts';
import { hashOfSpec, type KkpSpec } from '../../app/kkp/kkp-spec.ts';
import { Failure } from '../../core/errors.ts';
import type { ApiClient, Discovery } from '../api/api.ts';
import { elementsOf, objectOf, textOf } from '../api/json.ts';
import { resourcePath } from '../api/selection.ts';
import { cut } from '../cut.ts';
import { at, name, record, text, time } from '../flux/json.ts';
import { readRollout } from './rollout.ts';

const longestMessage = 500;
/** More than anybody has, and less than would fill a screen forever. */
const mostNamed = 100;

/**
 * What a KKP seed tells of the encryption of one user cluster (`kubermatic.k8c.io/v1` Cluster); undefined where the cluster serves no
 * such kind. Keys that stand in the Cluster are hashed while it is read, and nothing is kept of them. Throws `cluster.…`.
 */
export async function readKkpEncryption(
  client: ApiClient,
  discovery: Discovery,
  id: string,
  signal: AbortSignal,
): Promise<KkpEncryption | undefined> {
  const resource = await discovery.find('kubermatic.k8c.io', 'Cluster', signal);
  if (resource === undefined) return undefined;
  const path = resourcePath(resource, undefined, id);
  const cluster = await client.json({ method: 'GET', path, signal });
  // Taken for none it would look as if encryption were off, and nothing needed the keys.
  if (listedPhaseOf(cluster) === 'other')
    throw new Failure('cluster.bad-answer', {
      server: client.server,
      reason: l10n.t('the phase of the encryption is none that this version knows'),
    });
  const known = encryptionOf(id, cluster);
  if (known.status === undefined && known.spec?.enabled !== true) return known;
  const namespace = name(at(cluster, 'status', 'namespaceName')) ?? `cluster-${id}`;
  return { ...known, rollout: await readRollout(client, namespace, known.hash, signal) };
}

/** The phase in `status.encryption`. */
export function listedPhaseOf(cluster: unknown): ListedKkpPhase {
  const isTold = objectOf(at(cluster, 'status', 'encryption')) !== undefined;
  return phaseOf(cluster) ?? (isTold ? 'other' : undefined);
}

function phaseOf(cluster: unknown): KkpPhase | undefined {
  const phase = at(cluster, 'status', 'encryption', 'phase');
  return phases.find((known) => known === phase);
}

const phases: readonly KkpPhase[] = ['Pending', 'EncryptionNeeded', 'Active', 'Failed'];

function encryptionOf(id: string, cluster: unknown): KkpEncryption {
  const spec = specOf(at(cluster, 'spec', 'encryptionConfiguration'));
  const phase = phaseOf(cluster);
  const status = at(cluster, 'status', 'encryption');
  return {
    cluster: id,
    hash: hashOfSpec(spec),
    feature: at(cluster, 'spec', 'features', 'encryptionAtRest') === true,
    spec: spec && {
      enabled: spec.enabled,
      resources: (spec.resources ?? []).slice(0, mostNamed),
      keys: (spec.keys ?? []).slice(0, mostNamed).map(keyOf),
    },
    status:
      phase === undefined
        ? undefined
        : {
            phase,
            activeKey: cut(text(at(status, 'activeKey')) ?? '', longestMessage),
            resources: textsIn(at(status, 'encryptedResources')).slice(0, mostNamed),
          },
    conditions: conditionsOf(at(cluster, 'status', 'conditions')),
    rollout: undefined,
  };
}

/** As Go decodes it. */
function specOf(value: unknown): KkpSpec | undefined {
  const spec = objectOf(value);
  if (spec === undefined) return undefined;
  const keys = at(spec, 'secretbox', 'keys');
  return {
    enabled: spec['enabled'] === true,
    resources: Array.isArray(spec['resources']) ? textsIn(spec['resources']) : null,
    keys: objectOf(spec['secretbox']) && elementsOf(keys).map(specKeyOf),
  };
}

function specKeyOf(key: unknown) {
  const reference = objectOf(at(key, 'secretRef'));
  const optional = reference?.['optional'];
  return {
    name: textOf(at(key, 'name')) ?? '',
    value: textOf(at(key, 'value')) ?? '',
    secretRef: reference && {
      name: textOf(reference['name']) ?? '',
      key: textOf(reference['key']) ?? '',
      optional: typeof optional === 'boolean' ? optional : undefined,
    },
  };
}

function keyOf({ name, secretRef }: ReturnType<typeof specKeyOf>): KkpKey {
  const from =
    secretRef === undefined
      ? 'value'
      : { secret: cut(secretRef.name, longestMessage), key: cut(secretRef.key, longestMessage) };
  return { name: cut(name, longestMessage), from };
}

/** A map by type, unlike those of other kinds. */
function conditionsOf(conditions: unknown): readonly KkpCondition[] {
  return Object.entries(record(conditions))
    .filter(([type]) => type.startsWith('Encryption'))
    .slice(0, mostNamed)
    .map(([type, condition]) => ({
      type: cut(type, longestMessage),
      status: cut(text(at(condition, 'status')) ?? '', longestMessage),
      message: cut(text(at(condition, 'message')) ?? '', longestMessage),
      since: time(at(condition, 'lastTransitionTime')),
    }));
}

function textsIn(value: unknown): readonly string[] {
  return elementsOf(value).flatMap((element) => textOf(element) ?? []);
}
