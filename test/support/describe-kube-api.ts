import { describe } from 'vitest';
import { missing } from './kube-api.ts';

/** A `describe` that is skipped, and says what is missing, where no API server can be started. */
export function describeKubeApi(name: string, body: () => void): void {
  const why = `${name} (no ${missing.join(', ')}: npm run peers, or KUBEBUILDER_ASSETS)`;
  describe.skipIf(missing.length > 0)(missing.length > 0 ? why : name, body);
}
