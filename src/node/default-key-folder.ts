import { homedir } from 'node:os';
import { join } from 'node:path';

/** The platform's folder for Purser's keys. */
export function defaultKeyFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32')
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'purser', 'keys');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'purser', 'keys');
  const config = env['XDG_CONFIG_HOME'];
  return join(config === undefined || config === '' ? join(homedir(), '.config') : config, 'purser', 'keys');
}
