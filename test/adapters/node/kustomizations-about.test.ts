import { describe, expect, it } from 'vitest';
import { kustomizationsAbout } from '../../../src/node/kustomizations-about.ts';

describe('the kustomizations that may take values from a file', () => {
  it('stand beside it and in the folders above, as far as the root', () => {
    const all = kustomizationsAbout(['/repo/apps/a/prod.env'], '/repo');
    expect([...all].filter((path) => path.endsWith('.yaml'))).toEqual([
      '/repo/apps/a/kustomization.yaml',
      '/repo/apps/kustomization.yaml',
      '/repo/kustomization.yaml',
    ]);
    expect(all).toContain('/repo/Kustomization');
    expect(all).toContain('/repo/apps/kustomization.yml');
  });

  it('are none for a manifest: what stands in it is found without', () => {
    expect(kustomizationsAbout(['/repo/a.yaml', '/repo/b.json'], '/repo').size).toBe(0);
  });

  it('are each named once, and the search ends where folders do', () => {
    const all = [...kustomizationsAbout(['/repo/a/x.env', '/repo/a/y.env', '/elsewhere/z.env'], '/repo')];
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('/kustomization.yaml');
  });
});
