import { ApiSchema } from '@nestjs/swagger';
import { ChargeKind } from '@level-one/transfer';

/** A charge, which moves together with its transfer or not at all (ruling 10). */
@ApiSchema({ name: 'ChargeDto' })
export class LedgerChargeDto {
  /** Payer: URI of an account, or its bare name. @example "alice" */
  from: string;

  /** Payee: URI of an account, or its bare name. @example "fees" */
  to: string;

  /** @example "0.25" */
  amount: string;

  /** @example "fee" */
  kind: ChargeKind;
}
