import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SimulatedDfsp } from './simulated-dfsp.js';

const BODY_LENGTH_MAX = 256 * 1024;

/**
 * Changes the rules by HTTP, on loopback only and without credentials: `GET`, `POST` and `DELETE` of `/rules`, `PUT
 * /scenario` with `{ "name": "closed" }`, or `{}` for none.
 */
export async function serveRules(dfsp: SimulatedDfsp, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    void serve(dfsp, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

async function serve(dfsp: SimulatedDfsp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answerTo(dfsp, request).catch((error: Error): [number, unknown] => [
    400,
    { id: 'InvalidBodyError', message: error.message },
  ]);
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body, undefined, 2)}\n`);
}

async function answerTo(dfsp: SimulatedDfsp, request: IncomingMessage): Promise<[number, unknown]> {
  switch (`${request.method} ${request.url}`) {
    case 'POST /rules':
      dfsp.addRules(await jsonOf(request));
      break;
    case 'DELETE /rules':
      dfsp.clearRules();
      break;
    case 'PUT /scenario':
      dfsp.scenario = ((await jsonOf(request)) as { name?: string }).name;
      break;
    case 'GET /rules':
      break;
    default:
      return [404, { id: 'NotFoundError', message: 'There are GET, POST and DELETE of /rules, and PUT of /scenario' }];
  }
  return [200, { scenario: dfsp.scenario ?? null, rules: dfsp.rules }];
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_LENGTH_MAX) throw new Error('the body is too large');
  }
  return JSON.parse(text);
}
