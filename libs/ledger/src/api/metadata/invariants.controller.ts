import { Controller, Get } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { INVARIANTS } from '../../audit/invariants.js';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { assertAdmin, Caller } from '../../access/caller.js';

/** One invariant and the rows of the ledger that break it. */
export class InvariantDto {
  /** @example "every transfer sums to zero" */
  invariant: string;

  /** At most 100; empty if the invariant holds. @example [] */
  violations: Record<string, unknown>[];
}

/** Whether all invariants hold. */
export class InvariantsDto {
  /** @example true */
  hold: boolean;
  invariants: InvariantDto[];
}

/** Checks of the invariants of a ledger. */
@CallableBy('admin')
@Controller('invariants')
@ApiTags('Ledger')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class InvariantsController {
  constructor(private readonly ledger: Ledger) {}

  /**
   * Checks all invariants in one snapshot of the ledger, for administrators. Reads the whole ledger; other requests go
   * on.
   */
  @Get()
  async checkInvariants(@Caller() caller: Principal): Promise<InvariantsDto> {
    assertAdmin(caller);
    const violations = await this.ledger.findViolations();
    return {
      hold: violations.length === 0,
      invariants: Object.keys(INVARIANTS).map((invariant) => ({
        invariant,
        violations: violations.filter((one) => one.invariant === invariant).map(({ row }) => row),
      })),
    };
  }
}
