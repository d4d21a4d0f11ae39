import { describe, it } from 'vitest';
import { type ControlPlaneProgram, find } from './control-plane-programs.ts';
import { missing } from './kube-api.ts';
import { findPeer, type PeerName } from './peers.ts';

/** A `describe` that is skipped, and says what is missing, where no API server can be started, or one of these tools is absent. */
export function describeKubeApi(name: string, body: () => void, ...needs: readonly PeerName[]): void {
  const peers = needs.map(findPeer).flatMap(({ title, file }) => (file === undefined ? [title] : []));
  const absent = [...missing, ...peers];
  const why = `${name} (no ${absent.join(', ')}: npm run peers, or KUBEBUILDER_ASSETS)`;
  describe.skipIf(absent.length > 0)(absent.length > 0 ? why : name, body);
}

/** An `it` within it that is skipped, and says so, where one more program is absent. */
export function itWith(program: ControlPlaneProgram, name: string, body: () => Promise<void>): void {
  const isAbsent = find(program) === undefined;
  it.skipIf(isAbsent)(isAbsent ? `${name} (no ${program}: npm run peers)` : name, body);
}
