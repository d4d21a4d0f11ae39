/** @import { Random } from './random.mjs' */

const WORDS =
  'orders billing gateway session cache worker ingress metrics storage mailer search audit profile report queue stream ' +
  'backup tenant catalog invoice payment webhook scheduler exporter operator controller registry proxy frontend backend';
const NAMES = WORDS.split(' ');

/** One kind of manifest, as GitOps repositories hold them. @typedef {(random: Random) => string} Maker */

/** @param {Random} random */
function nameOf(random) {
  return `${random.pick(NAMES)}-${random.pick(NAMES)}`;
}

/** @param {Random} random @param {string} kind @param {string} apiVersion */
function head(random, kind, apiVersion) {
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${nameOf(random)}
  namespace: ${random.pick(NAMES)}
  labels:
    app.kubernetes.io/name: ${random.pick(NAMES)}
    app.kubernetes.io/version: "1.${random.below(40)}.${random.below(20)}"
`;
}

/** A workload; one in ten names a Secret it uses. @type {Maker} */
export function deployment(random) {
  const containers = Array.from({ length: 1 + random.below(4) }, () => container(random)).join('');
  return `${head(random, 'Deployment', 'apps/v1')}spec:
  replicas: ${random.below(6)}
  template:
    spec:
      containers:
${containers}`;
}

/** @param {Random} random */
function container(random) {
  const variables = Array.from({ length: 4 + random.below(20) }, (_, index) => {
    return `            - name: SETTING_${index}\n              value: "${random.text(12 + random.below(30))}"\n`;
  }).join('');
  const secret =
    random.below(10) === 0
      ? `            - name: TOKEN\n              valueFrom:\n                secretKeyRef: # from the Secret below\n                  name: ${nameOf(random)}\n                  key: token\n`
      : '';
  return `        - name: ${random.pick(NAMES)}
          image: registry.example.com/${nameOf(random)}:${random.text(12)}
          env:
${variables}${secret}          resources:
            limits: { cpu: ${random.below(900)}m, memory: ${random.below(900)}Mi }
`;
}

/** Configuration as text in a block scalar. @type {Maker} */
export function configMap(random) {
  const lines = Array.from({ length: 20 + random.below(120) }, (_, index) => {
    return `    ${random.pick(NAMES)}.${random.pick(NAMES)}.${index} = ${random.text(24)}\n`;
  }).join('');
  return `${head(random, 'ConfigMap', 'v1')}data:\n  application.properties: |\n${lines}`;
}

/** A long schema; like real ones, half of them talk of Secrets in their descriptions. @type {Maker} */
export function customResourceDefinition(random) {
  const speaks = random.below(2) === 0;
  const properties = Array.from({ length: 60 + random.below(260) }, (_, index) => {
    const what = speaks && index % 40 === 0 ? 'the name of the Secret to use' : `the ${random.pick(NAMES)}`;
    return `                ${random.pick(NAMES)}${index}:
                  description: |-
                    ${random.pick(NAMES)} says what ${what} of the ${random.pick(NAMES)} is, and is
                    immutable once the ${random.pick(NAMES)} has been made.
                  type: string
`;
  }).join('');
  return `${head(random, 'CustomResourceDefinition', 'apiextensions.k8s.io/v1')}spec:
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            spec:
              properties:
${properties}`;
}

/** A Helm template, no valid YAML. @type {Maker} */
export function helmTemplate(random) {
  const blocks = Array.from({ length: 4 + random.below(30) }, () => {
    const value = `.Values.${random.pick(NAMES)}.${random.pick(NAMES)}`;
    return `  {{- if ${value} }}\n  ${random.pick(NAMES)}: {{ ${value} | quote }}\n  {{- end }}\n`;
  }).join('');
  return `{{- if .Values.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "chart.fullname" . }}
  labels:
    {{- include "chart.labels" . | nindent 4 }}
spec:
${blocks}{{- end }}
`;
}

/** What a Secret's plaintext values are called, and the ones of which it is made are counted as findings. */
const CREDENTIALS = ['password', 'api-token', 'client-secret', 'encryption-key'];

/** A Secret with plaintext: every entry is one finding. @param {Random} random @param {number} [entries] */
export function plaintextSecret(random, entries = CREDENTIALS.length) {
  const lines = Array.from({ length: entries }, (_, index) => {
    const name = `${CREDENTIALS[index % CREDENTIALS.length]}${index < CREDENTIALS.length ? '' : `-${index}`}`;
    return `  ${name}: "${random.text(24)}"\n`;
  }).join('');
  return `${head(random, 'Secret', 'v1')}type: Opaque\nstringData:\n${lines}`;
}

/** A Secret in a Helm template, with values still to be filled in: no finding. @type {Maker} */
export function templatedSecret(random) {
  return `apiVersion: v1
kind: Secret
metadata:
  name: {{ include "chart.fullname" . }}
data:
  password: {{ .Values.${random.pick(NAMES)}.password | b64enc | quote }}
`;
}

/** No finding. @type {Maker} */
export function sealedSecret(random) {
  const lines = CREDENTIALS.map((name) => `    ${name}: Ag${random.text(680)}\n`).join('');
  return `${head(random, 'SealedSecret', 'bitnami.com/v1alpha1')}spec:\n  encryptedData:\n${lines}`;
}

/** No finding. @type {Maker} */
export function sopsSecret(random) {
  const lines = CREDENTIALS.map(
    (name) =>
      `  ${name}: ENC[AES256_GCM,data:${random.text(43)}=,iv:${random.text(43)}=,tag:${random.text(22)}==,type:str]\n`,
  ).join('');
  return `${head(random, 'Secret', 'v1')}stringData:
${lines}sops:
  age:
    - recipient: age1${random.text(58).toLowerCase()}
      enc: |
        -----BEGIN AGE ENCRYPTED FILE-----
        ${random.text(64)}
        -----END AGE ENCRYPTED FILE-----
  lastmodified: "2026-01-01T00:00:00Z"
  encrypted_regex: ^(data|stringData)$
  version: 3.13.0
`;
}

/** A reference to a secret kept elsewhere: no finding. @type {Maker} */
export function externalSecret(random) {
  return `${head(random, 'ExternalSecret', 'external-secrets.io/v1')}spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  target: { name: ${nameOf(random)} }
  dataFrom:
    - extract: { key: ${nameOf(random)} }
`;
}
