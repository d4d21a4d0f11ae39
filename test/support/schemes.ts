import { fernetScheme } from '../../src/schemes/fernet.ts';
import { jweScheme } from '../../src/schemes/jwe.ts';
import { SchemeRegistry } from '../../src/schemes/registry.ts';
import { sealedSecretsScheme } from '../../src/schemes/sealed-secrets/scheme.ts';
import { secretboxScheme } from '../../src/schemes/secretbox.ts';
import { sopsScheme } from '../../src/schemes/sops/scheme.ts';

/** The registry as the composition roots build it. */
export function allSchemes(now = () => new Date()): SchemeRegistry {
  return new SchemeRegistry(
    [jweScheme(), fernetScheme(now), secretboxScheme()],
    [sealedSecretsScheme, sopsScheme],
  );
}
