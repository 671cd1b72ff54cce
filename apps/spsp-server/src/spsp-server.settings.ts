import { HTTP_URL, WithCentralDirectory, WithDfspCallers } from '@level-one/peers';
import { DfspRoleSettings, Setting, WithCallers, WithDatabase, WithRolePassword, WithUnit } from '@level-one/platform';
import { IsIn, IsInt, IsUrl, Matches, Max, Min, MinLength } from 'class-validator';

/** What an SPSP server is told. */
export class SpspServerSettings extends WithDfspCallers(
  WithCentralDirectory(WithCallers(WithRolePassword(WithUnit(WithDatabase(DfspRoleSettings))))),
) {
  @Setting({ env: 'SPSP_BACKEND_URL', meaning: "base URL of the DFSP's own SPSP backend, with its /spsp/backend/v1" })
  @IsUrl(HTTP_URL)
  spspBackendUrl: string;

  @Setting({ env: 'LEDGER_ADAPTER_URL', meaning: "base URL of the DFSP's own ledger adapter, with its /ilp/ledger/v1" })
  @IsUrl(HTTP_URL)
  ledgerAdapterUrl: string;

  @Setting({
    env: 'LEDGER_NAME',
    meaning: 'account whose rights this role has on the ledger; it needs `reject` and `subscribe`',
  })
  @MinLength(1)
  ledgerName: string;

  @Setting({ env: 'LEDGER_PASSWORD', meaning: 'password of that account', secret: true })
  @MinLength(1)
  ledgerPassword: string;

  @Setting({ env: 'ILP_PREFIX', meaning: "ILP prefix of the DFSP's ledger, ending with a dot" })
  @Matches(/^([A-Za-z0-9~_-]+\.)+$/)
  ilpPrefix: string;

  @Setting({
    env: 'RECEIVER_SECRET',
    meaning:
      'secret that the conditions of incoming payments are derived from: 32 bytes or more, hexadecimal or base64url; ' +
      'payments that were set up under another one can not be fulfilled',
    secret: true,
  })
  @Matches(/^[A-Za-z0-9_-]{43,}$/, { message: 'must be 32 bytes or more, hexadecimal or base64url' })
  receiverSecret: string;

  @Setting({ env: 'SCHEME_ADAPTER_URL', meaning: "base URL of the DFSP's own scheme adapter, …/scheme/adapter/v1" })
  @IsUrl(HTTP_URL)
  schemeAdapterUrl: string;

  @Setting({ env: 'CONDITION_FORMAT', meaning: 'spelling of the conditions it issues: ni, or cc as before 2017' })
  @IsIn(['ni', 'cc'])
  conditionFormat: 'ni' | 'cc' = 'ni';

  @Setting({
    env: 'SETUP_LIFETIME_MAX_S',
    unit: 's',
    meaning: 'a setup never lasts longer, whatever the DFSP API says',
  })
  @IsInt()
  @Min(1)
  @Max(3_600)
  setupLifetimeMaxS: number = 60;
}
