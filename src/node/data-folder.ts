import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform's folder for what Purser keeps that is neither a key nor a setting. */
export function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = (platform === 'win32' ? undefined : env['HOME']) ?? homedir();
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'purser');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'purser');
  const data = env['XDG_DATA_HOME'];
  return join(data === undefined || data === '' ? join(home, '.local', 'share') : data, 'purser');
}
