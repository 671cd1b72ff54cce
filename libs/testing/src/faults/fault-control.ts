import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { controlBody, isFromPage, NOT_FOR_PAGES } from './control-request.js';
import type { DatabaseFaults } from './database-faults.js';
import type { FaultRule, Faults, Release } from './faults.js';

/** What is switched. */
export interface Switched {
  faults: Faults;
  database?: DatabaseFaults;
}

/**
 * Switches faults by HTTP, on loopback only; it asks for no credentials, and refuses pages in a browser.
 *
 * - `GET /faults`, `POST /faults` with a {@link FaultRule}, `DELETE /faults/{id}`, `DELETE /faults`;
 * - `POST /faults/{id}/release` with `{ "how": "pass" }` or `cut`: lets go what a rule holds;
 * - `POST /database` with `{ "fault": "cut" }`, `{ "fault": "readOnly" | "frozen", "isOn": true }` or
 *   `{ "fault": "full", "schema": "dfsp2_dfsp_api", "isOn": true }`.
 */
export async function serveFaultControl(switched: Switched, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    void serve(switched, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function serve(switched: Switched, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answerTo(switched, request).catch((error: unknown): [number, unknown] => [
    400,
    { id: 'InvalidBodyError', message: String(error) },
  ]);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function answerTo({ faults, database }: Switched, request: IncomingMessage): Promise<[number, unknown]> {
  if (isFromPage(request)) return NOT_FOR_PAGES;
  const [, root, id, verb] = (request.url ?? '').split('/');
  if (root === 'faults') {
    if (request.method === 'GET' && !id) return [200, faults.all.map(shown)];
    if (request.method === 'POST' && !id) return [201, shown(faults.add(ruleOf(await controlBody(request))))];
    if (request.method === 'DELETE' && !id) return [200, faults.clear() ?? []];
    if (request.method === 'DELETE' && id && faults.remove(id)) return [200, {}];
    const fault = faults.all.find((one) => one.id === id);
    if (request.method === 'POST' && verb === 'release' && fault) {
      const { how = 'pass' } = (await controlBody(request)) as { how?: Release };
      if (how !== 'pass' && how !== 'cut') throw new Error('how is pass or cut');
      fault.release(how);
      return [200, shown(fault)];
    }
  }
  if (root === 'database' && request.method === 'POST' && database) {
    await switchDatabase(database, (await controlBody(request)) as DatabaseFault);
    return [200, {}];
  }
  return [404, { id: 'NotFoundError', message: 'There are GET, POST and DELETE of /faults, and POST of /database' }];
}

function shown(fault: ReturnType<Faults['add']>): object {
  const { id, rule, met, held } = fault;
  return { id, rule, met: met.length, held: held.length };
}

const ACTIONS = new Set(['pass', 'refuse', 'answer', 'delay', 'hang', 'cut', 'hold', 'duplicate', 'late']);

function ruleOf(body: unknown): FaultRule {
  const rule = body as FaultRule | null;
  if (!ACTIONS.has(rule?.action?.do ?? '')) throw new Error(`action.do is one of ${[...ACTIONS].join(', ')}`);
  return rule!;
}

interface DatabaseFault {
  fault?: string;
  isOn?: boolean;
  schema?: string;
}

async function switchDatabase(database: DatabaseFaults, { fault, isOn = true, schema }: DatabaseFault): Promise<void> {
  if (fault === 'cut') return database.cutConnections();
  if (fault === 'readOnly') return database.makeReadOnly(isOn);
  if (fault === 'frozen') return isOn ? database.freeze() : database.thaw();
  if (fault === 'full' && schema !== undefined) return database.makeFull(schema, isOn);
  throw new Error('fault is cut, readOnly, frozen, or full with a schema');
}
