import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, type OnModuleDestroy, Post } from '@nestjs/common';
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Admits } from '../roles/admission.js';
import { credentialsAuthenticator } from '../auth/authentication.js';
import { CallableBy } from '../roles/callers.js';
import { RoleSettings } from '../settings/role-settings.js';
import { settingsOf } from '../settings/settings.js';
import { type RunningRole, startRole } from '../start-role.js';

const CHANNEL = `Basic ${Buffer.from('shop:a-channel').toString('base64')}`;

/** Work that ends when the test says so, and what happened in which order. */
@Injectable()
class Work implements OnModuleDestroy {
  static order: string[] = [];
  static finish: Record<string, () => void> = {};

  async until(name: string): Promise<{ done: string }> {
    await new Promise<void>((resolve) => {
      Work.finish[name] = resolve;
    });
    Work.order.push(name);
    return { done: name };
  }

  onModuleDestroy(): void {
    Work.order.push('ended');
  }
}

@Controller()
class WorkController {
  constructor(private readonly work: Work) {}

  @Post('payments')
  @CallableBy('channel')
  @Admits('channel')
  begin(): Promise<{ done: string }> {
    return this.work.until('payment');
  }

  @Get('work')
  @CallableBy('anyone')
  read(): Promise<{ done: string }> {
    return this.work.until('work');
  }

  @Get('quick')
  @CallableBy('anyone')
  quick(): { done: string } {
    return { done: 'quick' };
  }
}
Reflect.defineMetadata('design:paramtypes', [Work], WorkController);

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: any;
}

describe('a role that stops', () => {
  let role: RunningRole;
  let agent: Agent;
  let port: number;

  async function start(times: { stopDelayMs: number; stopWithinS: number }): Promise<void> {
    Work.order = [];
    Work.finish = {};
    class TestModule {}
    role = await startRole(
      {
        role: 'dfsp-api',
        description: 'Test',
        settings: RoleSettings,
        basePaths: [''],
        module: () => ({
          module: TestModule,
          controllers: [WorkController],
          providers: [Work, credentialsAuthenticator({ channel: 'shop:a-channel' })],
        }),
      },
      settingsOf(RoleSettings, { port: 0, logLevel: 'silent', ...times }),
    );
    ({ port } = role.app.getHttpServer().address() as AddressInfo);
  }

  beforeEach(() => {
    agent = new Agent({ keepAlive: true, maxSockets: 8 });
  });

  afterEach(async () => {
    agent.destroy();
    await role.close();
  });

  function ask(method: string, path: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ method, path, port, agent, headers: { authorization: CHANNEL } }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }),
        );
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  async function started(name: string): Promise<void> {
    while (!Work.finish[name]) await sleep(5);
  }

  it('is not ready first, and still works until proxies have seen it', async () => {
    await start({ stopDelayMs: 200, stopWithinS: 5 });
    expect(await ask('GET', '/health')).toMatchObject({ status: 200 });
    const leaving = role.leave();
    expect(await ask('GET', '/health')).toMatchObject({
      status: 503,
      body: { id: 'ServiceUnavailableError', message: 'Not ready: this role is stopping' },
    });
    expect(await ask('GET', '/quick')).toMatchObject({ status: 200, headers: { connection: 'close' } });
    await leaving;
  });

  it('refuses what begins something while what began, and what that needs, goes on', async () => {
    await start({ stopDelayMs: 0, stopWithinS: 30 });
    const payment = ask('POST', '/payments');
    await started('payment');
    const ending = role.endBeginnings();
    expect(await ask('POST', '/payments')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', connection: 'close', 'l1p-stopping': 'true' },
      body: { id: 'ServiceUnavailableError', message: 'This role is stopping; nothing was done for this request' },
    });
    expect(await ask('GET', '/quick')).toMatchObject({ status: 200 });
    Work.finish['payment']!();
    expect(await payment).toMatchObject({ status: 201, headers: { connection: 'close' }, body: { done: 'payment' } });
    await ending;
  });

  it('answers what is under way, refuses what comes on a kept connection, and ends after that', async () => {
    await start({ stopDelayMs: 0, stopWithinS: 30 });
    // A kept connection that is idle when the stop begins.
    expect(await ask('GET', '/quick')).toMatchObject({ status: 200 });
    const work = ask('GET', '/work');
    await started('work');
    const closed = role.close();
    await sleep(20);
    expect(await ask('GET', '/quick')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1', connection: 'close' },
      body: { id: 'ServiceUnavailableError' },
    });
    expect(Work.order).toEqual([]);
    Work.finish['work']!();
    expect(await work).toMatchObject({ status: 200, headers: { connection: 'close' }, body: { done: 'work' } });
    await closed;
    expect(Work.order).toEqual(['work', 'ended']);
    await expect(ask('GET', '/quick')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not wait longer than STOP_WITHIN_S', async () => {
    await start({ stopDelayMs: 0, stopWithinS: 0 });
    const work = ask('GET', '/work').catch((error: { code?: string }) => error.code);
    await started('work');
    await role.close();
    expect(await work).toBe('ECONNRESET');
    Work.finish['work']!();
  });
});
