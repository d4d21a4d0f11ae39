import { base64, type Case, data, HEX, joined, noise, string, token } from './case.ts';

const P = 'plaintext';
const H = 'placeholder';
const N = 'public';
const query = (name: string, value: string) => `https://api.example.com/v1?page=2&${name}=${value}`;
const ejson = `EJ[1:${base64(noise(32))}:${base64(noise(24, 3))}:${base64(noise(40, 5))}]`;
const doppler = joined('dp.st.', `prd.${token(40)}`);
const discord = joined('MTA5NzQ1NjE4MjM0NTY3ODkw', `.GhJkLm.${token(38)}`);

/** A URL under the name of a credential is harmless only without a credential of its own. */
const urls: readonly Case[] = [
  string(P, 'token', query('access_token', '9fkd2Lw8zk'), 'token in the query'),
  string(P, 'password', 'https://x.example/?secret=JBSWY3DPEHPK3PXP', 'secret in the query'),
  string(P, 'webhook-token', 'https://x.example/?token=hunter2', 'weak token in the query'),
  string(P, 'api-key', 'https://x.example/?key=9fkd2Lw8zk', 'key in the query'),
  data(P, 'client-secret', query('client_secret', '9fkd2Lw8zk'), 'client secret in the query'),
  string(P, 'otp', 'otpauth://totp/x?secret=JBSWY3DPEHPK3PXP', 'TOTP seed'),
  string(P, 'token_github', query('access_token', '9fkd2Lw8zk'), 'leaning name'),
  string(P, 'callback', query('token', '9fkd2Lw8zk'), 'public name'),
  string(H, 'token', query('token', '${TOKEN}'), 'variable in the query'),
  string(H, 'api-key', 'https://x.example/?key=<your key>', 'description in the query'),
  string(N, 'token', 'https://api.example.com/v1?page=2', 'no credential in the query'),
  string(N, 'api-key', 'https://api.example.com/v1?key=name&sort=asc', 'a word under key'),
  string(N, 'secret', 'https://x.example/?token=', 'nothing in the query'),
  string(N, 'password', 'https://vault.example.com/ui', 'no query'),
];

/** Angle brackets enclose a description, markup or part of a password. */
const brackets: readonly Case[] = [
  string(P, 'web.config', '<add name="x" connectionString="Server=x;Password=hunter2abc;" />', 'one element'),
  string(P, 'tomcat-users.xml', '<user username="a" password="hunter2abc" roles="r"/>', 'one element'),
  string(P, 'x.xml', '<?xml version="1.0"?><a password="hunter2abc"/>', 'declaration and element'),
  string(P, 'config.php', "<?php $db_password = 'hunter2abc'; ?>", 'PHP variable'),
  string(P, 'wp-config.php', "<?php define( 'DB_PASSWORD', 'hunter2abc' ); ?>", 'PHP constant'),
  string(
    P,
    'wp-config.php',
    "<?php\ndefine('DB_NAME', 'wp');\ndefine('DB_PASSWORD', 'abc12');\n",
    'constants',
  ),
  string(P, 'password', '<p4ss>w0rd9', 'brackets in a password'),
  data(P, 'password', '<Xk9#q2mL8vT>', 'password in brackets'),
  string(P, 'config.yaml', 'host: db\npassword: <p4ss>w0rd9\n', 'brackets in a password of a config'),
  string(H, 'password', '<PASSWORD>', 'capitals'),
  string(H, 'password', '<OAuth2-Token>', 'digit in a word'),
  string(H, 'password', '<password>-suffix', 'description and suffix'),
  string(H, 'password', 'prefix-<your token>', 'prefix and description'),
  string(H, 'password', '<<password>>', 'doubled'),
  string(H, 'password', '<https://vault.example.com/ui/>', 'address in brackets'),
  string(H, 'password', '<???>', 'question marks'),
  string(H, 'password', '<!your password!>', 'loud'),
  string(H, 'thing', '<secret:vault/app#password>', 'reference that reads as a setting'),
  string(H, 'thing', '<path:secret/data/app#token>', 'reference of the Vault plugin'),
  string(H, 'users.xml', '<user username="a" password="<PASSWORD>"/>', 'description in an attribute'),
  string(H, 'users.xml', '<user username="a" password="${PASSWORD}"/>', 'variable in an attribute'),
  string(H, 'wp-config.php', "<?php define('DB_PASSWORD', '${PASSWORD}'); ?>", 'variable in PHP'),
  string(N, 'logback.xml', '<configuration debug="true"/>', 'XML without a credential'),
];

