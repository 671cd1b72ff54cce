import { ApiSchema } from '@nestjs/swagger';
import { ChargeKind } from '@level-one/transfer';

/** Money that moves together with a transfer, or not at all (ruling 10). */
@ApiSchema({ name: 'ChargeDto' })
export class LedgerChargeDto {
  /** Who pays: URI of an account, or its bare name. @example "alice" */
  from: string;

  /** Who receives: URI of an account, or its bare name. @example "fees" */
  to: string;

  /** @example "0.25" */
  amount: string;

  /** @example "fee" */
  kind: ChargeKind;
}
