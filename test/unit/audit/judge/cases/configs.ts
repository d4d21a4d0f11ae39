import { BASE32, base64, type Case, data, HEX, pem, raw, string, token } from './case.ts';

const P = 'plaintext';

const dockerConfig = (password: string) =>
  JSON.stringify({ auths: { 'ghcr.io': { username: 'bob', password, auth: base64(`bob:${password}`) } } });
const dockerAuthOnly = (auth: string) => `{"auths":{"https://index.docker.io/v1/":{"auth":"${auth}"}}}`;

const kubeconfig = (user: string) => `apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster:
    server: https://10.0.0.1:6443
    certificate-authority-data: ${base64(pem('CERTIFICATE'))}
contexts:
- context: {cluster: prod, user: admin}
  name: prod
current-context: prod
users:
- name: admin
  user:
${user}
`;

/** Config files and URLs: a credential inside makes the whole value one. */
export const configs: readonly Case[] = [
  string(P, '.dockerconfigjson', dockerConfig('password'), 'docker', 'kubernetes.io/dockerconfigjson'),
  data(
    P,
    '.dockerconfigjson',
    dockerAuthOnly(base64('bob:hunter2')),
    'auth only',
    'kubernetes.io/dockerconfigjson',
  ),
  string(
    'placeholder',
    '.dockerconfigjson',
    dockerConfig('${TOKEN}'),
    'variable in docker config',
    'kubernetes.io/dockerconfigjson',
  ),
  string(
    'placeholder',
    '.dockerconfigjson',
    dockerAuthOnly(base64('<user>:<token>')),
    'placeholder inside auth',
  ),
  string(
    'placeholder',
    '.dockerconfigjson',
    dockerAuthOnly('<base64 of user:password>'),
    'placeholder as auth',
  ),
  string('empty', '.dockerconfigjson', '{"auths":{}}', 'no registry', 'kubernetes.io/dockerconfigjson'),
  string('empty', '.dockerconfigjson', '{}', 'nothing', 'kubernetes.io/dockerconfigjson'),
  string(P, 'kubeconfig', kubeconfig(`    token: ${token(40)}`), 'kubeconfig token'),
  data(P, 'value', kubeconfig(`    client-key-data: ${base64(pem('RSA PRIVATE KEY'))}`), 'client key'),
  string('placeholder', 'kubeconfig', kubeconfig('    token: ${TOKEN}'), 'kubeconfig with a variable'),
  string('public', 'value.yaml', kubeconfig('    exec: {command: aws, args: [eks, get-token]}'), 'exec only'),
  string(P, 'DATABASE_URL', 'postgres://app:s3cret@db:5432/app', 'userinfo'),
  string(P, 'database-url', 'postgres://user:pass@postgres:5432/gate', 'demo userinfo'),
  string(P, 'uri', 'mongodb+srv://root:' + token(16) + '@cluster0.mongodb.net/?retryWrites=true', 'mongo'),
  string(P, 'REDIS_URL', 'redis://:foobared@redis:6379/0', 'no user name'),
  string(P, 'url', 'amqp://guest:guest@rabbitmq:5672/', 'rabbitmq default'),
  string(P, 'repo', 'https://oauth2:' + token(20) + '@gitlab.com/a/b.git', 'git over https'),
  string(P, 'dsn', 'root:secret@tcp(127.0.0.1:3306)/db?parseTime=true', 'Go MySQL DSN'),
  string(P, 'SENTRY_DSN', `https://${token(32, HEX)}@o123.ingest.sentry.io/456`, 'key as user'),
  string(P, 'JDBC_URL', 'jdbc:mysql://db:3306/app?user=app&password=hunter2', 'password in the query'),
  string(P, 'connection-string', 'Server=tcp:db,1433;Database=app;User ID=sa;Password=Passw0rd;', 'ADO'),
  string(P, 'ConnectionStrings__Default', 'Host=db;Username=app;Password=postgres', 'dotnet'),
  string(
    P,
    'AZURE_STORAGE',
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${token(86)}==`,
    'azure',
  ),
  string(
    P,
    'servicebus',
    `Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=${token(43)}=`,
    'azure',
  ),
  string(P, 'dsn', 'host=db user=app password=hunter2 dbname=app sslmode=disable', 'libpq'),
  string(
    P,
    'DATABASE_URL',
    'postgres://app:hunter2@{{ .Release.Name }}-db:5432/app',
    'a literal password beside a template',
  ),
  string('placeholder', 'DATABASE_URL', 'postgres://app:${DB_PASSWORD}@db:5432/app', 'variable password'),
  string('placeholder', 'DATABASE_URL', 'postgresql://<user>:<password>@<host>:5432/<db>', 'angle brackets'),
  string(
    'placeholder',
    'DATABASE_URL',
    'postgres://{{ .Values.user }}:{{ .Values.pass }}@db/app',
    'template',
  ),
  string('placeholder', 'MONGO_URI', 'mongodb://admin:changeme@mongo:27017', 'changeme inside'),
  string('placeholder', 'uri', 'postgres://user:your-password@db/x', 'your- inside'),
  string('ambiguous', 'DATABASE_URL', 'postgres://USER:PASSWORD@HOST:5432/DB', 'capitals'),
  string('public', 'redis-url', 'redis://redis:6379', 'no userinfo'),
  string('public', 'MONGODB_URI', 'mongodb://mongo.lan:27017', 'no userinfo'),
  string('public', 'url', 'ssh://git@github.com/org/repo', 'user only'),
  string('public', 'url', 'git@github.com:org/repo.git', 'scp form'),
  string(
    P,
    'credentials',
    '[default]\naws_access_key_id = AKIA' + token(16, BASE32) + '\naws_secret_access_key = ' + token(40),
    'AWS file',
  ),
  string(
    'placeholder',
    'cloud',
    '[default]\naws_access_key_id=<YOUR_KEY>\naws_secret_access_key=<YOUR_SECRET>\n',
    'velero',
  ),
  string(
    P,
    'cloud',
    '[default]\naws_access_key_id=minio\naws_secret_access_key=minio123\n',
    'velero with minio',
  ),
  string(
    P,
    'gcp.json',
    JSON.stringify(
      {
        type: 'service_account',
        private_key_id: token(40, HEX),
        private_key: pem('PRIVATE KEY'),
        client_email: 'a@b.iam',
      },
      null,
      2,
    ),
    'GCP',
  ),
  string(
    'placeholder',
    'gcp.json',
    '{"type":"service_account","private_key":"<your key>","client_email":"x@y"}',
    'GCP sample',
  ),
  string(
    P,
    'config.yaml',
    'server:\n  port: 8080\ndatabase:\n  host: db\n  password: "s3cret"\n',
    'YAML config',
  ),
  string(
    'placeholder',
    'config.yaml',
    'database:\n  host: db\n  password: ${DB_PASSWORD}\n',
    'YAML with a variable',
  ),
  string(
    'public',
    'config.yaml',
    'server:\n  port: 8080\n  tls: true\nlog:\n  level: info\n',
    'nothing in it',
  ),
  string('public', 'config.yaml', 'database:\n  host: db\n  password: ""\n', 'empty password'),
  string(
    'public',
    'config.yaml',
    'auth:\n  passwordFile: /run/secrets/pw\n  secretName: foo\n',
    'references only',
  ),
  string('public', 'config.yaml', 'log: info\n# password: hunter2\nport: 1\n', 'commented out'),
  string(
    P,
    'application.properties',
    'spring.datasource.url=jdbc:h2:mem\nspring.datasource.password=sa123\n',
    'properties',
  ),
  string(
    P,
    'appsettings.json',
    '{"ConnectionStrings":{"Db":"Server=x;Password=abc;"},"Logging":{"Level":"Info"}}',
    'nested string',
  ),
  string(P, '.env', 'DEBUG=0\nexport SECRET_KEY=abcdef\n', 'dotenv'),
  string(P, 'grafana.ini', '[security]\nadmin_user = admin\nadmin_password = prom-operator\n', 'ini'),
  string(
    P,
    'ldap.toml',
    '[[servers]]\nhost = "ldap"\nbind_dn = "cn=admin"\nbind_password = "grafana"\n',
    'toml',
  ),
  string(P, 'redis.conf', 'maxmemory 2gb\nrequirepass foobared\n', 'redis'),
  string(P, '.netrc', 'machine github.com login bob password hunter2\n', 'netrc'),
  string(P, '.pgpass', 'db:5432:app:app:hunter2\n', 'pgpass'),
  string(P, 'init.sql', "CREATE USER app WITH PASSWORD 'hunter2';\n", 'SQL'),
  string(
    'placeholder',
    'init.sql',
    "CREATE USER app WITH PASSWORD '${APP_PASSWORD}';\n",
    'SQL with a variable',
  ),
  string(
    P,
    'alertmanager.yaml',
    'global:\n  smtp_auth_username: a\n  smtp_auth_password: hunter2\nroute:\n  receiver: x\n',
    'alertmanager',
  ),
  string(
    'public',
    'alertmanager.yaml',
    'route:\n  receiver: "null"\nreceivers:\n- name: "null"\n',
    'alertmanager default',
  ),
  string(
    'placeholder',
    'secrets.toml',
    '[auth]\npassword = "<LOGIN_PASSWORD>"\n\n[mail]\napi_key = "<KEY>"\n',
    'toml sample',
  ),
  string('placeholder', 'notifiers.yaml', 'slack:\n  token: <THE SLACK TOKEN>\n', 'argocd notifications'),
  string(
    P,
    'config',
    JSON.stringify({ bearerToken: token(30), tlsClientConfig: { insecure: false } }),
    'argocd cluster',
  ),
  string(
    P,
    'config',
    JSON.stringify({ tlsClientConfig: { keyData: base64(pem('PRIVATE KEY')) } }),
    'argocd cluster key',
  ),
  string('public', 'config', '{"tlsClientConfig":{"insecure":false}}', 'argocd without token'),
  string(P, 'keyring', '[client.admin]\n\tkey = ' + token(38) + '==\n', 'ceph keyring'),
  string(P, 'rclone.conf', '[remote]\ntype = webdav\nuser = me\npass = YtF1-abc\n', 'rclone'),
  string('public', 'tls.pemcfg', 'pem.key=/tls/tls.key\npem.cert=/tls/tls.crt\n', 'paths'),
  string(
    'public',
    'java.security',
    'security.provider.7=org.example.security.pem.KeyStoreProvider',
    'class name',
  ),
  string(
    P,
    'jwks.json',
    '{"keys":[{"kty":"RSA","n":"' + token(80) + '","e":"AQAB","d":"' + token(80) + '"}]}',
    'private JWK',
  ),
  string(
    'public',
    'jwks.json',
    '{"keys":[{"kty":"RSA","n":"' + token(80) + '","e":"AQAB","kid":"a"}]}',
    'public JWK',
  ),
  string(P, 'headers', 'Authorization: Bearer ' + token(20) + '\n', 'flux provider headers'),
  string(
    'public',
    'trustpolicy.json',
    '{"version":"1.0","trustPolicies":[{"name":"fluxcd.io","trustStores":["ca:fluxcd.io"]}]}',
    'flux notation',
  ),
  string(P, 'values.yaml', 'image:\n  tag: v1\nauth:\n  rootPassword: hunter2\n', 'Helm values'),
  string('placeholder', 'config.yaml', '{{ toYaml .Values.config | indent 4 }}', 'whole file templated'),
  string(
    'placeholder',
    'application.yaml',
    'db:\n  password: {{ .Values.db.password | quote }}\n',
    'templated field',
  ),
  string(
    P,
    'application.yaml',
    'host: {{ .Values.host }}\nredis:\n  password: foobared\n',
    'literal beside templates',
  ),
  raw('placeholder', 'config.json', '{{ include "x.config" . | b64enc }}', 'template in data'),
  string(
    P,
    'sasl.jaas.config',
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="hunter2";',
    'JAAS',
  ),
  string(P, 'userlist.txt', '"app" "md5' + token(32, HEX) + '"\n', 'pgbouncer'),
  string(P, 'run.sh', '#!/bin/sh\nexport PGPASSWORD=hunter2\npsql\n', 'script'),
  string('public', 'app.js', "module.exports = {\n  passwordField: 'password',\n}\n", 'the name of a field'),
  string(
    'public',
    'realm.json',
    '{\n "resetPasswordAllowed": true,\n "enabled": true\n}\n',
    'a flag before a comma',
  ),
  string('public', 'main.tfvars', 'region = "eu"\ndb_password = var.db_password\n', 'Terraform variable'),
  string('public', 'run.sh', '#!/bin/sh\nset -e\necho hello\nexec "$@"\n', 'script without one'),
  string('public', 'run.sh', '#!/bin/sh\nif [ -z "$PASSWORD" ]; then exit 1; fi\n', 'script that reads one'),
  string(P, 'wg0.conf', `[Interface]\nAddress = 10.0.0.2/32\nPrivateKey = ${token(43)}=\n`, 'wireguard'),
  string(P, 'my.cnf', '[client]\nuser=root\npassword=toor\n', 'MySQL'),
  string(
    P,
    'settings.xml',
    '<settings><server><id>x</id><password>hunter2</password></server></settings>',
    'XML element',
  ),
  string(
    P,
    'users.xml',
    `<users>\n<{{ .Values.user }}>\n<password_sha256_hex>${token(64, HEX)}</password_sha256_hex>\n</{{ .Values.user }}>\n</users>\n`,
    'the hash of a password in XML',
  ),
  string(
    'placeholder',
    'settings.xml',
    '<settings><server><password>${env.PW}</password></server></settings>',
    'XML with a variable',
  ),
  string(
    'encrypted',
    'values.yaml',
    'password: ENC[AES256_GCM,data:abc=,iv:abc=,tag:abc=,type:str]\nsops:\n    mac: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\n',
    'SOPS file',
  ),
];
