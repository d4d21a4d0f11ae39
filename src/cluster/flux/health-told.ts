import type { Health } from '../../app/clusters/flux-object.ts';

/** How an object is, and why where it is not well. */
export interface HealthTold {
  readonly health: Health;
  readonly message: string;
}

export const healthy: HealthTold = { health: 'healthy', message: '' };

export function progressing(message: string): HealthTold {
  return { health: 'progressing', message };
}

export function degraded(message: string): HealthTold {
  return { health: 'degraded', message };
}

export function unknown(message: string): HealthTold {
  return { health: 'unknown', message };
}
