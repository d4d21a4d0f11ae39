import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.ts';
import { scan } from '../../../src/manifest/scan.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const auditOf = (text: string, name: string) =>
  audit(scan(text), registry, { name, policy: undefined }).findings.filter(
    ({ rule }) => rule === 'plaintext-in-values',
  );
/** What is told of a text, by the lines where it stands. */
const lines = (text: string, name = 'values.yaml') =>
  auditOf(text, name).map(({ span }) => text.slice(0, span.start).split('\n').length);
const values = (...names: string[]) => names.map((name) => [name]);

describe('plaintext-in-values', () => {
  it('is a warning that names the key and not the value', () => {
    const text = 'grafana:\n  adminPassword: zq7hunter\n';
    expect(auditOf(text, 'values.yaml')).toMatchObject([
      {
        level: 'warning',
        message: 'grafana.adminPassword stands in clear among Helm values (the key name says password)',
        span: { start: text.indexOf('zq7'), end: text.indexOf('zq7') + 9 },
      },
    ]);
  });

  it.each(
    values(
      'values.yaml',
      'values.yml',
      'values-prod.yaml',
      'values.prod.yaml',
      'values_prod.yaml',
      'grafana-values.yaml',
      'grafana.values.yaml',
      'values.json',
    ),
  )('looks into %s', (name) => {
    expect(lines('{"auth": {"password": "hunter2"}}', name)).toEqual([1]);
  });

  it.each(values('values.schema.json', 'grafana.yaml', 'revalues.yaml', 'Chart.yaml', 'values.yaml.bak'))(
    'leaves %s alone',
    (name) => {
      expect(lines('{"auth": {"password": "hunter2"}}', name)).toEqual([]);
    },
  );

  it('leaves Kubernetes objects in such a file to other rules', () => {
    expect(lines('apiVersion: v1\nkind: ConfigMap\ndata:\n  password: hunter2\n')).toEqual([]);
    expect(
      lines('extraDeploy:\n- apiVersion: v1\n  kind: Secret\n  stringData: {password: hunter2}\n'),
    ).toEqual([]);
  });

  it.each([
    [
      'a HelmRelease of Flux',
      'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    auth:\n      password: hunter2\n',
      [6],
    ],
    [
      'a HelmRelease in a List',
      'apiVersion: v1\nkind: List\nitems:\n- kind: HelmRelease\n  spec:\n    values:\n      password: hunter2\n',
      [7],
    ],
    [
      'a HelmChart of k3s, line by line',
      'apiVersion: helm.cattle.io/v1\nkind: HelmChart\nspec:\n  set:\n    auth.rootPassword: hunter2\n  valuesContent: |-\n    a: b\n    password: hunter3\n',
      [5, 8],
    ],
    [
      'a HelmChartConfig in one quoted text',
      'apiVersion: helm.cattle.io/v1\nkind: HelmChartConfig\nspec:\n  valuesContent: "token: hunter2\\npassword: hunter3\\n"\n',
      [4],
    ],
    [
      'an Application of Argo CD',
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    helm:\n      valuesObject:\n        password: hunter2\n      parameters:\n      - name: auth.password\n        value: hunter3\n      - name: image.pullSecrets[0].name\n        value: regcred\n',
      [7, 10],
    ],
    [
      'the text of an ApplicationSet',
      'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  template:\n    spec:\n      sources:\n      - helm:\n          values: |\n            auth:\n              password: hunter2\n',
      [10],
    ],
  ])('looks into %s', (_name, text, expected) => {
    expect(lines(text, 'a.yaml')).toEqual(expected);
  });

  it.each([
    ['kustomization.yaml', 'helmCharts:\n- name: a\n  valuesInline:\n    password: hunter2\n', [4]],
    ['helmfile.yaml', 'releases:\n- values:\n  - a.yaml\n  - password: hunter2\n', [4]],
    ['fleet.yaml', 'helm:\n  values:\n    password: hunter2\n', [3]],
  ])('looks into %s', (name, text, expected) => {
    expect(lines(text, name)).toEqual(expected);
  });

  it('takes the name of a variable, of a parameter, and of the map above', () => {
    expect(
      lines(
        'env:\n- name: LOG_LEVEL\n  value: hunter2\n- name: DB_PASSWORD\n  value: hunter2\n- value: hunter2\n  name: API_TOKEN\npassword:\n  value: hunter2\nreplicas:\n  value: hunter2\n',
      ),
    ).toEqual([5, 6, 9]);
  });

  it.each([
    ['a reference', 'passwordSecretRef:\n  name: db\n  key: password\n'],
    [
      'a variable from a Secret',
      'env:\n- name: A\n  valueFrom:\n    secretKeyRef:\n      key: token\n      name: b\n',
    ],
    ['names of keys', 'secretKeys:\n  password: postgres-password1\n  token: token1\n'],
    ['an external secret', 'externalSecret:\n  data:\n  - secretKey: token1\n    remoteRef: {key: a/b1}\n'],
    ['a key beside a Secret', 'auth:\n  secretName: a\n  apiKey: key1\n  usernameKey: x\n'],
    ['annotations', 'annotations:\n  example.com/secret: some1\n  example.com/token: some1\n'],
    ['labels', 'podLabels:\n  token: some1\nlabels: {password: p1}\n'],
    ['a schema', 'properties:\n  password: {type: string, default: hunter2}\n'],
    ['pull secrets', 'image:\n  pullSecrets: [regcred1]\nimagePullSecrets:\n- name: regcred1\n'],
    [
      'what SOPS says of itself',
      'a: ENC[AES256_GCM,data:5hQ=,iv:AAAA,tag:AAAA,type:str]\nsops:\n  mac: x\n  token: some1\n',
    ],
    ['commented values', '# password: hunter2\na: b # token: hunter2\n'],
    ['nothing', 'password:\ntoken: ""\nsecret: ~\napiKey: null\npasswords: []\n'],
    [
      'values from elsewhere',
      'kind: HelmRelease\nspec:\n  valuesFrom:\n  - kind: Secret\n    name: a\n    targetPath: auth.password\n',
    ],
  ])('says nothing of %s', (_name, text) => {
    expect(lines(text)).toEqual([]);
  });

  it('finds a value that SOPS left in clear', () => {
    expect(
      lines('a: ENC[AES256_GCM,data:5hQ=,iv:AAAA,tag:AAAA,type:str]\npassword: hunter2\nsops:\n  mac: x\n'),
    ).toEqual([2]);
  });

  it('reads templates and broken files as far as they go', () => {
    expect(lines('{{- if .x }}\npassword: hunter2\n{{- end }}\ntoken: {{ .y }}\n')).toEqual([2]);
    expect(lines('password: hunter2\nb: [never\nc: "closed\n')).toEqual([1]);
    expect(lines('password: hunter2\r\ntoken: hunter3\r\n')).toEqual([1, 2]);
  });

  it('leaves a private key to the rule that knows keys', () => {
    expect(
      lines('tlsKey: |\n  -----BEGIN PRIVATE KEY-----\n  hunter2\n  -----END PRIVATE KEY-----\n'),
    ).toEqual([]);
  });

  it('is silenced with a reason', () => {
    expect(lines('# purser:ignore plaintext-in-values local only\npassword: hunter2\n')).toEqual([]);
  });

  it('of a huge file takes its time in proportion', () => {
    const time = (entries: number) => {
      const text = Array.from(
        { length: entries },
        (_, i) => `key${i}:\n  password: hunter${i}\n  name: x\n`,
      ).join('');
      const before = process.cpuUsage();
      expect(auditOf(text, 'values.yaml').length).toBe(entries);
      return process.cpuUsage(before).user / 1000;
    };
    time(1000);
    expect(time(20_000)).toBeLessThan(3000);
  });
});
