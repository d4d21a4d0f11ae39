import { BASE32, type Case, data, pem, raw, string, token } from './case.ts';

/** Nothing there. */
export const empty: readonly Case[] = [
  raw('empty', 'password', '', 'no value'),
  raw('empty', 'password', '~', 'null'),
  raw('empty', 'password', 'null', 'null'),
  raw('empty', 'password', 'Null', 'null'),
  raw('empty', 'password', 'NULL', 'null'),
  string('empty', 'password', '', 'empty string'),
  string('empty', 'password', '   ', 'spaces'),
  string('empty', 'password', '\n', 'newline'),
  data('empty', 'password', '\n', 'base64 of a newline'),
  data('empty', 'password', '   ', 'base64 of spaces'),
  string('empty', 'password', '""', 'quotes inside quotes'),
  raw('empty', '$patch', 'delete', 'kustomize patch'),
  data('empty', 'extra', 'bar\n', 'the Kubernetes documentation', 'kubernetes.io/service-account-token'),
  data('empty', 'token', '', 'filled in by the cluster', 'kubernetes.io/service-account-token'),
  string('empty', 'config.json', '{}', 'empty object'),
  string('empty', 'rules.yaml', '# nothing yet\n', 'comment only'),
  string('empty', 'list.json', '[]', 'empty list'),
];

/** No evidence either way, or evidence both ways. */
export const ambiguous: readonly Case[] = [
  string('ambiguous', 'source-key', 'my-secret', 'no evidence'),
  string('ambiguous', 'password', 'my-password', 'describes itself'),
  string('ambiguous', 'password', 'changeit', 'Java default'),
  string('ambiguous', 'token', 'super-secret-token', 'describes itself'),
  string('ambiguous', 'token', 'test-token', 'describes itself'),
  string('ambiguous', 'secret', 'some-secret-value', 'describes itself'),
  string('ambiguous', 'POSTGRESQL_PASSWORD', 'secret-password', 'describes itself'),
  string('ambiguous', 'password', 'PASSWORD', 'capitals'),
  string('ambiguous', 'token', 'ACCESS_TOKEN', 'capitals'),
  string('ambiguous', 'AWS_ACCESS_KEY_ID', `AKIA${token(16, BASE32)}`, 'access key ID'),
  string('ambiguous', 'aws_access_key_id', 'minio', 'access key ID'),
  string('ambiguous', 'accesskey', 'minio', 'access key'),
  string('ambiguous', 'accessKey', 'AKIDEXAMPLE', 'access key'),
  string('ambiguous', 'foo', 'bar', 'no evidence'),
  data('ambiguous', 'key1', 'value1', 'no evidence'),
  data('ambiguous', 'data-1', 'value-1', 'Kubernetes documentation'),
  string('ambiguous', 'admin', 'grafana', 'a user name as key'),
  string('ambiguous', 'thing', '8f4e2a3b-91c0-4f0e-9f7a-2a9d3d1f4b77', 'UUID'),
  string('ambiguous', 'tls.key', pem('ENCRYPTED PRIVATE KEY'), 'private key under a passphrase'),
  data('ambiguous', 'release', 'H4sIAAAAAAAA', 'Helm release', 'helm.sh/release.v1'),
  data('ambiguous', 'bundle.tgz', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), 'archive'),
  string('ambiguous', 'hello', 'hello world', 'prose'),
];
