import type { Workbench } from '../../host/workbench.mjs';

/** The themes that every surface is looked at in; the last one is the editor's own. */
export const themes = [
  { label: 'Light Modern', shot: 'light', css: 'vs' },
  { label: 'Dark High Contrast', shot: 'hc-black', css: 'hc-black' },
  { label: 'Light High Contrast', shot: 'hc-light', css: 'hc-light' },
  { label: 'Dark Modern', shot: 'dark', css: 'vs-dark' },
] as const;

export type Theme = (typeof themes)[number];

/** Until the window is drawn in it. */
export async function chooseTheme({ label, css }: Theme, workbench: Workbench): Promise<void> {
  const { quick, page } = workbench;
  await workbench.run('Preferences: Color Theme');
  await quick.fill(label);
  await quick.pick(label);
  await quick.field.waitFor({ state: 'hidden' });
  await page.locator(`.monaco-workbench.${css}`).waitFor();
}
