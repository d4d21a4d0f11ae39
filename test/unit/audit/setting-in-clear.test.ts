import { describe, expect, it } from 'vitest';
import { type Setting, settingInClear } from '../../../src/audit/setting-in-clear.ts';
import { allSchemes } from '../../support/schemes.ts';

const registry = allSchemes();
const told = (key: string, text: string, place: Setting['place'] = 'map') =>
  settingInClear({ key, value: { text, style: 'double' }, place }, registry) !== undefined;

/** 40 letters and digits that say nothing. */
const random = 'q7Xe2mKv9RtLw4ZbN1cYhG8sDfJ3pAuT6oViBk5M';

describe('a setting', () => {
  it.each([
    ['password', 'hunter2'],
    ['password', 'admin'],
    ['password', 'password'],
    ['adminPassword', 'prom-operator'],
    ['rootPassword', 'correct horse'],
    ['DB_PASSWORD', '123456'],
    ['postgres-password', 'postgres'],
    ['smtp_auth_password', 'p@ss: word'],
    ['redisPass', 'Zk3vv91'],
    ['replicationPassword', 'repl_password1'],
    ['htpasswd', 'admin:$2y$05$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234'],
    ['clientSecret', 'supersecret'],
    ['client_secret', '6f0b2c1e-7a55-4a6e-9d0c-3b1f2e4d5c6a'],
    ['cookieSecret', 'Sup3rS3cretC00kie'],
    ['jwtSecret', random],
    ['secret', 'S0meth1ng!Else'],
    ['token', 'hunter2'],
    ['gatewayToken', random],
    ['vaultRootToken', 's.X8sQ2Lw91KdPz0uY'],
    ['apiKey', random],
    ['secretKey', 'minio123'],
    ['SECRET_KEY_BASE', random.repeat(3)],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzK3q0Xa9mL'],
    ['OPENAI_KEY', random],
    ['argocdServerAdminPassword', '$2a$10$rRyBsGSHK6.uc8fntPwVIuLVHgsAhAX7TcdrqW/RADU0uh7CaChLa'],
    ['databaseUrl', 'postgres://app:Zk3vv91@db.internal:5432/app'],
    ['brokers', 'amqp://guest:guest@rabbitmq:5672'],
    ['url', 'https://hooks.slack.com/services/T01ABCDEF/B02ABCDEF/q7Xe2mKv9RtLw4ZbN1cYhG8s'],
    ['anything', `ghp_${random.slice(0, 36)}`],
    ['note', `the token is xoxb-123456789012-123456789012-${random.slice(0, 24)}`],
    ['extraConfig', 'server:\n  port: 80\n  smtp_password: "Zk3vv91"\n'],
    ['extraEnv', '- name: KEYCLOAK_USER\n  value: admin\n- name: KEYCLOAK_PASSWORD\n  value: "Zk3vv91"\n'],
    ['config', 'requirepass_file no\nadmin_password = Zk3vv91\n'],
  ])('%s of %j is a secret in clear', (key, text) => {
    expect(told(key, text)).toBe(true);
  });

  it.each([
    ['password', ''],
    ['password', 'changeme'],
    ['password', 'CHANGE_ME'],
    ['password', '<password>'],
    ['password', '${DB_PASSWORD}'],
    ['password', '$(DB_PASSWORD)'],
    ['password', '$DB_PASSWORD'],
    ['password', '{{ .Values.password }}'],
    ['password', 'ref+vault://secret/db#/password'],
    ['password', 'vault:secret/data/db#password'],
    ['password', '<path:secret/data/db#password>'],
    ['password', '$__file{/etc/secrets/password}'],
    ['password', '$__env{PASSWORD}'],
    ['password', 'env(DB_PASSWORD)'],
    ['password', 'file:///etc/secrets/password'],
    ['password', '/run/secrets/password'],
    ['password', 'ENC[AES256_GCM,data:5hQ=,iv:AAAA,tag:AAAA,type:str]'],
    ['password', 'true'],
    ['password', 'xxxxxxxx'],
    ['password', '********'],
    ['password', 'grafana-admin-credentials'],
    ['password', 'The password of the administrator'],
    ['passwordKey', 'postgres-password'],
    ['passwordSecret', 'grafana-admin'],
    ['passwordSecretName', 'grafana-admin'],
    ['passwordFile', '/run/secrets/password'],
    ['passwordPolicy', 'length(12) and notUsername'],
    ['enablePasswordReset', 'always'],
    ['existingSecret', 'grafana-admin'],
    ['existingSecretPasswordKey', 'password'],
    ['secretKeyExistingSecret', 'minio-credentials'],
    ['existingSecretAdminPassword', 'harbor-admin1'],
    ['secretName', 'wildcard-tls'],
    ['secret', 'grafana-admin'],
    ['secret', 'regcred'],
    ['tlsSecret', 'wildcard'],
    ['imagePullSecret', 'regcred'],
    ['nginx.ingress.kubernetes.io/auth-secret', 'basic-auth'],
    ['nginx.ingress.kubernetes.io/auth-tls-secret', 'ingress/ca'],
    ['clientSecret', 'oauth-client-secret'],
    ['clientSecret', '$oidc.keycloak.clientSecret'],
    ['apiKey', 'api-key'],
    ['apiKey', 'os.environ/OPENAI_API_KEY'],
    ['secretKey', 'username'],
    ['secretKey', 'dbPassword'],
    ['secretKey', 'DB_PASSWORD'],
    ['token', 'registry-token'],
    ['token', 'none'],
    ['tokenTTL', '3600'],
    ['tokenTTL', '24h'],
    ['tokenType', 'Bearer'],
    ['tokenUrl', 'https://login.example.com/oauth/token'],
    ['maxTokens', '4096'],
    ['accessTokenLifespan', '5m'],
    ['signingKeyAlgorithm', 'RS256'],
    ['jwtSecret', 'your-256-bit-secret'],
    ['cookieName', 'session'],
    ['sessionCookie', 'grafana_session'],
    ['publicKey', random],
    ['siteKey', random],
    ['key', 'node-role.kubernetes.io/control-plane'],
    ['sha256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['checksum/secret', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['checksum/config', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['tag', '1.25@sha256:1111c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['image', 'nginx:1.25@sha256:1111c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['revision', '12cc6ea0f6d2f9a4e1c7b9a0d8e3f5b6c7d8e9f0'],
    ['clusterId', '6f0b2c1e-7a55-4a6e-9d0c-3b1f2e4d5c6a'],
    ['host', 'grafana-7d9f8b6c5-x2x9z.monitoring.svc'],
    ['storageClass', random.slice(0, 24)],
    ['description', 'Basic auth for the front-end, see the docs'],
    ['proxy', 'http://user:password@proxy.example.com:3128'],
    ['databaseUrl', 'postgres://app:$(DB_PASSWORD)@db:5432/app'],
    ['dsn', `https://${'0123456789abcdef'.repeat(2)}@sentry.example.com/4`],
    ['username', 'admin'],
    ['privateKey', '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----'],
    ['script', 'export PASSWORD=$(cat /run/password)\ncurl -H "token: $TOKEN"\n'],
    ['script', 'password = args.password\ntoken = get_token()\nsecret = None\n'],
    [
      'extraEnv',
      '- name: KEYCLOAK_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: a, key: password}\n- name: A\n  value: hunter2\n',
    ],
    ['config', '# password: hunter2\nuser: app\npassword_file: /run/x\n'],
    ['config', 'password: ${PASSWORD}\ntokenTTL: 1h\n'],
  ])('%s of %j is none', (key, text) => {
    expect(told(key, text)).toBe(false);
  });

  it('in a list, or under a name that points elsewhere, has to look like a secret by itself', () => {
    expect(told('pullSecrets', 'regcred', 'list')).toBe(false);
    expect(told('tokens', 'hunter2', 'list')).toBe(false);
    expect(told('tokens', random, 'list')).toBe(true);
    expect(told('password', 'admin-password', 'reference')).toBe(false);
    expect(told('password', random, 'reference')).toBe(false);
    expect(told('password', `ghp_${random.slice(0, 36)}`, 'reference')).toBe(true);
  });

  it('is not told by any part of its value', () => {
    const found = settingInClear(
      { key: 'password', value: { text: 'zq7hunter', style: 'plain' }, place: 'map' },
      registry,
    );
    expect(found?.reason).toBe('the key name says password');
  });
});
