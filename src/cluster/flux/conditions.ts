import { elementsOf, type JsonObject } from '../api/json.ts';
import { cut } from '../cut.ts';
import { at, number, record, text, time } from './json.ts';

/** A metav1.Condition, as far as it is read. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: Date | undefined;
  readonly observedGeneration: number | undefined;
}

export function conditionsOf(json: JsonObject): readonly Condition[] {
  return elementsOf(at(json, 'status', 'conditions')).map((each) => {
    const condition = record(each);
    return {
      type: text(condition['type']) ?? '',
      status: text(condition['status']) ?? '',
      reason: cut(text(condition['reason']) ?? '', 200),
      message: cut(text(condition['message']) ?? ''),
      since: time(condition['lastTransitionTime']),
      observedGeneration: number(condition['observedGeneration']),
    };
  });
}

/** Undefined where no controller has spoken of it. */
export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

export function isTrue(
  condition: Condition | undefined,
): condition is Condition & { readonly status: 'True' } {
  return condition?.status === 'True';
}
