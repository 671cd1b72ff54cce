import { expect } from '@jest/globals';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { centralDirectoryRole } from './central-directory.role.js';
import { CentralDirectorySettings } from './central-directory.settings.js';

export const ADMIN = basicAuthorization('admin', 'admin');
export const DFSP1 = basicAuthorization('dfsp1', 'dfsp1');
export const DFSP2 = basicAuthorization('dfsp2', 'dfsp2');

/** What the n-th DFSP registers. */
export const dfspN = (n: number) => ({
  name: `DFSP ${n}`,
  shortName: `dfsp${n}`,
  providerUrl: `http://dfsp${n}.test:3103/v1`,
  schemeAdapterUrl: `http://dfsp${n}.test:3105/scheme/adapter/v1`,
  key: `dfsp${n}`,
  secret: `dfsp${n}`,
});

interface Answer {
  status: number;
  json: any;
}

/** Fake registry: knows the DFSPs of some numbers, and fails for other numbers. */
export class FakeRegistry {
  readonly holders = new Map<string, string[]>();
  readonly seen: { method: string; url: string; authorization: string | undefined }[] = [];
  private readonly server: Server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status, json] = this.answer(request, Buffer.concat(chunks).toString());
      reply.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? '' : JSON.stringify(json));
    });
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(request: IncomingMessage, body: string): [number, unknown] {
    const { method = '', url = '' } = request;
    this.seen.push({ method, url, authorization: request.headers.authorization });
    if (method === 'POST') {
      const { number, dfspIdentifier } = JSON.parse(body) as { number: string; dfspIdentifier: string };
      const holders = this.holders.get(number) ?? [];
      if (holders.includes(dfspIdentifier)) return [422, { id: 'AlreadyExistsError', message: 'already' }];
      this.holders.set(number, [...holders, dfspIdentifier]);
      return [201, { number, dfspIdentifier, primary: holders.length === 0 }];
    }
    if (method === 'PUT' || method === 'DELETE') return this.move(method, url, body);
    const number = url.slice('/users/'.length);
    if (number === '500') return [500, { id: 'InternalServerError', message: 'broken' }];
    if (number === '501') return [200, { not: 'a list' }];
    const holders = this.holders.get(number);
    if (!holders) return notFound();
    return [200, holders.map((dfspIdentifier) => ({ number, dfspIdentifier }))];
  }

  /** `PUT /users/{number}/primary`, `DELETE /users/{number}/{dfspIdentifier}` */
  private move(method: 'PUT' | 'DELETE', url: string, body: string): [number, unknown] {
    const [number, named] = url.slice('/users/'.length).split('/').map(decodeURIComponent) as [string, string];
    const dfsp = method === 'DELETE' ? named : (JSON.parse(body) as { dfspIdentifier: string }).dfspIdentifier;
    const holders = this.holders.get(number) ?? [];
    if (!holders.includes(dfsp)) return notFound();
    const others = holders.filter((holder) => holder !== dfsp);
    const now = method === 'DELETE' ? others : [dfsp, ...others];
    if (now.length === 0) this.holders.delete(number);
    else this.holders.set(number, now);
    return [method === 'DELETE' ? 204 : 200, now.map((dfspIdentifier) => ({ number, dfspIdentifier }))];
  }
}

function notFound(): [number, unknown] {
  return [404, { id: 'NotFoundError', message: 'not found' }];
}

function expectStatus(answer: Answer, status: number): void {
  expect(answer.status).toBe(status);
}

/** A directory with DFSPs dfsp1 and dfsp2 registered, and a registry that it asks. */
export class TestDirectory {
  static async open(): Promise<TestDirectory> {
    const registry = new FakeRegistry();
    const [database, registryUrl] = await Promise.all([createTestDatabase(), registry.start()]);
    const directory = new TestDirectory(registry, registryUrl, database);
    await directory.start({});
    // A role that calls before its DFSP is registered is refused, and accepted right after.
    expectStatus(await directory.get('/dfsps'), 401);
    for (const n of [1, 2]) await directory.post('/commands/register', dfspN(n), ADMIN);
    expectStatus(await directory.get('/dfsps'), 200);
    return directory;
  }

  readonly hops = new HopRecorder();
  /** The directory itself, then those that a test started beside it. */
  private readonly roles: RunningRole[] = [];

  /** The directory that is asked by default. */
  get role(): RunningRole {
    return this.roles[0]!;
  }

  private constructor(
    readonly registry: FakeRegistry,
    readonly registryUrl: string,
    readonly database: TestDatabase,
  ) {}

  /** Starts one more directory on the same database; the first of all is the one that is asked by default. */
  readonly start = async (values: Partial<CentralDirectorySettings>): Promise<RunningRole> => {
    const role = await startRole(
      centralDirectoryRole,
      settingsOf(CentralDirectorySettings, {
        port: 0,
        publicUrl: 'http://localhost',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: this.database.url,
        databaseSchema: 'directory',
        databasePoolSize: 2,
        directoryAdmin: 'admin:admin',
        endUserRegistryUrl: this.registryUrl,
        rolePassword: 'the-directory',
        ...values,
      }),
      { hops: this.hops },
    );
    this.roles.push(role);
    return role;
  };

  readonly get = async (
    url: string,
    authorization: string | undefined = DFSP1,
    on = this.roles[0]!,
  ): Promise<Answer> => {
    const headers = authorization ? { authorization } : {};
    const answer = await on.app.inject({ method: 'GET', url, headers });
    return { status: answer.statusCode, json: answer.json() };
  };

  readonly post = async (
    url: string,
    body: object | string,
    authorization: string,
    on = this.roles[0]!,
  ): Promise<Answer> => {
    const answer = await on.app.inject({
      method: 'POST',
      url,
      headers: { authorization, 'content-type': 'application/json' },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.statusCode, json: answer.json() };
  };

  async close(): Promise<void> {
    await Promise.all(this.roles.map((role) => role.close()));
    await Promise.all([this.database.drop(), this.registry.stop()]);
  }
}
