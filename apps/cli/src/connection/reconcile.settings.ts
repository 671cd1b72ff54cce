import { HTTP_URL, Setting } from '@level-one/platform';
import { IsTimestamp } from '@level-one/peers';
import { IsOptional, IsUrl, Matches, MinLength, ValidateIf } from 'class-validator';
import { NetworkSettings } from '../../../network/src/network.settings.js';

const DEMO = 'the demo network is compared';

/** A setting of one DFSP, needed with `DFSP_API_URL`. */
const OfOneDfsp = (): PropertyDecorator => ValidateIf(({ dfspApiUrl }: ReconcileSettings) => dfspApiUrl !== undefined);

/** Settings of `npm run reconcile`. Without `DFSP_API_URL` it compares a demo network as a whole. */
export class ReconcileSettings extends NetworkSettings {
  @Setting({
    env: 'RECONCILE_FROM',
    meaning: 'only what was created at this time or later, as 2026-11-21T00:00:00Z',
    defaultText: 'everything',
  })
  @IsOptional()
  @IsTimestamp()
  reconcileFrom?: string;

  @Setting({ env: 'DFSP', meaning: 'short name of the one DFSP to compare', defaultText: DEMO })
  @OfOneDfsp()
  @MinLength(1)
  dfsp?: string;

  @Setting({ env: 'DFSP_API_URL', meaning: 'its DFSP API, base path included', defaultText: DEMO })
  @IsOptional()
  @IsUrl(HTTP_URL)
  dfspApiUrl?: string;

  @Setting({
    env: 'DFSP_API_ADMIN_CREDENTIALS',
    meaning: 'credentials of an administrator there, name:password',
    secret: true,
    defaultText: DEMO,
  })
  @OfOneDfsp()
  @Matches(/^[^:,]+:[^,]+$/, { message: 'must be name:password' })
  dfspApiAdminCredentials?: string;

  @Setting({ env: 'DFSP_LEDGER_URL', meaning: 'its ledger, base path included', defaultText: DEMO })
  @OfOneDfsp()
  @IsUrl(HTTP_URL)
  dfspLedgerUrl?: string;

  @Setting({ env: 'LEDGER_NAME', meaning: "its connector's account there", defaultText: DEMO })
  @OfOneDfsp()
  @MinLength(1)
  ledgerName?: string;

  @Setting({ env: 'LEDGER_PASSWORD', meaning: 'password of that account', secret: true, defaultText: DEMO })
  @OfOneDfsp()
  @MinLength(1)
  ledgerPassword?: string;

  @Setting({ env: 'CENTRAL_LEDGER_URL', meaning: 'the central ledger', defaultText: DEMO })
  @OfOneDfsp()
  @IsUrl(HTTP_URL)
  centralLedgerUrl?: string;

  @Setting({ env: 'CENTRAL_LEDGER_NAME', meaning: "the DFSP's account there", defaultText: DEMO })
  @OfOneDfsp()
  @MinLength(1)
  centralLedgerName?: string;

  @Setting({ env: 'CENTRAL_LEDGER_PASSWORD', meaning: 'password of that account', secret: true, defaultText: DEMO })
  @OfOneDfsp()
  @MinLength(1)
  centralLedgerPassword?: string;
}
