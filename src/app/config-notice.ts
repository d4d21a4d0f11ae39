import type { Level } from '../audit/finding.ts';
import type { PolicyProblem } from '../policy/policy.ts';

/** What the editor says at a place of a configuration file, in one sentence. An error keeps something from being sealed by it. */
export interface ConfigNotice extends PolicyProblem {
  readonly level: Level;
}
