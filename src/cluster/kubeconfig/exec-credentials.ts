import * as l10n from '@vscode/l10n';
import type { ConnectionConsent } from '../../app/clusters/kubeconfig.ts';
import { Failure } from '../../core/errors.ts';
import type { Credential, Credentials } from './credential.ts';
import { type ExecCredential, readExecCredential } from './exec-credential.ts';
import { malformed } from './fields.ts';
import { findProgram } from './find-program.ts';
import type { Host } from './host.ts';
import type { Exec } from './kubeconfig.ts';
import { forbiddenByKuberc } from './kuberc.ts';
import { type PluginUse, pluginOf } from './plugin.ts';
import { pluginEnvironment } from './plugin-environment.ts';
import { type RunLimits, runProgram } from './run-program.ts';
import { SharedTask } from './shared-task.ts';

const second = 1000;
const defaultLimits: RunLimits = { timeout: 60 * second, output: 1024 * 1024 };
/** Credentials that are about to expire are renewed before. */
const renewBefore = 60 * second;
/** Many requests are refused, or find a plugin failing, at the same time: that is one reason to run it again. */
const runAgainAfter = 10 * second;

/** What came of the last run. */
interface Outcome {
  readonly credential: ExecCredential | undefined;
  readonly failure: unknown;
  /** In milliseconds of `performance.now()`: the clock on the wall may be put back. */
  readonly at: number;
}

/** Credentials that a plugin gives: asked for when they are needed, kept in memory until they expire or are refused. */
export class ExecCredentials implements Credentials {
  readonly #use: PluginUse;
  readonly #consent: ConnectionConsent;
  readonly #host: Host;
  readonly #limits: RunLimits;
  #running: SharedTask<ExecCredential> | undefined;
  #last: Outcome | undefined;

  constructor(use: PluginUse, consent: ConnectionConsent, host: Host, limits: RunLimits = defaultLimits) {
    this.#use = use;
    this.#consent = consent;
    this.#host = host;
    this.#limits = limits;
  }

  /** Throws `exec.refused`, `exec.failed`, and the signal's reason. */
  async current(refused: boolean, signal: AbortSignal): Promise<Credential> {
    // Nothing is run for who has gone.
    signal.throwIfAborted();
    const { token, certificate } = this.#known(refused) ?? (await this.#run().wait(signal));
    return { authorization: token === undefined ? undefined : `Bearer ${token}`, certificate };
  }

  #known(refused: boolean): ExecCredential | undefined {
    if (this.#last === undefined) return undefined;
    const { credential, failure, at } = this.#last;
    const young = performance.now() - at < runAgainAfter;
    // Who said no is not asked again at every request.
    if (credential === undefined && (young || Failure.is(failure, 'exec.refused'))) throw failure;
    const good = !refused && Date.now() < (credential?.expiry ?? Number.POSITIVE_INFINITY) - renewBefore;
    return young || good ? credential : undefined;
  }

  #run(): SharedTask<ExecCredential> {
    if (this.#running !== undefined && !this.#running.stopped) return this.#running;
    const task = new SharedTask(async (signal) => {
      try {
        const credential = await this.#obtain(signal);
        this.#last = { credential, failure: undefined, at: performance.now() };
        return credential;
      } catch (failure) {
        if (!signal.aborted) this.#last = { credential: undefined, failure, at: performance.now() };
        throw failure;
      } finally {
        if (this.#running === task) this.#running = undefined;
      }
    });
    this.#running = task;
    return task;
  }

  async #obtain(signal: AbortSignal): Promise<ExecCredential> {
    const { exec } = this.#use;
    const program = await this.#allowedProgram(signal);
    const env = pluginEnvironment(this.#use, this.#host);
    const run = { program, args: exec.args, env, folder: this.#host.home };
    const said = await runProgram(run, this.#limits, signal);
    const credential = 'reason' in said ? said.reason : readExecCredential(said.stdout, exec.apiVersion);
    if (typeof credential !== 'string') return credential;
    throw new Failure('exec.failed', { command: exec.command, reason: credential });
  }

  /** The program, once kuberc and the person have let it run. */
  async #allowedProgram(signal: AbortSignal): Promise<string> {
    const { exec, origin } = this.#use;
    const refused = (reason: string) => new Failure('exec.refused', { command: exec.command, reason });
    if (exec.interactiveMode === 'Always') throw refused(l10n.t('it wants to talk in a terminal'));
    const found = await findProgram(exec.command, origin, this.#host);
    if ('reason' in found) throw refused(found.reason);
    const forbidden = await forbiddenByKuberc({ command: exec.command, program: found.program }, this.#host);
    if (forbidden !== undefined) throw refused(forbidden);
    const allowed = await this.#consent.mayRun(pluginOf(this.#use, found.program));
    // Whoever waited for it may have gone in the meantime.
    signal.throwIfAborted();
    if (!allowed) throw refused(l10n.t('you did not allow it'));
    return found.program;
  }
}

/** Throws `kubeconfig.malformed`, `kubeconfig.unsupported` for a plugin that cannot be spoken to. */
export function requireKnownProtocol({ apiVersion, interactiveMode }: Exec): void {
  if (!/^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(apiVersion))
    throw new Failure('kubeconfig.unsupported', {
      reason: l10n.t('its exec plugin speaks neither client.authentication.k8s.io/v1 nor v1beta1'),
      todo: l10n.t('update the plugin and the kubeconfig'),
    });
  const mode = interactiveMode ?? (apiVersion.endsWith('/v1') ? '' : 'IfAvailable');
  if (!['Never', 'IfAvailable', 'Always'].includes(mode))
    throw malformed(l10n.t('the interactiveMode of exec is neither Never, IfAvailable nor Always'));
}
