import type { RoleDefinition } from '@level-one/platform';
import { ConsoleModule } from './console.module.js';
import { ConsoleSettings } from './console.settings.js';
import { prepareConsoleServer } from './front-end/console-server.js';

export const consoleRole: RoleDefinition<ConsoleSettings> = {
  role: 'console',
  description: 'Shows a network at work to people, keeps its traces, and lets operators look after it.',
  settings: ConsoleSettings,
  basePaths: [''],
  module: (settings) => ConsoleModule.forRoot(settings),
  configure: prepareConsoleServer,
};
