import type { FluxKind, FluxSection } from '../../app/clusters/flux-object.ts';

/** How reconciling of one object is stopped and started again. */
export type Suspension =
  /** `spec.suspend`. */
  | { readonly by: 'spec' }
  /** An annotation that says `disabled`, in whatever case; `resumed` is what it says afterwards, null where it is taken away. */
  | { readonly by: 'annotation'; readonly name: string; readonly resumed: string | null }
  | { readonly by: 'nothing' };

/** A kind with what is special about it. */
export interface FluxKindTraits extends FluxKind {
  readonly suspension: Suspension;
  /**
   * `static`: no controller writes a status (any more: objects of older versions have one, and are reconciled). `made`: a
   * controller writes the object itself, and nobody can ask for it.
   */
  readonly life: 'reconciled' | 'static' | 'made';
  /** Whether its status lists what it applied. */
  readonly inventory: boolean;
}

const spec: Suspension = { by: 'spec' };
/** flux-operator api/v1/common_types.go; its command line writes `enabled` to resume. */
const operator: Suspension = {
  by: 'annotation',
  name: 'fluxcd.controlplane.io/reconcile',
  resumed: 'enabled',
};
/** source-watcher docs/spec/v1beta1/artifactgenerators.md. */
const generator: Suspension = {
  by: 'annotation',
  name: 'source.extensions.fluxcd.io/reconcile',
  resumed: null,
};
const ordinary = { suspension: spec, life: 'reconciled', inventory: false } as const;
const unsuspendable = { suspension: { by: 'nothing' }, life: 'made', inventory: false } as const;
const applying = { ...ordinary, inventory: true } as const;
const unattended = { ...ordinary, life: 'static' } as const;
const ofOperator = { ...ordinary, suspension: operator } as const;

type Row = readonly [
  kind: string,
  title: string,
  group: string,
  traits: Omit<FluxKindTraits, keyof FluxKind>,
];

const source = 'source.toolkit.fluxcd.io';
const image = 'image.toolkit.fluxcd.io';
const notification = 'notification.toolkit.fluxcd.io';
const controlplane = 'fluxcd.controlplane.io';

/** In the tree's order. */
const sections: Readonly<Record<FluxSection, readonly Row[]>> = {
  workloads: [
    ['Kustomization', 'Kustomizations', 'kustomize.toolkit.fluxcd.io', applying],
    ['HelmRelease', 'Helm Releases', 'helm.toolkit.fluxcd.io', applying],
  ],
  sources: [
    ['GitRepository', 'Git Repositories', source, ordinary],
    ['OCIRepository', 'OCI Repositories', source, ordinary],
    ['HelmRepository', 'Helm Repositories', source, ordinary],
    ['HelmChart', 'Helm Charts', source, ordinary],
    ['Bucket', 'Buckets', source, ordinary],
    [
      'ArtifactGenerator',
      'Artifact Generators',
      'source.extensions.fluxcd.io',
      { ...applying, suspension: generator },
    ],
    ['ExternalArtifact', 'External Artifacts', source, unsuspendable],
  ],
  images: [
    ['ImageRepository', 'Image Repositories', image, ordinary],
    ['ImagePolicy', 'Image Policies', image, ordinary],
    ['ImageUpdateAutomation', 'Image Update Automations', image, ordinary],
  ],
  notifications: [
    ['Alert', 'Alerts', notification, unattended],
    ['Provider', 'Providers', notification, unattended],
    ['Receiver', 'Receivers', notification, ordinary],
  ],
  operator: [
    ['FluxInstance', 'Flux Instances', controlplane, { ...ofOperator, inventory: true }],
    ['FluxReport', 'Flux Reports', controlplane, ofOperator],
    ['ResourceSet', 'Resource Sets', controlplane, { ...ofOperator, inventory: true }],
    ['ResourceSetInputProvider', 'Resource Set Input Providers', controlplane, ofOperator],
  ],
};

/** Every kind of Flux 2.9 and of the Flux Operator, in the tree's order. Discovery decides the versions. */
export const fluxKinds: readonly FluxKindTraits[] = Object.entries(sections).flatMap(([section, rows]) =>
  rows.map(([kind, title, group, traits]) => ({
    kind,
    title,
    group,
    section: section as FluxSection,
    ...traits,
  })),
);

/** Undefined where this is no kind of Flux'. */
export function fluxKind(group: string, kind: string): FluxKindTraits | undefined {
  return fluxKinds.find((row) => row.kind === kind && row.group === group);
}

/** The group of a kind that a reference names without one. Empty for a kind that is not of Flux'. */
export function groupOfKind(kind: string): string {
  return fluxKinds.find((row) => row.kind === kind)?.group ?? '';
}
