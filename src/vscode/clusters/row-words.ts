import { cleanText } from '../../app/clusters/clean-text.ts';
import { plainLabel } from '../plain-text.ts';

/** Names in Kubernetes have at most 253 characters; what is longer was meant to be in the way. */
const labelLimit = 260;

/** Text from a cluster for a label or a description. */
export function label(text: string, limit = labelLimit): string {
  return plainLabel(cleanText(text, limit));
}

/** The parts that say anything. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** `2026-01-31`; empty for what is no date. */
export function dayOf(date: Date | undefined): string {
  return timeOf(date).slice(0, 10);
}

/** `2026-01-31 12:00:00 UTC`; empty for what is no date. */
export function timeOf(date: Date | undefined): string {
  if (date === undefined || Number.isNaN(date.getTime())) return '';
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
