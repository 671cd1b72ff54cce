import { type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, FakePeers, type TestDatabase } from '@level-one/testing';
import { consoleRole } from './console.role.js';
import { ConsoleSettings } from './console.settings.js';

/** The setting of two DFSPs and the centre behind one server; each role has its place and name as its base path. */
export function fakeNetwork(url: string): string {
  const rolesAt = (place: string, roles: readonly string[]): object[] =>
    roles.map((role) => ({ role, url: `${url}/${place}/${role}` }));
  return JSON.stringify({
    centre: { operator: 'admin:centre', roles: rolesAt('centre', ['central-ledger', 'central-directory']) },
    participants: ['dfsp1', 'dfsp2'].map((name) => ({
      name,
      operator: `admin:${name}`,
      channel: `${name}:channel`,
      connectorAccount: `${name}-connector`,
      roles: rolesAt(name, ['dfsp-api', 'dfsp-ledger', 'spsp-client']),
      people: [{ number: '78956562', name: 'Alice Ames', accounts: ['alice'], isMerchant: false }],
    })),
  });
}

/** Answer of the console. */
export interface ConsoleAnswer {
  status: number;
  body: any;
  text: string;
  headers: Record<string, string | string[] | number | undefined>;
}

/** A console on a database of its own, and the fake network that it shows. */
export class TestConsole {
  private constructor(
    readonly database: TestDatabase,
    readonly roles: FakePeers,
    public running: RunningRole,
  ) {}

  static async open(values: Partial<ConsoleSettings> = {}): Promise<TestConsole> {
    const [database, roles] = [await createTestDatabase(), await FakePeers.start()];
    return new TestConsole(database, roles, await startConsole(database, roles, values));
  }

  /** One more console on the same database, as after a restart. */
  another(values: Partial<ConsoleSettings> = {}): Promise<RunningRole> {
    return startConsole(this.database, this.roles, values);
  }

  /** @param request `GET /api/session` */
  async ask(
    request: string,
    { body, cookie, headers = {} }: { body?: unknown; cookie?: string | undefined; headers?: object } = {},
    on = this.running,
  ): Promise<ConsoleAnswer> {
    const [method, url] = request.split(' ') as ['GET', string];
    const answer = await on.app.inject({
      method,
      url,
      headers: { host: '127.0.0.1', ...(cookie !== undefined && { cookie }), ...headers },
      ...(body !== undefined && { payload: body as object }),
    });
    const isJson = String(answer.headers['content-type']).includes('json') && answer.body !== '';
    return {
      status: answer.statusCode,
      text: answer.body,
      body: isJson ? answer.json() : undefined,
      headers: answer.headers,
    };
  }

  /** The cookie of a new session. */
  async signIn(name: string, password: string): Promise<string> {
    const answer = await this.ask('POST /api/session', { body: { name, password } });
    if (answer.status !== 200) throw new Error(`${name} was not signed in: ${answer.text}`);
    return String(answer.headers['set-cookie']).split(';')[0]!;
  }

  async close(): Promise<void> {
    await this.running.close();
    await Promise.all([this.database.drop(), this.roles.stop()]);
  }
}

async function startConsole(
  database: TestDatabase,
  roles: FakePeers,
  values: Partial<ConsoleSettings>,
): Promise<RunningRole> {
  const settings = settingsOf(ConsoleSettings, {
    port: 0,
    publicUrl: 'http://127.0.0.1',
    logLevel: 'silent',
    demoNetwork: true,
    databaseUrl: database.url,
    databaseSchema: 'console',
    databasePoolSize: 3,
    network: fakeNetwork(roles.url),
    ...values,
  });
  return startRole(consoleRole, settings);
}