const ejsonForms: readonly Case[] = [
  string('encrypted', 'password', ejson, 'EJSON'),
  data('encrypted', 'db', ejson, 'EJSON in data'),
  string(
    'encrypted',
    'x.ejson',
    `{"_public_key":"${token(64, HEX)}","db_password":"${ejson}"}`,
    'EJSON file',
  ),
  string(P, 'x.ejson', `{"db_password":"${ejson}","api_password":"hunter2"}`, 'EJSON file half encrypted'),
];

const tokens: readonly Case[] = [
  string(P, 'doppler', doppler, 'Doppler service token'),
  string(P, 'bot', discord, 'Discord bot token'),
  string(P, 'thing', `ab.cd.${token(40)}`, 'dots and a random end'),
  string(N, 'thing', `${token(32, HEX)}.gr7.us-east-1.eks.amazonaws.com`, 'host with a random label'),
];

/** What stands after a blank: access lists and commands. */
const spaced: readonly Case[] = [
  string(P, 'users.acl', 'user default on >hunter2 ~* +@all', 'Redis ACL'),
  string(P, 'redis.acl', 'user default off\nuser bob on ~* +@all >hunter2\n', 'Redis ACL, password last'),
  string(P, 'users.acl', `user default on #${token(64, HEX)} ~* +@all`, 'hash in a Redis ACL'),
  string(H, 'redis.acl', 'user default on >${PASSWORD} ~* +@all', 'variable in a Redis ACL'),
  string(P, 'run.sh', 'mysql -uroot -phunter2abc x', 'mysql'),
  string(P, 'run.sh', '#!/bin/sh\nmysqldump -u root -p"hunter2abc" x > y\n', 'mysqldump'),
  string(P, 'run.sh', 'curl -u admin:hunter2abc https://x', 'curl'),
  string(P, 'run.sh', '#!/bin/sh\ncurl -sSf \\\n  --user "admin:hunter2abc" https://x\n', 'curl, next line'),
  string(P, 'run.sh', 'curl -su "$WHO:hunter2abc" https://x', 'variable before a literal'),
  string(N, 'run.sh', '#!/bin/sh\nmysql -uroot -p"$PASSWORD" x\ncurl -u $WHO:$PASS https://x\n', 'variables'),
  string(N, 'run.sh', '#!/bin/sh\nmkdir -p foo\nmysql -h db -P 3306 -p\ndocker run -u 10:10 x\n', 'ports'),
];

const harmless: readonly Case[] = [
  string(N, 'nginx.conf', 'server { listen 80; }', 'a block'),
  string(N, 'nginx.conf', 'server { ssl_certificate_key /etc/tls/tls.key; }', 'a path in a block'),
  string(N, 'config.hcl', 'listener "tcp" { address = "0.0.0.0:8200" }', 'HCL'),
  data(N, 'prometheus.yaml', 'global: {scrape_interval: 15s, evaluation_interval: 30s}', 'flow mapping'),
  string(N, 'prometheus.yaml', '{global: {scrape_interval: 15s}}', 'only a flow mapping'),
  string(N, 'prometheus.yaml', 'scrape_interval: 15s', 'one setting'),
  string(N, 'README', 'How to use this', 'prose by name'),
  string(N, 'about', 'This chart is made for the people of the team.', 'a sentence'),
  string(N, 'list', 'a,b,c', 'a list of words'),
  string('ambiguous', 'nginx.conf', 'server { set $password hunter2abc; }', 'a credential in a block'),
  string('ambiguous', 'about', 'The password of all the machines is hunter2.', 'a credential in a sentence'),
  string('ambiguous', 'x.conf', `server { listen ${token(24)}; }`, 'something random in a block'),
  string('ambiguous', 'foo', 'correct horse battery staple', 'words without a sentence'),
  string(P, 'password', 'a,b,c', 'a list as password'),
  string(P, 'password', 'server { listen 80; }', 'a block as password'),
];

/** Forms that are easily taken for each other; each is judged exactly. */
export const hardForms: readonly Case[] = [
  ...urls,
  ...brackets,
  ...ejsonForms,
  ...tokens,
  ...spaced,
  ...harmless,
];
