import { PeerUrl } from '@level-one/peers';
import { DfspRoleSettings } from '@level-one/platform';

/** Settings of a ledger adapter. */
export class LedgerAdapterSettings extends DfspRoleSettings {
  @PeerUrl('DFSP_LEDGER_URL')
  ledgerUrl: string;
}
