import { Controller, Get, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ContractError } from '@level-one/errors';
import { CallableBy } from '../roles/callers.js';

const CHECK_TIMEOUT_MS = 2_000;

const TEXT = { type: 'string' } as const;
const NOTES = {
  type: 'array',
  items: TEXT,
  description: 'What should be looked at although this role is ready',
} as const;
const DETAIL = { type: 'object', additionalProperties: { type: 'integer' } } as const;
const STATUS = {
  type: 'object',
  properties: { status: TEXT, notes: NOTES, detail: DETAIL },
  example: { status: 'OK' },
} as const;
const ERROR = {
  type: 'object',
  properties: { id: TEXT, message: TEXT },
  example: { id: 'ServiceUnavailableError', message: 'Not ready: database is read-only' },
} as const;

/** Why a check fails, in words that health shows after the name of the check. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';

  constructor(
    readonly why: string,
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** Checks that must pass before this instance is ready. */
export class Health {
  private readonly checks = new Map<string, () => Promise<void> | void>();
  private isLeaving = false;
  private readonly sources: (() => readonly string[])[] = [];
  private readonly details = new Map<string, () => Promise<number>>();

  /** @param check throws or rejects while the dependency is not usable. */
  registerCheck(name: string, check: () => Promise<void> | void): void {
    this.checks.set(name, check);
  }

  /** @param notes answers what should be looked at although this instance is ready. */
  registerNotes(notes: () => readonly string[]): void {
    this.sources.push(notes);
  }

  get notes(): string[] {
    return this.sources.flatMap((notes) => notes());
  }

  /** Says from now on that this instance is not ready, because it stops. */
  leave(): void {
    this.isLeaving = true;
  }

  /** @param read a number that is shown beside the status, unless it is 0, and does not change it. */
  registerDetail(name: string, read: () => Promise<number>): void {
    this.details.set(name, read);
  }

  /** The details that can be read now and are not 0; undefined if there are none. */
  async readDetails(): Promise<Record<string, number> | undefined> {
    const read: Record<string, number> = {};
    for (const [name, detail] of this.details) {
      const value = await Promise.race([detail(), timeout()]).catch(() => undefined);
      if (value !== undefined && value !== 0) read[name] = value;
    }
    return Object.keys(read).length === 0 ? undefined : read;
  }

  /** @throws ContractError 503 ServiceUnavailableError with the name of the failed check. */
  async assertReady(): Promise<void> {
    if (this.isLeaving) throw new ContractError(503, 'ServiceUnavailableError', 'Not ready: this role is stopping');
    for (const [name, check] of this.checks) {
      try {
        await Promise.race([Promise.resolve(check()), timeout()]);
      } catch (cause) {
        const why = cause instanceof NotReadyError ? ` ${cause.why}` : '';
        const { notes } = this;
        const extras = notes.length > 0 ? { notes } : {};
        throw new ContractError(503, 'ServiceUnavailableError', `Not ready: ${name}${why}`, extras, cause);
      }
    }
  }
}

async function timeout(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new NotReadyError('does not answer in time')), CHECK_TIMEOUT_MS).unref();
  });
}

/** `GET /health` under each of the role's base paths (contract 0.3). */
export function healthController(basePaths: readonly string[]): Type<unknown> {
  @ApiTags('Health')
  @Controller([...new Set([...basePaths, ''])])
  class HealthController {
    constructor(private readonly health: Health) {}

    @Get('health')
    @CallableBy('anyone')
    @ApiOperation({ summary: 'Is this role ready to work?' })
    @ApiResponse({ status: 200, schema: STATUS })
    @ApiResponse({
      status: 503,
      description: 'ServiceUnavailableError: something this role needs does not answer',
      schema: ERROR,
    })
    async checkHealth(): Promise<{ status: string; notes?: string[]; detail?: Record<string, number> }> {
      await this.health.assertReady();
      const { notes } = this.health;
      const detail = await this.health.readDetails();
      return { status: 'OK', ...(notes.length > 0 && { notes }), ...(detail && { detail }) };
    }
  }
  Reflect.defineMetadata('design:paramtypes', [Health], HealthController);
  return HealthController;
}
