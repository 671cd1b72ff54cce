import { Injectable } from '@nestjs/common';
import type { ReceiverDto } from '@level-one/peers';

/** Fraud score of a client. */
export interface FraudScore {
  /** 0: no suspicion; above `FRAUD_SCORE_THRESHOLD` the client is refused. */
  score: number;
  /** ISO-8601. */
  createdDate?: string;
  id?: string;
}

/** Gives fraud scores. Provide another class under this token to plug in the DFSP's own (ruling 17). */
export abstract class FraudScorer {
  /** `identifier` in the form of the directory, for example `eur:78956562`. */
  abstract score(identifier: string, receiver: ReceiverDto): Promise<FraudScore>;
}

/** Default when no scorer is plugged in: score 0. */
@Injectable()
export class NoFraudKnown extends FraudScorer {
  override async score(): Promise<FraudScore> {
    return { score: 0 };
  }
}
