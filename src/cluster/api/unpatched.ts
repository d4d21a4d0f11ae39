import { ClientRequest, type RequestOptions } from 'node:http';
import { Agent } from 'node:https';

/**
 * Node's `request`, past what VS Code puts into the modules: that drops a request's agent, and with it the proxy of a kubeconfig.
 * It replaces functions of the modules themselves, so there is no other way to the old ones; the class behind them stays.
 */
export const unpatched = {
  http: (options: RequestOptions): ClientRequest => new ClientRequest(options),
  https: (options: RequestOptions): ClientRequest => {
    const agent = typeof options.agent === 'object' ? options.agent : new Agent();
    return new ClientRequest({ ...options, protocol: 'https:', agent });
  },
};
