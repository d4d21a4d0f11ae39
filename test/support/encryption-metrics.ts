import type { EncryptionMetrics } from '../../src/app/at-rest/encryption-metrics.ts';

/** What `/metrics` of an API server says that started on 2 January 2026 and runs no configuration, but for what is given. */
export function encryptionMetrics(more: Partial<EncryptionMetrics> = {}): EncryptionMetrics {
  return {
    isApiServer: true,
    isCut: false,
    startedSeconds: Date.UTC(2026, 0, 2) / 1000,
    transformations: [],
    configurations: [],
    reloads: [],
    kmsKeys: [],
    dekCacheMisses: undefined,
    dekFailures: undefined,
    dekCacheSizes: new Map(),
    ...more,
  };
}
