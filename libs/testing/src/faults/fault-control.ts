import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FaultRule, Faults, Release } from './faults.js';

/**
 * Switches faults by HTTP: `GET /faults`, `POST /faults` with a rule, `POST /faults/{id}/release` with `{ "how": "pass" }`
 * or `cut`, `DELETE /faults/{id}`, `DELETE /faults`. On loopback only; it asks for no credentials.
 */
export async function serveFaultControl(faults: Faults, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    void serve(faults, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function serve(faults: Faults, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answerTo(faults, request).catch((error: unknown): [number, unknown] => [
    400,
    { id: 'InvalidBodyError', message: String(error) },
  ]);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

async function answerTo(faults: Faults, request: IncomingMessage): Promise<[number, unknown]> {
  const [, root, id, verb] = (request.url ?? '').split('/');
  if (root === 'faults') {
    if (request.method === 'GET' && !id) return [200, faults.all.map(shown)];
    if (request.method === 'POST' && !id) return [201, shown(faults.add(ruleOf(await jsonOf(request))))];
    if (request.method === 'DELETE' && !id) return [200, faults.clear() ?? []];
    if (request.method === 'DELETE' && id && faults.remove(id)) return [200, {}];
    const fault = faults.all.find((one) => one.id === id);
    if (request.method === 'POST' && verb === 'release' && fault) {
      const { how = 'pass' } = (await jsonOf(request)) as { how?: Release };
      if (how !== 'pass' && how !== 'cut') throw new Error('how is pass or cut');
      fault.release(how);
      return [200, shown(fault)];
    }
  }
  return [404, { id: 'NotFoundError', message: 'There are GET, POST and DELETE of /faults' }];
}

function shown(fault: ReturnType<Faults['add']>): object {
  const { id, rule, met, held } = fault;
  return { id, rule, met: met.length, held: held.length };
}

const ACTIONS = new Set(['pass', 'refuse', 'delay', 'hang', 'cut', 'hold', 'duplicate', 'late']);

function ruleOf(body: unknown): FaultRule {
  const rule = body as FaultRule | null;
  if (!ACTIONS.has(rule?.action?.do ?? '')) throw new Error(`action.do is one of ${[...ACTIONS].join(', ')}`);
  return rule!;
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : JSON.parse(text);
}
