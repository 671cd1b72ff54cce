import { Injectable } from '@nestjs/common';
import type { ReceiverDto } from '@level-one/peers';

/** How suspicious somebody is. */
export interface FraudScore {
  /** 0 is not at all. */
  score: number;
  /** ISO-8601. */
  createdDate?: string;
  id?: string;
}

/** Where scores come from: provide another class under this token to plug in the DFSP's own (ruling 17). */
export abstract class FraudScorer {
  /** `identifier` as the directory knows it, for example `eur:78956562`. */
  abstract score(identifier: string, receiver: ReceiverDto): Promise<FraudScore>;
}

/** Default when no scorer is plugged in: score 0. */
@Injectable()
export class NoFraudKnown extends FraudScorer {
  override async score(): Promise<FraudScore> {
    return { score: 0 };
  }
}
