import { createServer } from 'node:net';
import { StartupError } from './settings.js';

function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, host, () => server.close(() => done(true)));
  });
}

/** @throws StartupError with the ports that are in use. */
export async function assertPortsFree(ports: readonly number[], host: string): Promise<void> {
  const taken: number[] = [];
  for (const port of ports) if (!(await isPortFree(port, host))) taken.push(port);
  if (taken.length === 0) return;
  const others = taken.length > 2 ? ` and ${taken.length - 2} more` : '';
  const which = taken.length === 1 ? `port ${taken[0]} is` : `ports ${taken.slice(0, 2).join(', ')}${others} are`;
  throw new StartupError(`${which} taken by another program; stop it, or set PORT_BASE to another number`);
}
