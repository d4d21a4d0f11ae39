import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { SealedItems, SealedSecretsController } from '../../../src/app/clusters/cluster-session.ts';
import type { AppliedWay } from '../../../src/app/documents/applied-ways.ts';
import { Failure } from '../../../src/core/errors.ts';
import { OpenClusters } from '../../../src/vscode/clusters/open-clusters.ts';
import { validateSealedSecret } from '../../../src/vscode/clusters/validate-sealed-secret.ts';
import { ActingSession, ListedClusters } from '../../support/acting-clusters.ts';
import { Editor } from '../../support/editor.ts';
import { answers, contextKeys, messages, questions, workspace } from '../../support/fake-vscode.ts';

const strict = readFileSync('test/golden/sealed-secrets/strict.yaml', 'utf8');
const controllerOf = (name: string): SealedSecretsController => ({
  namespace: 'kube-system',
  name,
  port: 'http',
  keys: undefined,
});

let editor: Editor;
let clusters: ListedClusters;
let open: OpenClusters;
let ways: readonly AppliedWay[];
beforeEach(() => {
  editor = new Editor();
  clusters = new ListedClusters();
  open = new OpenClusters(clusters);
  ways = [];
});
afterEach(() => {
  open.dispose();
  editor.close();
});

/** A cluster with these controllers, which open what is sealed for one namespace. */
function cluster(title: string, names: readonly string[], opens: string) {
  const session = new ActingSession();
  const asked: { controller: string; sealed: SealedItems }[] = [];
  session.controllers = names.map(controllerOf);
  session.canOpen = async ({ name }, sealed) => {
    asked.push({ controller: name, sealed });
    return sealed.place.namespace === opens;
  };
  clusters.set(title, session);
  return { session, asked };
}

async function validate(text: string, path = 'apps/db.yaml'): Promise<void> {
  const document = await editor.open(path, text);
  const places = { waysTo: async () => ways, confirmNamespace: async () => false };
  const services = { ...editor.services, clusterActions: { open }, places };
  await validateSealedSecret({ uri: document.uri.toString(), offset: 0 }, services);
}

it('says in one sentence that the controller opens it, and sends ciphertexts alone', async () => {
  const { asked } = cluster('prod', ['sealed-secrets'], 'prod');
  await validate(strict.replace('template:', 'template:\n    data: {clear: hunter2}'));
  expect(messages).toEqual(['kube-system/sealed-secrets in prod opens every value of prod/db.']);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.sealed.place).toEqual({ namespace: 'prod', name: 'db', scope: 'strict' });
  expect(asked[0]?.sealed.items.size).toBeGreaterThan(0);
  expect(JSON.stringify([...(asked[0]?.sealed.items ?? [])])).not.toContain('hunter2');
  expect(questions).toEqual([]);
});

it('says what is wrong where it does not', async () => {
  cluster('prod', ['sealed-secrets'], 'other');
  await validate(strict);
  expect(messages[0]).toMatch(/^kube-system\/sealed-secrets in prod cannot open all of prod\/db: /);
});

it('asks which controller where there are several, in all open clusters', async () => {
  const [one, two] = [cluster('dev', ['a'], 'dev'), cluster('prod', ['b', 'c'], 'prod')];
  await validate(strict);
  expect(questions[0]?.message).toBe('kube-system/a\nkube-system/b\nkube-system/c');
  expect(messages).toEqual([]);
  answers.push('kube-system/c');
  await validate(strict);
  expect(two.asked.map(({ controller }) => controller)).toEqual(['c']);
  expect(one.asked).toEqual([]);
});

it('asks for the namespace that a kustomization puts it into', async () => {
  const { asked } = cluster('prod', ['sealed-secrets'], 'prod');
  const unplaced = strict.replaceAll(/^ +namespace: .*\n/gm, '');
  await expect(validate(unplaced)).rejects.toMatchObject({ code: 'sealing.unplaced' });
  const change = { does: 'namespace', value: 'prod', file: 'apps/kustomization.yaml', field: 'namespace' };
  ways = [{ changes: [change], end: 'apps/kustomization.yaml' } as AppliedWay];
  await validate(unplaced);
  expect(asked.map(({ sealed }) => sealed.place.namespace)).toEqual(['prod']);
  expect(messages.at(-1)).toContain('opens every value of prod/db');
});

it('tells a cluster that fails from one without a controller, and lets neither hide another', async () => {
  cluster('empty', [], 'prod');
  await validate(strict);
  expect(messages).toEqual(['No cluster that is open has a controller of Sealed Secrets.']);
  const { session } = cluster('broken', [], 'prod');
  session.sealedSecrets = async () => {
    throw new Failure('cluster.timeout', { server: 'https://cluster.test' });
  };
  await expect(validate(strict)).rejects.toMatchObject({
    code: 'cluster.timeout',
    place: { cluster: 'broken' },
  });
  cluster('prod', ['sealed-secrets'], 'prod');
  await validate(strict);
  expect(messages.at(-1)).toContain('in prod opens every value');
});

it('says that there is no SealedSecret, and asks no cluster in Restricted Mode', async () => {
  const { asked } = cluster('prod', ['sealed-secrets'], 'prod');
  await validate('kind: ConfigMap\n');
  expect(messages).toEqual(['There is no SealedSecret here.']);
  workspace.isTrusted = false;
  await expect(validate(strict)).rejects.toMatchObject({ code: 'workspace.untrusted' });
  expect(asked).toEqual([]);
});

it('is hidden while no cluster is open', async () => {
  cluster('prod', [], 'prod');
  await expect.poll(() => contextKeys.get('purser.hasOpenCluster')).toBe(true);
  clusters.set('prod', undefined);
  await expect.poll(() => contextKeys.get('purser.hasOpenCluster')).toBe(false);
});
