import type { DeliverySettings } from '@level-one/work';
import { IsInt, Max, Min } from 'class-validator';
import type { RoleSettings } from './role-settings.js';
import { Setting } from './settings.js';

const DAY_S = 24 * 60 * 60;

/** Mixin for settings of a role that tells others what they have to know, until they know it. */
export function WithDeliveries<B extends new (...args: any[]) => RoleSettings>(base: B) {
  class DeliveringSettings extends base implements DeliverySettings {
    @Setting({
      env: 'DELIVERY_PAUSE_MS',
      unit: 'ms',
      meaning: 'pause after the first attempt to deliver something that failed; each further pause is twice as long',
    })
    @IsInt()
    @Min(1)
    @Max(DAY_S * 1_000)
    deliveryPauseMs: number = 1_000;

    @Setting({ env: 'DELIVERY_PAUSE_MAX_S', unit: 's', meaning: 'longest pause between two attempts' })
    @IsInt()
    @Min(1)
    @Max(DAY_S)
    deliveryPauseMaxS: number = 60;

    @Setting({
      env: 'DELIVERY_DEADLINE_S',
      unit: 's',
      meaning: 'how long something is tried before it is undeliverable, and shown under `/v1/undelivered`',
    })
    @IsInt()
    @Min(1)
    @Max(365 * DAY_S)
    deliveryDeadlineS: number = 3 * DAY_S;
  }
  return DeliveringSettings;
}
