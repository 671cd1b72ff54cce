import { DfspRoleSettings, Setting } from '@level-one/platform';
import { IsUrl } from 'class-validator';

/** What a ledger adapter is told. */
export class LedgerAdapterSettings extends DfspRoleSettings {
  @Setting({
    env: 'DFSP_LEDGER_URL',
    meaning: "base URL of the DFSP's own ledger, …/ledger, as that ledger writes it in its URIs",
  })
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  ledgerUrl: string;
}
