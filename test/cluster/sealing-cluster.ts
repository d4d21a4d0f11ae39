import { Agent, request as http } from 'node:http';
import { request as https } from 'node:https';
import { HttpClient } from '../../src/cluster/api/http-client.ts';
import { ApiSession } from '../../src/cluster/session.ts';
import { Plaintext } from '../../src/core/plaintext.ts';
import type { UnsealingKey } from '../../src/crypto/unsealing-keys.ts';
import { readSealingCertificate, type SealingCertificate } from '../../src/crypto/x509.ts';
import { readControllerKeys } from '../../src/schemes/sealed-secrets/controller-keys.ts';
import { type KubeApi, startKubeApi } from '../support/kube-api.ts';
import { findPeer, privateFolder } from '../support/peers.ts';
import { runProgram } from '../support/run-program.ts';
import {
  type SealedSecretsController,
  startSealedSecretsController,
} from '../support/sealed-secrets-controller.ts';
import { type ServiceProxy, startServiceProxy } from '../support/service-proxy.ts';
import { impatient } from './open-session.ts';

/** A Secret as a person writes it, without what the cluster adds. */
interface Standing {
  readonly type: string;
  readonly immutable: boolean;
  readonly data: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

type PlainObject = Partial<Standing> & {
  readonly type: string;
  readonly metadata: Partial<Pick<Standing, 'labels' | 'annotations'>>;
};

interface WithConditions {
  readonly status?: {
    readonly conditions?: readonly { readonly status: string; readonly message?: string }[];
  };
}

export const service = { namespace: 'kube-system', name: 'sealed-secrets-controller' };
const keyLabel = 'sealedsecrets.bitnami.com/sealed-secrets-key';
const namespaces = ['prod', 'stage'];

/** An API server with the controller of Sealed Secrets at work, and kubeseal. */
export class SealingCluster {
  readonly #api: KubeApi;
  readonly #files = privateFolder();
  #count = 0;
  #controller: SealedSecretsController | undefined;
  #proxy: ServiceProxy | undefined;
  #kubeconfig = '';

  private constructor(api: KubeApi) {
    this.#api = api;
  }

  static async start(): Promise<SealingCluster> {
    const cluster = new SealingCluster(await startKubeApi());
    try {
      await cluster.#prepare();
      await cluster.#startController();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    await this.#api.applyCrds('sealed-secrets');
    for (const namespace of namespaces) await this.#api.kubectl(['create', 'namespace', namespace]);
    const made = ['create', 'service', 'clusterip', service.name, '-n', service.namespace, '--tcp=8080'];
    await this.#api.kubectl(made);
  }

  async #startController(): Promise<void> {
    this.#controller = await startSealedSecretsController(this.#api);
    this.#proxy = await startServiceProxy(this.#api, { ...service, port: this.#controller.port });
    this.#kubeconfig = this.#file(this.#proxy.kubeconfig);
  }

  async #stopController(): Promise<void> {
    await this.#proxy?.stop();
    await this.#controller?.stop();
  }

  async stop(): Promise<void> {
    await this.#stopController();
    await this.#api.stop();
    this.#files.remove();
  }

  #file(text: string): string {
    return this.#files.write(`file-${this.#count++}`, text);
  }

  async certificate(): Promise<SealingCertificate> {
    const pem = (await this.#controller?.certificate()) ?? '';
    return readSealingCertificate(new TextEncoder().encode(pem), 'certificate');
  }

  /** What a person backs up opens. */
  async keys(): Promise<readonly UnsealingKey[]> {
    const args = ['get', 'secret', '-n', service.namespace, '-l', keyLabel, '-o', 'yaml'];
    const bytes = Plaintext.fromText(await this.#api.kubectl(args));
    return readControllerKeys({ ref: 'backup', name: undefined, bytes });
  }

  /** Has the controller make a new key, and start anew with that alone. */
  async replaceKey(): Promise<void> {
    const [old = ''] = await this.#activeKeys();
    await this.#controller?.renewKey();
    const withdrawn = ['-n', service.namespace, '--overwrite', `${keyLabel}=compromised`];
    await this.#api.kubectl(['label', 'secret', old, ...withdrawn]);
    await this.#stopController();
    await this.#startController();
  }

  async #activeKeys(): Promise<readonly string[]> {
    const wanted = ['-l', `${keyLabel}=active`, '-o', 'jsonpath={.items[*].metadata.name}'];
    return (await this.#api.kubectl(['get', 'secret', '-n', service.namespace, ...wanted])).split(' ');
  }

  apply(text: string): Promise<string> {
    return this.#api.kubectl(['apply', '--server-side', '-f', '-'], text);
  }

  /** What the API server would make of a Secret in the clear. */
  async meant(text: string): Promise<Standing> {
    const args = ['create', '--dry-run=server', '-o', 'json', '-f', '-'];
    return standing(JSON.parse(await this.#api.kubectl(args, text)) as PlainObject);
  }

  async secret(name: string, namespace = 'prod'): Promise<Standing | undefined> {
    const found = (await this.get('secret', name, namespace)) as PlainObject | undefined;
    return found && standing(found);
  }

  /** What the controller says of a SealedSecret: `True: `, or `False:` and why. Undefined while it has said nothing. */
  async said(name: string, namespace = 'prod'): Promise<string | undefined> {
    const { status } = (await this.get('sealedsecret', name, namespace)) as WithConditions;
    const [condition] = status?.conditions ?? [];
    return condition && `${condition.status}: ${condition.message ?? ''}`;
  }

  async get(kind: string, name: string, namespace: string): Promise<unknown> {
    const args = ['get', kind, name, '-n', namespace, '-o', 'json', '--ignore-not-found'];
    const found = await this.#api.kubectl(args);
    return found === '' ? undefined : JSON.parse(found);
  }

  /** What kubeseal makes of a Secret. */
  async kubeseal(text: string, ...args: readonly string[]): Promise<string> {
    const cert = this.#file((await this.certificate()).pem);
    return this.#runKubeseal(['--cert', cert, '-o', 'yaml', ...args], text);
  }

  /** `kubeseal --validate`: resolves where the controller could unseal it. */
  async validate(text: string): Promise<void> {
    const names = ['--controller-namespace', service.namespace, '--controller-name', service.name];
    await this.#runKubeseal(['--validate', '--kubeconfig', this.#kubeconfig, ...names], text);
  }

  #runKubeseal(args: readonly string[], text: string): Promise<string> {
    return runProgram(findPeer('kubeseal').file ?? '', args, text);
  }

  openSession(): Promise<ApiSession> {
    const access = {
      server: new URL(this.#proxy?.server ?? ''),
      insecure: false,
      tls: { rejectUnauthorized: true },
      agent: new Agent({ keepAlive: true }),
      proxied: false,
      headers: () => Promise.resolve({}),
    };
    const client = new HttpClient(access, { http, https });
    return ApiSession.open(access, client, AbortSignal.timeout(30_000), impatient);
  }
}

function standing({ type, immutable = false, data = {}, metadata }: PlainObject): Standing {
  const { labels = {}, annotations = {} } = metadata;
  return { type, immutable, data, labels, annotations };
}
