import { describe, expect, it } from 'vitest';
import { isKeyFileName, isLookedAt, isManifestName } from '../../../src/audit/looked-at.ts';

describe('which files are looked at', () => {
  it.each(['a.yaml', 'A.YML', 'a.json', 'Kustomization', 'kubeconfig', 'prod.kubeconfig', '.yaml'])(
    '%s is, as a manifest',
    (name) => {
      expect([isLookedAt(name), isManifestName(name), isKeyFileName(name)]).toEqual([true, true, false]);
    },
  );

  it.each(
    'tls.key tls.pem TLS.PEM key.p8 me.asc me.gpg keys.txt key.txt dev.agekey dev.age a.ppk a.jwk a.jwks dev.fernet dev.secretbox id_rsa id_ed25519 ssh_host_rsa_key identity .env .env.local prod.env'.split(
      ' ',
    ),
  )('%s is, as a key file', (name) => {
    expect([isLookedAt(name), isManifestName(name), isKeyFileName(name)]).toEqual([true, false, true]);
  });

  it.each(
    'prod.kubeconfig.enc PROD.Kubeconfig.ENC kube-config.encrypted kube.config.jwe kubeconfig-eu.token'.split(
      ' ',
    ),
  )('%s is, as a kubeconfig that is one ciphertext', (name) => {
    expect([isLookedAt(name), isManifestName(name), isKeyFileName(name)]).toEqual([true, false, false]);
  });

  it.each(
    'README.md main.go id_rsa.pub known_hosts tls.crt store.p12 store.jks main.tf package-lock.jsonc environment keys.ts monkeys.txt kubeconfig.go kubeconfig.md kubeconfig.go.enc.txt values.enc a.yaml.gotmpl config'.split(
      ' ',
    ),
  )('%s is not', (name) => {
    expect(isLookedAt(name)).toBe(false);
  });
});
