import type { Finding } from './finding.ts';

/** One finding for each place, the worst: all values of a manifest that is written on one line, or in base64, have one place. */
export function onePerPlace(findings: Iterable<Finding>): Iterable<Finding> {
  const places = new Map<number, Finding>();
  for (const finding of findings) {
    const told = places.get(finding.span.start);
    if (told === undefined || (told.level !== 'error' && finding.level === 'error'))
      places.set(finding.span.start, finding);
  }
  return places.values();
}
