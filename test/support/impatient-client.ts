import { request as http } from 'node:http';
import { request as https } from 'node:https';
import type { ApiAccess } from '../../src/cluster/api/api.ts';
import { type ClientLimits, clientLimits, HttpClient } from '../../src/cluster/api/http-client.ts';

/** For servers that never answer. */
export const veryImpatient = { firstByte: 300, wholeAnswer: 600 };

/** The real client over Node's own requests, with deadlines that a test can wait for. */
export function impatientClient(access: ApiAccess, limits: Partial<ClientLimits> = {}): HttpClient {
  const quick = { ...clientLimits, firstByte: 2_000, wholeAnswer: 4_000, patience: 1_000 };
  return new HttpClient(access, { http, https }, { ...quick, ...limits });
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
