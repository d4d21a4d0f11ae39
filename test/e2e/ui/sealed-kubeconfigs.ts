import { generateFernetKey, openFernet, readFernetKey, sealFernet } from '../../../src/crypto/fernet.ts';

const fernet = generateFernetKey();
const key = readFernetKey(Buffer.from(fernet), 'ops');

/** The key folder of whoever may open them. */
export const keys = { 'ops.fernet': fernet };
/** A row that sticks to the top lies over the one to be clicked. */
export const settings = { 'workbench.tree.enableStickyScroll': false };

/** Where the kubeconfig of a cluster stands. */
export function sealed(name: string): string {
  return `access/${name}.kubeconfig.enc`;
}

export function seal(kubeconfig: string): string {
  return sealFernet(Buffer.from(kubeconfig), key, { now: new Date() });
}

/** Empty where it is sealed to another key. */
export function openSealed(token: string): string {
  return Buffer.from(openFernet(token, key) ?? []).toString();
}
