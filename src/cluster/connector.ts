import type { ClusterConnector } from '../app/clusters/kubeconfig.ts';
import { HttpClient, type HttpRequests } from './api/http-client.ts';
import { accessOf } from './kubeconfig/api-access.ts';
import { chooseContext, contextsOf } from './kubeconfig/contexts.ts';
import type { Host } from './kubeconfig/host.ts';
import { readKubeconfig } from './kubeconfig/read-kubeconfig.ts';
import { standaloneKubeconfig } from './kubeconfig/standalone.ts';
import { summaryOf } from './kubeconfig/summary.ts';
import { ApiSession } from './session.ts';

/** Access to clusters from this computer. */
export function clusterConnector(host: Host, requests: HttpRequests): ClusterConnector {
  return {
    contexts: (kubeconfig) => contextsOf(readKubeconfig(kubeconfig)),
    summary: (kubeconfig) => summaryOf(readKubeconfig(kubeconfig)),
    standalone: standaloneKubeconfig,
    async connect(kubeconfig, context, consent, signal) {
      const chosen = chooseContext(readKubeconfig(kubeconfig), context);
      const access = await accessOf(chosen, consent, host, signal);
      return ApiSession.open(access, new HttpClient(access, requests), signal);
    },
  };
}
