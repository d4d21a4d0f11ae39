/**
 * Whether a secret-key packet (RFC 9580 §5.5.3, version 4) says that it is under a passphrase; false where that cannot be
 * made out.
 */
export function isLockedPgpKey(packet: Uint8Array): boolean {
  const at = contentOf(packet);
  const [version, algorithm] = [packet[at], packet[at + 5]];
  if (version !== 4 || algorithm === undefined) return false;
  const end = publicPartEnd(packet, at + 6, algorithm);
  const usage = end === undefined ? undefined : packet[end];
  return usage !== undefined && usage >= 0xfd;
}

/** Where the packet's content begins, after its tag and length (§4.2). */
function contentOf(packet: Uint8Array): number {
  const tag = packet[0] ?? 0;
  if ((tag & 0x40) === 0) return 1 + (1 << (tag & 3));
  const length = packet[1] ?? 0;
  if (length < 192) return 2;
  return length < 224 ? 3 : 6;
}

/** How many numbers the public half has, by algorithm (§9.1): RSA, ElGamal, DSA. */
const numbers: ReadonlyMap<number, number> = new Map([
  [1, 2],
  [2, 2],
  [3, 2],
  [16, 3],
  [17, 4],
]);
const [ECDH, ECDSA, EDDSA] = [18, 19, 22];

/** Where the public half of the key ends. */
function publicPartEnd(packet: Uint8Array, start: number, algorithm: number): number | undefined {
  const count = numbers.get(algorithm);
  if (count !== undefined) return afterNumbers(packet, start, count);
  if (algorithm !== ECDH && algorithm !== ECDSA && algorithm !== EDDSA) return undefined;
  const curve = start + 1 + (packet[start] ?? 0);
  const point = afterNumbers(packet, curve, 1);
  return algorithm === ECDH ? point + 1 + (packet[point] ?? 0) : point;
}

/** Multiprecision integers (§3.2): two bytes say how many bits follow. */
function afterNumbers(packet: Uint8Array, start: number, count: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    const bits = ((packet[at] ?? 0) << 8) | (packet[at + 1] ?? 0);
    at += 2 + Math.ceil(bits / 8);
  }
  return at;
}
